import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/db/open.ts';
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';

function twoPrograms() {
  const dir = mkdtempSync(join(tmpdir(), 'smspin-locked-'));
  const path = join(dir, 'a.db');
  const db = openDatabase(path);
  db.run('CREATE TABLE facts (name TEXT PRIMARY KEY) STRICT');
  const other = openDatabase(path);
  const door = openDoor(db, () => 1, silentLog);
  const add = (name: string) => door.write((tx) => void tx.db.query('INSERT INTO facts (name) VALUES ($name)').run({ name }));
  const names = () =>
    db
      .query<{ name: string }, []>('SELECT name FROM facts ORDER BY rowid')
      .all()
      .map(({ name }) => name);
  return { door, other, add, names, end: () => rmSync(dir, { recursive: true }) };
}

test('while another program writes, verbs wait and nothing else does, and they keep their order', async () => {
  const { other, add, names, end } = twoPrograms();
  other.run('BEGIN IMMEDIATE');
  const adding = [add('a'), add('b')];
  await Bun.sleep(50);
  adding.push(add('c'));
  let longestMs = 0;
  for (let last = performance.now(), until = last + 300; last < until; ) {
    await Bun.sleep(1);
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }
  // The loop of events went on: SQLite's own waiting would have held it for seconds.
  expect(longestMs).toBeLessThan(200);
  expect(names()).toEqual([]);
  other.run('COMMIT');
  await Promise.all(adding);
  expect(names()).toEqual(['a', 'b', 'c']);
  end();
});

test('after three seconds they are refused with when to try again, and the door heals by itself', async () => {
  const { door, other, add, names, end } = twoPrograms();
  const said: unknown[] = [];
  door.onHealth((why) => said.push(why));
  other.run('BEGIN IMMEDIATE');
  const startedMs = performance.now();
  const [refused] = await Promise.allSettled([add('a')]);
  expect(performance.now() - startedMs).toBeWithin(2900, 4500);
  expect(refused).toMatchObject({ status: 'rejected', reason: { type: 'unavailable', extra: { retry_after: 5 } } });
  other.run('ROLLBACK');
  await add('b');
  expect(names()).toEqual(['b']);
  expect(said).toEqual(['locked', null]);
  await door.idle();
  end();
});
