import { expect, test } from 'bun:test';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addUser } from '../../src/accounts/users.ts';
import { codesCommand } from '../../src/cli/codes.ts';
import { BUILT_IN, NO_CHANGES, type RuleBook, type RuleChanges } from '../../src/codes/book.ts';
import { loadConfig } from '../../src/config.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { writeNow } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { discardDraft, draftOf, publishDraft, rebaseDraft, saveDraft } from '../../src/rules/drafts.ts';
import { judgePast, pastMessages, pastWindows } from '../../src/rules/history.ts';
import { draftBook } from '../../src/rules/present.ts';
import { openRules, rulesOfFile } from '../../src/rules/published.ts';
import { Reruns } from '../../src/rules/rerun.ts';
import { findVersion, latestVersion, publish, restore } from '../../src/rules/versions.ts';
import { makeHouse, seededRandom } from '../support/house.ts';

const ACME = '{"services":{"acme-taxi":{"name":"Acme Taxi","templates":["Fahrt frei mit {code}, gute Reise"]}}}';

function withOperators() {
  const house = makeHouse();
  const random = seededRandom(5);
  const operator = (email: string) =>
    house.write((tx) =>
      addUser(tx, random, { email, passwordHash: null, role: 'operator', state: 'active', purpose: null, acceptedTerms: true }),
    ).id;
  return { ...house, one: operator('one@example.org'), two: operator('two@example.org') };
}

test('versions are numbered, hashed, kept, and never changed', () => {
  const { db, write, one } = withOperators();
  expect(latestVersion(db)).toBeNull();
  const first = write((tx) => publish(tx, { operatorId: one, base: 0, note: ' one ' }, ACME));
  expect(first).toMatchObject({ number: 1, note: 'one', email: 'one@example.org', hash: expect.stringMatching(/^[0-9a-f]{8}$/) });
  expect(() => write(({ db }) => db.run("UPDATE rule_versions SET note = 'x'"))).toThrow('append only');
  expect(() => write(({ db }) => db.run('DELETE FROM rule_versions'))).toThrow('append only');
  expect(findVersion(db, 2)).toBeNull();
});

test('undo publishes the former version anew, and history stays', () => {
  const { db, write, one } = withOperators();
  write((tx) => publish(tx, { operatorId: one, base: 0, note: 'a' }, ACME));
  write((tx) => publish(tx, { operatorId: one, base: 1, note: 'b' }, '{"services":{}}'));
  const third = write((tx) => restore(tx, { operatorId: one, base: 2, note: 'back' }, 1));
  expect(third).toMatchObject({ number: 3, changes: ACME, restores: 1, hash: findVersion(db, 1)?.hash ?? '' });
  expect(() => write((tx) => restore(tx, { operatorId: one, base: 3, note: 'again' }, 1))).toThrow(
    expect.objectContaining({ type: 'rules_fail' }),
  );
  expect(db.query('SELECT count(*) AS n FROM rule_versions').get()).toEqual({ n: 3 });
});

test('two operators publish from the same version: the second is told, nothing of his is lost, and he may go on', () => {
  const { db, write, one, two } = withOperators();
  write((tx) => saveDraft(tx, one, 'telegram', { blockedSenders: ['A1'] }));
  write((tx) => saveDraft(tx, two, 'telegram', { blockedSenders: ['B2'] }));
  write((tx) => saveDraft(tx, two, 'uber', { blockedSenders: ['B2'] }));
  const publishing = (operatorId: string) =>
    write((tx) => publishDraft(tx, { operatorId, note: 'mine', tried: draftOf(db, operatorId).json }));
  publishing(one);
  expect(() => publishing(two)).toThrow(
    expect.objectContaining({ type: 'rules_changed', detail: expect.stringContaining('one@example.org') }),
  );
  expect(draftOf(db, two)).toMatchObject({ isBehind: true, changed: ['telegram', 'uber'] });
  expect(write((tx) => rebaseDraft(tx, two))).toEqual(['telegram']);
  publishing(two);
  expect(JSON.parse(latestVersion(db)?.changes ?? '')).toEqual({
    services: { telegram: { blockedSenders: ['B2'] }, uber: { blockedSenders: ['B2'] } },
  });
});

