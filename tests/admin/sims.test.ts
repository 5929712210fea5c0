/** The inventory of cards, what the operator keeps of one, what it earned, and changes of many: planned, made, taken back. */
import { describe, expect, test } from 'bun:test';
import { MIGRATIONS } from '../../src/db/migrate.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { AHEAD_DAYS, careOf, dayAfter, dueSims, setCare } from '../../src/sims/care.ts';
import { setSim } from '../../src/sims/correct.ts';
import { earningsOf } from '../../src/sims/earnings.ts';
import { filterFrom, inventory } from '../../src/sims/inventory.ts';
import { findSim } from '../../src/sims/sims.ts';
import { paths, simPagePath } from '../../views/paths.ts';
import { type AdminHouse, adminHouse, snapshot } from '../support/admin-house.ts';
import { makeHouse, START_MS } from '../support/house.ts';
import { plansOf } from '../support/plans.ts';
import { seen } from '../views/markup.ts';

const card = (n: number) => `894401${String(n).padStart(13, '0')}`;
const text = async (answer: Response | Promise<Response>) => seen(await (await answer).text()).text;

/** A sale on the only card: ordered and its code received. */
function sell(house: ReturnType<typeof makeHouse>, service: string, code: string): void {
  const userId =
    house.db.query<{ id: string }, []>("SELECT id FROM users WHERE role = 'customer'").get()?.id ??
    house.customer('anna@example.org', 5000);
  house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service, maxPriceMinor: null }));
  house.clock.pass(5000);
  house.receive({ iccid: card(1), sender: service, text: `${service} code: ${code}` });
}

describe('what is kept of a card', () => {
  test('is kept, and refused where it is none', () => {
    const { db, write, sim } = makeHouse();
    const iccid = sim(1);
    write((tx) => setCare(tx, iccid, { note: ' in the box \r\n', tags: ['b', 'a', 'b'], expiresOn: '2027-02-28', topUpDays: 90 }));
    expect(careOf(db, iccid)).toEqual({ note: 'in the box', tags: ['a', 'b'], expiresOn: '2027-02-28', topUpOn: null, topUpDays: 90 });
    for (const change of [
      { expiresOn: '2027-02-30' },
      { topUpOn: 'soon' },
      { tags: ['Not one'] },
      { topUpDays: 0 },
      { topUpDays: 1.5 },
      { note: 'x'.repeat(2001) },
    ])
      expect(() => write((tx) => setCare(tx, iccid, change))).toThrow('validation');
    expect(() => write((tx) => setCare(tx, 'nobody', {}))).toThrow('not_found');
    expect(careOf(db, iccid).expiresOn).toBe('2027-02-28');
  });

  test('its days are due from two weeks ahead on, the nearest first', () => {
    const { db, write, sim } = makeHouse();
    const [a, b, c] = [sim(1), sim(2), sim(3)];
    write((tx) => {
      setCare(tx, a, { expiresOn: dayAfter(START_MS, AHEAD_DAYS), topUpOn: dayAfter(START_MS, -2) });
      setCare(tx, b, { expiresOn: dayAfter(START_MS, AHEAD_DAYS + 1) });
      setCare(tx, c, { topUpOn: dayAfter(START_MS, 0) });
    });
    expect(dueSims(db, START_MS).map(({ iccid, what, days }) => [iccid, what, days])).toEqual([
      [a, 'top_up', -2],
      [c, 'top_up', 0],
      [a, 'expiry', AHEAD_DAYS],
    ]);
  });
});

test('earnings count what was captured, by month and in all, and are read by their key', () => {
  const house = makeHouse();
  const iccid = house.sim(1);
  house.offer('Telegram'.toLowerCase(), 40);
  house.offer('google', 55);
  sell(house, 'telegram', '48291');
  house.clock.pass(30 * 86_400_000);
  sell(house, 'google', '482913');
  expect(earningsOf(house.db, iccid)).toEqual({
    all: { earnedMinor: 95, sales: 2 },
    months: [
      { month: '2026-12', earnedMinor: 55, sales: 1 },
      { month: '2026-11', earnedMinor: 40, sales: 1 },
    ],
  });
  expect(plansOf(house.db, 'SELECT month FROM sim_earnings WHERE iccid = $iccid ORDER BY month DESC')).toEqual([
    expect.stringMatching(/^SEARCH .* PRIMARY KEY/),
  ]);
});

