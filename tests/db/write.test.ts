import { expect, test } from 'bun:test';
import { openDatabase } from '../../src/db/open.ts';
import { openDoor } from '../../src/db/write.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { silentLog } from '../../src/lib/log.ts';

function makeDoor() {
  const db = openDatabase(':memory:');
  db.run('CREATE TABLE facts (name TEXT PRIMARY KEY) STRICT');
  const door = openDoor(db, () => 1000, silentLog);
  const names = () =>
    db
      .query<{ name: string }, []>('SELECT name FROM facts ORDER BY name')
      .all()
      .map((row) => row.name);
  const add = (name: string) => door.write((tx) => void tx.db.query('INSERT INTO facts (name) VALUES ($name)').run({ name }));
  return { db, door, names, add };
}

test('verbs of the same moment share one commit', async () => {
  const { door, names, add } = makeDoor();
  await Promise.all(['a', 'b', 'c'].map(add));
  expect(names()).toEqual(['a', 'b', 'c']);
  expect(door.counts).toEqual({ commits: 1, verbs: 3, failedCommits: 0 });
});

test('a refusal undoes its own verb and no other', async () => {
  const { door, names, add } = makeDoor();
  const refused = door.write((tx) => {
    tx.db.run("INSERT INTO facts (name) VALUES ('refused')");
    throw new Refusal('out_of_stock', 'no');
  });
  const results = await Promise.allSettled([add('a'), refused, add('b'), add('a')]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  expect(names()).toEqual(['a', 'b']);
});

test('effects run after the commit, in order, and never for a verb that was undone', async () => {
  const { db, door } = makeDoor();
  const seen: string[] = [];
  door.onCommit(() => seen.push(`commit, in transaction: ${db.inTransaction}`));
  const first = door.write((tx) => {
    tx.afterCommit(() => seen.push('first'));
    return 1;
  });
  const undone = door.write((tx) => {
    tx.afterCommit(() => seen.push('undone'));
    throw new Refusal('not_found', 'no');
  });
  const second = door.write((tx) => tx.afterCommit(() => seen.push('second')));
  await first.then((value) => seen.push(`resolved ${value}`));
  await Promise.allSettled([undone, second]);
  expect(seen).toEqual(['first', 'second', 'commit, in transaction: false', 'resolved 1']);
});

test('an effect that throws stops neither the others nor the callers', async () => {
  const { door } = makeDoor();
  const seen: string[] = [];
  await door.write((tx) => {
    tx.afterCommit(() => {
      throw new Error('socket gone');
    });
    tx.afterCommit(() => seen.push('still here'));
  });
  expect(seen).toEqual(['still here']);
});

test('a verb that returns a promise is refused as a bug and undone', async () => {
  const { door, names } = makeDoor();
  const promise = door.write(async (tx) => {
    tx.db.run("INSERT INTO facts (name) VALUES ('half')");
  });
  expect(promise).rejects.toThrow('must be synchronous');
  await promise.catch(() => {});
  expect(names()).toEqual([]);
});

test('when the commit fails, every verb in it is told and nothing of it is kept', async () => {
  const { db, door, names } = makeDoor();
  db.run('PRAGMA foreign_keys = ON');
  db.run('CREATE TABLE children (name TEXT REFERENCES facts (name) DEFERRABLE INITIALLY DEFERRED) STRICT');
  const effects: string[] = [];
  const orphan = door.write((tx) => {
    tx.afterCommit(() => effects.push('orphan'));
    tx.db.run("INSERT INTO children (name) VALUES ('nobody')");
  });
  const results = await Promise.allSettled([door.write((tx) => tx.db.run("INSERT INTO facts (name) VALUES ('x')")), orphan]);
  for (const result of results)
    expect(result.status === 'rejected' && result.reason instanceof Refusal && result.reason.type).toBe('unavailable');
  expect(names()).toEqual([]);
  expect(effects).toEqual([]);
  expect(door.counts.failedCommits).toBe(1);
  await door.write((tx) => tx.db.run("INSERT INTO facts (name) VALUES ('later')"));
  expect(names()).toEqual(['later']);
});

test('a storm is cut into commits of bounded size, all of it written', async () => {
  const { door, names, add } = makeDoor();
  await Promise.all(Array.from({ length: 1000 }, (_, n) => add(String(n))));
  expect(names()).toHaveLength(1000);
  expect(door.counts.commits).toBe(8);
  await door.idle();
});

test('a statement is compiled once, however many others there are', () => {
  const { db } = makeDoor();
  const statements = Array.from({ length: 300 }, (_, n) => db.query(`SELECT ${n} AS n`));
  expect(statements.every((statement, n) => db.query(`SELECT ${n} AS n`) === statement)).toBe(true);
});