test('a draft is published only as it was tried, with a note, and if it says something', () => {
  const { db, write, one } = withOperators();
  const publishing = (tried: string, note = 'n') => write((tx) => publishDraft(tx, { operatorId: one, note, tried }));
  expect(() => publishing(draftOf(db, one).json)).toThrow('nothing to publish');
  write((tx) => saveDraft(tx, one, 'telegram', { blockedSenders: ['A1'] }));
  const tried = draftOf(db, one).json;
  expect(() => publishing(tried, ' ')).toThrow(expect.objectContaining({ type: 'validation' }));
  write((tx) => saveDraft(tx, one, 'telegram', { blockedSenders: ['A2'] }));
  expect(() => publishing(tried)).toThrow('changed meanwhile');
  write((tx) => discardDraft(tx, one));
  expect(draftOf(db, one)).toMatchObject({ begun: false, changes: NO_CHANGES });
});

test('what another process publishes is in force after a refresh, and commands read it from the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smspin-rules-'));
  const file = join(folder, 'smspin.db');
  expect(rulesOfFile(file)).toBe(BUILT_IN);
  const db = openDatabase(file);
  db.run('CREATE TABLE other (x)');
  expect(rulesOfFile(file)).toBe(BUILT_IN);
  db.run('DROP TABLE other');
  migrate(db);
  const rules = openRules(db);
  const beside = openDatabase(file);
  const one = writeNow(beside, 1, (tx) =>
    addUser(tx, seededRandom(1), {
      email: 'o@example.org',
      passwordHash: null,
      role: 'operator',
      state: 'active',
      purpose: null,
      acceptedTerms: true,
    }),
  ).id;
  const version = writeNow(beside, 2, (tx) => publish(tx, { operatorId: one, base: 0, note: 'n' }, ACME));
  expect(rules.current()).toBe(BUILT_IN);
  rules.refresh();
  expect(rules.current().version).toBe(`${BUILT_IN.version}+1-${version.hash}`);
  const before = rules.current();
  rules.refresh();
  expect(rules.current()).toBe(before);

  const explain = async (dir: string) => {
    const [out, err]: [string[], string[]] = [[], []];
    const stdin = (async function* () {
      yield new TextEncoder().encode('Fahrt frei mit 7731, gute Reise');
    })();
    const config = loadConfig(null, { SMSPIN_DATA_DIR: dir }, '/nonexistent');
    await codesCommand(['explain', '--json', '--service', 'acme-taxi'], config, {
      stdin,
      out: (line) => out.push(line),
      err: (line) => err.push(line),
    });
    return { judgement: JSON.parse(out.join('')), err };
  };
  const published = await explain(folder);
  expect(published.judgement).toMatchObject({ verdict: 'accept', code: '7731', version: before.version });
  expect(published.err.join()).toContain('as published in');
  expect(published.judgement.denied).toContain('payment');
  writeNow(beside, 3, (tx) =>
    tx.db.run(`INSERT INTO setting_changes (key, value, user_id, at_ms) VALUES ('access.allow', '["payment"]', '${one}', 3)`),
  );
  expect((await explain(folder)).judgement.denied).not.toContain('payment');
  const none = await explain(join(folder, 'nothing'));
  expect(none.judgement).toMatchObject({ verdict: 'reject', version: BUILT_IN.version });
  expect(none.err).toEqual([]);
});

test('a version that cannot be read leaves the rules before in force and says so', () => {
  const { db, write, one, rules } = withOperators();
  write((tx) => publish(tx, { operatorId: one, base: 0, note: 'a' }, ACME));
  rules.refresh();
  const before = rules.current();
  write((tx) => publish(tx, { operatorId: one, base: 1, note: 'b' }, '{"services":{"x":{"name":"X","templates":["no code"]}}}'));
  rules.refresh();
  expect(rules.current()).toBe(before);
  expect(rules.problem()).toContain('Version 2 cannot be read');
  write((tx) => restore(tx, { operatorId: one, base: 2, note: 'c' }, 1));
  rules.refresh();
  expect(rules.problem()).toBeNull();
  expect(openRules(db).current().version).toBe(rules.current().version);
});

function withMessages(count: number) {
  const house = withOperators();
  const iccid = house.sim(1);
  for (let i = 0; i < count; i++) {
    house.clock.pass(1000);
    house.receive({ iccid, sender: '7123', text: `Fahrt frei mit ${1000 + i}, gute Reise` });
  }
  const after: RuleBook = draftBook(JSON.parse(ACME));
  const rests: (() => void)[] = [];
  let ms = 0;
  // Every look at the clock is a slice's worth later, so that it rests after each message.
  const clock = { nowMs: house.clock.nowMs, monotonicMs: () => (ms += 10) };
  const reruns = new Reruns({
    db: house.db,
    clock,
    log: silentLog,
    terms: { ...house.terms, deny: [] },
    rest: () => new Promise((resolve) => rests.push(resolve)),
  });
  return { ...house, reruns, after, rests };
}