test('what was earned before the trigger was there is counted alike', () => {
  const house = makeHouse();
  house.sim(1);
  for (const service of ['telegram', 'google']) house.offer(service, 40);
  sell(house, 'telegram', '48291');
  sell(house, 'google', '482913');
  const rows = () => house.db.query('SELECT * FROM sim_earnings ORDER BY iccid, month').all();
  const kept = rows();
  expect(kept).toHaveLength(2);
  house.db.run('DELETE FROM sim_earnings');
  const migration = MIGRATIONS.find((sql) => sql.includes('CREATE TABLE sim_earnings')) ?? '';
  for (const [statement] of [...migration.matchAll(/^INSERT INTO sim_earnings[^;]*;/gm)]) house.db.run(statement);
  expect(rows()).toEqual(kept);
});

describe('the inventory', () => {
  const house = makeHouse();
  for (let n = 1; n <= 6; n++) house.sim(n, n === 4 ? 'us' : 'gb');
  house.write((tx) => {
    setSim(tx, card(2), { state: 'paused', carrier: 'vodafone' });
    setCare(tx, card(3), { tags: ['spare', 'uk'], note: 'Bought at the 100% corner_shop', expiresOn: '2026-11-25' });
    setCare(tx, card(5), { topUpOn: '2026-11-24' });
  });
  const snapshots = [snapshot(6, { state: 'pin_required', iccid: null, lockedCard: { iccid: card(6), spent: 1 } })];
  const found = (query: Record<string, string>, limit = 10) =>
    inventory(house.db, filterFrom(query), { offset: 0, limit }, { nowMs: START_MS, snapshots });
  test.each([
    [{}, [1, 2, 3, 5, 6, 4].sort()],
    [{ q: '900 003' }, [3]],
    [{ q: '00000005' }, [5]],
    [{ q: '/dev/test1' }, [1]],
    [{ q: '100% c' }, [3]],
    [{ q: '_' }, [3]],
    [{ q: '%%' }, []],
    [{ tag: 'spare' }, [3]],
    [{ tag: 'spar' }, []],
    [{ country: 'us' }, [4]],
    [{ carrier: 'vodafone' }, [2]],
    [{ show: 'paused' }, [2]],
    [{ show: 'selling' }, [1, 3, 4, 5, 6]],
    [{ show: 'locked' }, [6]],
    [{ show: 'away' }, []],
    [{ due: 'yes', sort: 'due' }, [5, 3]],
    [{ due: 'yes', sort: 'due', way: 'back' }, [3, 5]],
  ])('%p', (query, numbers) => {
    const { rows, total } = found(query as Record<string, string>);
    const sorted = 'sort' in query ? numbers : numbers.toSorted();
    const got = rows.map(({ iccid }) => Number(iccid.slice(6)));
    expect('sort' in query ? got : got.toSorted()).toEqual(sorted);
    expect(total).toBe(numbers.length);
  });

  test('a card that is rented out, or whose number is, is not for sale meanwhile', () => {
    const rented = makeHouse();
    for (let n = 1; n <= 3; n++) rented.sim(n);
    const userId = rented.customer('anna@example.org', 5000);
    const rent = rented.db.query(
      `INSERT INTO rentals (id, user_id, iccid, number, country, status, reason, name, currency, price_minor, created_at_ms, starts_at_ms, ends_at_ms, ended_at_ms, last_event)
       SELECT $id, $userId, iccid, number, 'gb', $status, '', '', 'USD', 100, 1, 1, 2, $endedAtMs, '' FROM sims WHERE iccid = $iccid`,
    );
    rent.run({ id: 'ren_1', userId, status: 'active', endedAtMs: null, iccid: card(1) });
    rent.run({ id: 'ren_2', userId, status: 'ended', endedAtMs: 2, iccid: card(2) });
    rent.run({ id: 'ren_3', userId, status: 'scheduled', endedAtMs: null, iccid: card(3) });
    const shown = (show: string) =>
      inventory(rented.db, filterFrom({ show }), { offset: 0, limit: 9 }, { nowMs: START_MS, snapshots: [] }).rows.map((row) => [
        row.iccid,
        row.rented,
      ]);
    expect(shown('all')).toEqual([
      [card(1), true],
      [card(2), false],
      [card(3), false],
    ]);
    expect(shown('selling').map(([iccid]) => iccid)).toEqual([card(2), card(3)]);
    expect(findSim(rented.db, card(1))?.rented).toBe(true);
    expect(findSim(rented.db, card(2))?.rented).toBe(false);
  });

  test('is paged, sorted either way with the unknown last, and knows what a locked card asks for', () => {
    expect(found({}, 2).rows).toHaveLength(2);
    expect(found({ sort: 'carrier', way: 'back' }).rows[0]?.iccid).toBe(card(2));
    expect(found({ q: card(6) }).rows[0]?.pin).toBe('pin');
    expect(found({}).tags).toEqual(['spare', 'uk']);
  });

  test('of ten thousand cards is found in a moment', () => {
    const big = makeHouse();
    big.db.run(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
      INSERT INTO sims (iccid, number_set, country_set, virtual, online, first_seen_at_ms, last_seen_at_ms)
      SELECT '8944' || printf('%015d', i), '+4477' || printf('%08d', i), 'gb', 0, i % 2, 1, 1 FROM n`);
    const started = performance.now();
    const page = inventory(big.db, filterFrom({ q: '99', sort: 'earned' }), { offset: 200, limit: 50 }, { nowMs: START_MS, snapshots: [] });
    expect(page.rows).toHaveLength(50);
    expect(page.total).toBeGreaterThan(250);
    // About 20 ms alone on a small machine; what matters is that it is no multiple of seconds.
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('many at once', () => {
  const shop = (): AdminHouse & { state(n: number): unknown } => {
    const admin = adminHouse();
    for (let n = 1; n <= 4; n++) admin.house.sim(n);
    const state = (n: number) =>
      admin.house.db.query<{ state: string }, [string]>('SELECT state FROM sims WHERE iccid = ?').get(card(n))?.state;
    return { ...admin, state };
  };
  const ask = async ({ post }: AdminHouse, form: Record<string, string>) => {
    const answer = await post('/admin/sim-changes', { which: 'ticked', ...form });
    return answer.headers.get('location') ?? (await text(answer));
  };

  test('are shown what would change before anything does, then changed, audited, and changed back', async () => {
    const admin = shop();
    admin.house.write((tx) => setSim(tx, card(2), { state: 'paused' }));
    const place = await ask(admin, { verb: 'pause', which: 'all', filter: '' });
    expect(place).toMatch(/^\/admin\/sim-changes\/sch_/);
    const preview = await text(admin.get(place));
    expect(preview).toContain('Change 3 SIMs');
    expect(preview).toContain('for sale → paused');
    expect(preview).toContain('Stays as it is 1');
    expect([1, 2, 3, 4].map(admin.state)).toEqual(['active', 'paused', 'active', 'active']);
    expect(await admin.postAndFollow(`${place}/confirm`, {})).toContain('You can take it back');
    expect([1, 2, 3, 4].map(admin.state)).toEqual(['paused', 'paused', 'paused', 'paused']);
    admin.house.write((tx) => setSim(tx, card(3), { state: 'active' }));
    const undone = seen(await admin.postAndFollow(`${place}/undo`, {})).text;
    expect([1, 2, 3, 4].map(admin.state)).toEqual(['active', 'paused', 'active', 'active']);
    expect(undone).toContain('Taken back 2');
    expect(undone).toContain('It was changed again since.');
    const audit = admin.audit();
    expect(audit.filter(({ action }) => action === 'sim.pause')).toHaveLength(3);
    expect(audit.map(({ action }) => action)).toContain('sims.undo');
    expect((await admin.post(`${place}/undo`, {})).status).toBe(409);
    expect((await admin.post(`${place}/confirm`, {})).status).toBe(409);
  });

  test('a card is refused for its own reason, when planned and again when made', async () => {
    const admin = shop();
    admin.house.write((tx) => {
      setSim(tx, card(1), { state: 'paused' });
      setSim(tx, card(2), { state: 'paused' });
      setSim(tx, card(1), { number: '+447700900777' });
      setSim(tx, card(2), { number: '+447700900777' });
    });
    const place = await ask(admin, { verb: 'resume', which: 'all', filter: '?show=paused' });
    expect(await text(admin.get(place))).toContain('Change 2 SIMs');
    const done = seen(await admin.postAndFollow(`${place}/confirm`, {})).text;
    expect(done).toContain('Changed 1');
    expect(done).toContain('Refused 1');
    expect(done).toContain('A number is sold from one SIM');
    expect([1, 2].map(admin.state)).toEqual(['active', 'paused']);
  });

  test('tags and days are put on and taken back', async () => {
    const admin = shop();
    const { db } = admin.house;
    for (const [verb, value] of [
      ['tag', 'Spare'],
      ['expires', '2027-01-31'],
      ['top_up', '2026-12-01'],
    ] as const) {
      const place = await ask(admin, { verb, value, iccid: card(1) });
      await admin.postAndFollow(`${place}/confirm`, {});
      if (verb === 'top_up') await admin.postAndFollow(`${place}/undo`, {});
    }
    expect(careOf(db, card(1))).toMatchObject({ tags: ['spare'], expiresOn: '2027-01-31', topUpOn: null });
    const refused = await ask(admin, { verb: 'topped_up', which: 'all', filter: '' });
    expect(await text(admin.get(refused))).toContain('Nothing would change');
  });

  test.each([
    [{ verb: 'pause' }, 'Tick the SIMs to change'],
    [{ verb: 'tag', value: 'no tag!', iccid: card(1) }, 'Type the tag'],
    [{ verb: 'expires', value: '31.1.2027', iccid: card(1) }, 'year-month-day'],
  ])('%p is refused in words, on the page it was asked on', async (form, words) => {
    expect(await ask(shop(), form as Record<string, string>)).toContain(words);
  });

  test('a change that was interrupted is gone on with', async () => {
    const admin = shop();
    const place = await ask(admin, { verb: 'pause', which: 'all', filter: '' });
    admin.house.db.run("UPDATE sim_changes SET state = 'running'");
    expect(await text(admin.get(place))).toContain('Go on with 4 SIMs');
    await admin.postAndFollow(`${place}/confirm`, {});
    expect([1, 2, 3, 4].map(admin.state)).toEqual(['paused', 'paused', 'paused', 'paused']);
  });
});

describe('the page of a card', () => {
  test('shows days, tags, note, PIN and earnings, and keeps what is typed or says what is wrong', async () => {
    const admin = adminHouse();
    const iccid = admin.house.sim(1);
    const here = `/admin/sims/${iccid}`;
    const kept = await admin.postAndFollow(`${here}/care`, {
      note: 'Box 3 <b>',
      tags: 'spare, uk',
      expires: '2026-11-25',
      topup: '',
      topupdays: '90',
    });
    expect(seen(kept).text).toContain('Box 3 <b>');
    expect(seen(kept).text).toContain('expires 2026-11-25 in 3 days');
    expect(seen(kept).text).toContain('Nothing yet: no order or rental on it was charged.');
    expect(seen(await admin.postAndFollow(`${here}/topped-up`, {})).text).toContain('the next is due on 2027-02-20');
    const wrong = await admin.post(`${here}/care`, { expires: '2026-02-31', note: 'as typed' });
    expect(wrong.status).toBe(422);
    expect(await text(wrong)).toContain('year-month-day');
    expect(careOf(admin.house.db, iccid).note).toBe('Box 3 <b>');
  });

  test('and the inventory say that it is rented out, the page also since when it is in its slot', async () => {
    const { house, get } = adminHouse();
    const iccid = house.sim(1);
    const userId = house.customer('anna@example.org', 5000);
    house.db.run(
      `INSERT INTO rentals (id, user_id, iccid, number, country, status, reason, name, currency, price_minor, created_at_ms, starts_at_ms, ends_at_ms, last_event)
       SELECT 'rnt_1', '${userId}', iccid, number, 'gb', 'active', '', '', 'USD', 100, 1, 1, 2, '' FROM sims WHERE iccid = '${iccid}'`,
    );
    house.db.run(
      `INSERT INTO modem_events (at_ms, kind, slot, port, imei, iccid, detail, count)
       SELECT 1, 'up', slot, slot, imei, iccid, '', 1 FROM sims WHERE iccid = '${iccid}' UNION ALL SELECT 0, 'up', '9-9', '9-9', imei, iccid, '', 1 FROM sims`,
    );
    const list = await text(get(paths.sims));
    expect(list).toContain('Rented');
    expect(list.replaceAll('For sale now', '')).not.toContain('For sale');
    expect(await text(get(`${paths.sims}?show=selling`))).toContain('No SIM is like this.');
    const page = await text(get(simPagePath(iccid)));
    expect(page).not.toContain('For sale');
    expect(page.slice(page.indexOf('Slots it was in')).replace(/\s+/g, ' ')).toMatch(/since .* to /);
  });

  test('without any card the inventory says what to do; with none that fits, how to see all', async () => {
    const admin = adminHouse();
    expect(await text(admin.get('/admin/sims'))).toContain('No SIM was seen yet.');
    admin.house.sim(1);
    expect(await text(admin.get('/admin/sims?q=zzz'))).toContain('No SIM is like this.');
    expect(await text(admin.get('/admin/sims?page=99'))).toContain('One SIM');
  });
});
