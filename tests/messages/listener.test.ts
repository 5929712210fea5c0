import { afterEach, expect, test } from 'bun:test';
import { openDoor } from '../../src/db/write.ts';
import { encodeDeliver } from '../../src/gsm/encode.ts';
import { silentLog } from '../../src/lib/log.ts';
import { startTimers } from '../../src/lib/timers.ts';
import { openInbox } from '../../src/messages/listener.ts';
import { listSetAside } from '../../src/messages/messages.ts';
import { makeHouse } from '../support/house.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function open() {
  const house = makeHouse();
  const iccid = house.sim(1);
  const door = openDoor(house.db, house.clock.nowMs, silentLog);
  const timers = startTimers(house.clock, silentLog);
  cleanups.push(timers.stop);
  const inbox = openInbox({ db: house.db, door, timers, log: silentLog, terms: house.terms, sims: [], onReady: () => {} });
  const read = (text: string, index: number) => {
    const [part] = encodeDeliver({ sender: 'Telegram', text, atMs: house.clock.nowMs() });
    return {
      ...{ iccid, imei: '001010000000019', slot: 's', storage: 'SM', index, stat: 0, how: 'urc' as const },
      ...{ pdu: part?.pdu ?? '', length: part?.length ?? null, arrivedAtMs: house.clock.nowMs(), arrivedMonotonicMs: 0 },
    };
  };
  const count = (table: string) => house.db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${table}`).get()?.n;
  return { house, inbox, read, count };
}

test('a fault of ours in one message keeps that one raw and lets the others through, so that no SIM fills up', async () => {
  const { house, inbox, read, count } = open();
  // Stands for any bug on the way of one particular message.
  house.db.run("CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.text LIKE '%poison%' BEGIN SELECT raise(ABORT, 'bug'); END");
  await inbox.listener.store([read('Telegram code: 11111', 1), read('poison', 2), read('Telegram code: 22222', 3)]);
  expect(count('parts')).toBe(3);
  expect(count('messages')).toBe(2);
  expect(listSetAside(house.db, 10).map((part) => part.reason)).toEqual([expect.stringContaining('It could not be processed')]);
  expect(inbox.counts).toMatchObject({ stored: 3, setAside: 1, failed: 3 });
});

test('when the disk refuses, the modem is told so and keeps everything', async () => {
  const { house, inbox, read, count } = open();
  house.db.run('CREATE TABLE full (x REFERENCES sims (iccid) DEFERRABLE INITIALLY DEFERRED)');
  house.db.run("CREATE TRIGGER full AFTER INSERT ON parts BEGIN INSERT INTO full VALUES ('nobody'); END");
  await expect(inbox.listener.store([read('Telegram code: 11111', 1)])).rejects.toThrow('unavailable');
  expect(count('parts')).toBe(0);
  house.db.run('DROP TRIGGER full');
  await inbox.listener.store([read('Telegram code: 11111', 1)]);
  expect(count('parts')).toBe(1);
});