test('a run over history rests between slices, tells how far it is, and can be canceled', async () => {
  const { reruns, one, after, rests } = withMessages(5);
  const run = reruns.start(one, { json: ACME, before: BUILT_IN, after, days: null });
  expect(reruns.of(one)).toMatchObject({ state: 'running', total: 5, done: 1, counts: { changed: 1 } });
  rests.shift()?.();
  await Bun.sleep(0);
  expect(reruns.of(one)).toMatchObject({ state: 'running', done: 2 });
  reruns.cancel(one);
  rests.shift()?.();
  await run;
  expect(reruns.of(one)).toMatchObject({ state: 'canceled', done: 2 });
});

test('a run looks back as far as asked, counts what changes, and a second one takes its place', async () => {
  const { reruns, one, after, clock, db, rests } = withMessages(3);
  clock.pass(2 * 86_400_000);
  const go = async (run: Promise<void>) => {
    let ended = false;
    void run.then(() => (ended = true));
    while (!ended) {
      rests.shift()?.();
      await Bun.sleep(0);
    }
  };
  await go(reruns.start(one, { json: ACME, before: BUILT_IN, after, days: 1 }));
  expect(reruns.of(one)).toMatchObject({ state: 'done', total: 0, done: 0 });
  const stale = reruns.start(one, { json: ACME, before: BUILT_IN, after, days: null });
  const first = reruns.of(one);
  await go(reruns.start(one, { json: ACME, before: BUILT_IN, after, days: 3 }));
  rests.shift()?.();
  await stale;
  expect(first?.state).toBe('canceled');
  expect(reruns.of(one)).toMatchObject({ state: 'done', done: 3, counts: { changed: 3, service: 0, gained: 3, lost: 0 } });
  expect(reruns.of(one)?.changes[0]).toMatchObject({
    before: { verdict: 'reject' },
    after: { verdict: 'accept', code: '1000', service: 'acme-taxi' },
  });
  expect(db.query("SELECT count(*) AS n FROM messages WHERE verdict = 'accept'").get()).toEqual({ n: 0 });
});

test('a run judges a message among all orders that its SIM had when it came, not for the first of them alone', async () => {
  const house = withOperators();
  const iccid = house.sim(1);
  for (const service of ['acme-taxi', 'telegram']) {
    house.offer(service, 40);
    const userId = house.customer(`${service}@example.org`);
    house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service, maxPriceMinor: null }));
    house.clock.pass(1000);
  }
  house.receive({ iccid, sender: '7123', text: 'Telegram code: 48213' });
  house.clock.pass(1000);
  house.receive({ iccid, sender: '7124', text: 'Your code is 482913' });
  house.clock.pass(1000);
  const given = house.db.query('SELECT o.service FROM messages m JOIN orders o ON o.id = m.order_id').all();
  expect(given).toEqual([{ service: 'telegram' }]);
  const changes: RuleChanges = { services: { telegram: { blockedSenders: ['7123'] } } };
  const reruns = new Reruns({ ...house, log: silentLog, terms: { ...house.terms, deny: [] } });
  await reruns.start(house.one, { json: '', before: BUILT_IN, after: draftBook(changes), days: null });
  expect(reruns.of(house.one)).toMatchObject({ state: 'done', done: 2, counts: { changed: 1, lost: 1, gained: 0 } });
  expect(reruns.of(house.one)?.changes[0]).toMatchObject({
    ordered: ['acme-taxi', 'telegram'],
    before: { verdict: 'accept', code: '48213', service: 'telegram' },
    after: { code: null },
  });
  // As if the second order had never been: the text that names nobody is the first one's.
  await reruns.start(house.one, { json: '', before: BUILT_IN, after: BUILT_IN, days: null });
  expect(reruns.of(house.one)?.counts.changed).toBe(0);
  const [, bare] = pastMessages(house.db, { arrivedAtMs: 0, id: '' }, 10);
  const windows = bare ? pastWindows(house.db, house.terms, bare) : [];
  const judged = (some: typeof windows) => bare && judgePast(bare, some, BUILT_IN, { ...house.terms, deny: [] });
  expect(judged(windows)).toMatchObject({ verdict: 'review', orderId: null });
  expect(judged(windows.slice(0, 1))).toMatchObject({ verdict: 'accept', orderId: windows[0]?.id ?? '' });
});
