/** Faults that need no rights on the machine: those of a server in this process. */
import { openDatabase } from '../../src/db/open.ts';
import { until } from '../support/client.ts';
import type { Fault } from './story.ts';
import type { openInnerWorld, World } from './world.ts';

type Inner = Awaited<ReturnType<typeof openInnerWorld>>;

const WRITTEN = [
  ['orders', 'INSERT ON orders'],
  ['parts', 'INSERT ON parts'],
  ['settings', 'UPDATE ON settings'],
] as const;

/** SQLite says that the disk is full when a file would grow beyond its limit of pages. */
export function fullByLimit({ db }: Inner, forMs: number): Fault {
  return {
    ...{ name: 'disk full (limit of pages)', forMs, operatorSees: /is full: nothing can be stored/, waiting: 1 },
    on: () => {
      db.run('CREATE TABLE ballast (octets BLOB)');
      // The connection's own triggers: what is written needs more than is left, as it does sooner or later on a full disk.
      for (const [name, what] of WRITTEN)
        db.run(`CREATE TEMP TRIGGER full_${name} AFTER ${what} BEGIN INSERT INTO main.ballast VALUES (zeroblob(1000000)); END`);
      db.run('PRAGMA max_page_count = 1');
    },
    off: () => {
      db.run('PRAGMA max_page_count = 1000000');
      for (const [name] of WRITTEN) db.run(`DROP TRIGGER full_${name}`);
      db.run('DROP TABLE ballast');
    },
  };
}

export function readOnlyByPragma({ db }: Inner, forMs: number): Fault {
  return {
    ...{ name: 'read-only (query_only)', forMs, operatorSees: /takes no writes/, waiting: 1 },
    on: () => db.run('PRAGMA query_only = ON'),
    off: () => db.run('PRAGMA query_only = OFF'),
  };
}

/** Another program in a write transaction. Beyond three seconds what waits is refused. */
export function lockedByOther({ databasePath }: World, forMs: number): Fault {
  const isLong = forMs > 4000;
  const other = openDatabase(databasePath);
  return {
    name: `database locked by another program for ${forMs / 1000} s`,
    forMs,
    operatorSees: isLong ? /Another program holds the database/ : null,
    waiting: 1,
    on: () => other.run('BEGIN IMMEDIATE'),
    off: () => {
      other.run('ROLLBACK');
      other.close();
    },
  };
}

/** Every modem is pulled out. The network keeps what comes meanwhile. */
export function devicesGone({ bank, anna }: World, forMs: number): Fault {
  const isForSale = async (): Promise<boolean> => {
    const { body } = await anna.call<{ data: { stock: number }[] }>('GET', '/offers?service=telegram');
    return body.data.some(({ stock }) => stock > 0);
  };
  const all = (act: 'plug' | 'unplug') => Promise.all(bank.ports.map((port) => bank[act](port)));
  return {
    ...{ name: '/dev emptied: every modem vanishes', forMs, operatorSees: null, waiting: null },
    on: async () => {
      await all('unplug');
      // Seen at the hang-up, before anybody asks.
      await until(async () => !(await isForSale()), 'nothing is for sale');
    },
    off: () => all('plug'),
  };
}
