/** The page of alarms, the API, and what customers are shown of an incident. */
import { beforeAll, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKey } from '../../src/accounts/keys.ts';
import { startSession } from '../../src/accounts/sessions.ts';
import { standingAlarms } from '../../src/alarms/alarms.ts';
import { clearAlarm, raiseAlarm } from '../../src/alarms/tell.ts';
import { timelineOf } from '../../src/evidence/timeline.ts';
import { topUp } from '../../src/ledger/ledger.ts';
import { ALARM_CODES, ALARM_KINDS, type AlarmKindCode } from '../../src/lib/alarm-kinds.ts';
import { setMailOn } from '../../src/mail/queue.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { creditOutage } from '../../src/orders/outage.ts';
import { findOrder } from '../../src/orders/view.ts';
import { simOffline, simOnline } from '../../src/sims/sims.ts';
import { listIncidents } from '../../src/status/incidents.ts';
import { alarmPath, incidentPath, orderPagePath, paths, slotPath } from '../../views/paths.ts';
import { type AdminHouse, adminHouse } from '../support/admin-house.ts';
import { MINUTE_MS, seededRandom, testSim } from '../support/house.ts';
import { seen } from '../views/markup.ts';

let admin: AdminHouse;
let raised: string;
const raise = (code: AlarmKindCode, subject = '', text = 'It is so.', more: { value?: number; threshold?: number; iccid?: string } = {}) =>
  admin.house.write((tx) => raiseAlarm(tx, admin.house.terms.random, { code, subject, text, ...more }, tx.nowMs))?.id ?? '';
const clear = (id: string) => admin.house.write((tx) => clearAlarm(tx, admin.house.terms.random, id, 'It is well again.'));
const look = async (path: string) => seen(await (await admin.get(path)).text());

beforeAll(() => {
  admin = adminHouse();
});

test('with nothing wrong it says so, what is watched with which thresholds, and that no mail is set up', async () => {
  const { text } = await look(paths.alarms);
  expect(text).toContain('Nothing needs you.');
  expect(text).toContain('No alarm is over yet.');
  expect(text).toContain('No mail server is set up');
  expect(text).toContain('modem_down_minutes = 2');
  expect(text).toContain('modems.deaf_hours = 24');
  admin.house.write((tx) => setMailOn(tx, true));
  expect((await look(paths.alarms)).text).toContain('You get no mails about alarms. Turn them on');
  admin.house.write((tx) => setMailOn(tx, false));
});

test('what stands is listed, the worst first, with figure, threshold, advice and where to go; the menu counts it', async () => {
  raised = raise('modem_down', '1-1.4:1.0', 'It is unplugged.', { value: 3, threshold: 2 });
  raise('disk_low', '', '812 MB are free.', { value: 812, threshold: 1000 });
  const { text, attributes } = await look(paths.alarms);
  expect(text.indexOf('The disk is filling')).toBeLessThan(text.indexOf('Modem is down'));
  for (const words of ['812 MB · threshold 1,000 MB', '3 min · threshold 2 min', ALARM_KINDS.modem_down.todo, '2 open'])
    expect(text).toContain(words);
  expect(attributes).toContainEqual({ tag: 'a', name: 'href', value: slotPath('1-1.4:1.0') });
  expect(attributes).toContainEqual({ tag: 'span', name: 'data-alarm-count', value: '2' });
  const now = await (await admin.get(paths.alarmsNow)).text();
  expect(now).toStartWith('<section id="alarms-now"');
  expect(seen(now).text).toContain('It is unplugged.');
});

test('acknowledged with a note, by whom, audited; it stays, and can be taken back', async () => {
  const page = seen(await admin.postAndFollow(alarmPath(raised, 'acknowledge'), { note: 'a new <hub> is ordered', back: 'alarm' }));
  expect(page.text).toContain('Acknowledged by operator@example.org');
  expect(page.text).toContain('a new <hub> is ordered');
  expect((await look(paths.alarms)).text).toContain('2 open, 1 acknowledged');
  const again = await admin.post(alarmPath(raised, 'acknowledge'), {});
  expect(again.status).toBe(409);
  expect(seen(await again.text()).text).toContain('operator@example.org acknowledged it already. Take that back first');
  expect(seen(await admin.postAndFollow(alarmPath(raised, 'unacknowledge'), {})).text).toContain('Taken back');
  expect(admin.audit().filter(({ target }) => target === 'alarms')).toMatchObject([
    { action: 'alarm.acknowledged', detail: 'Modem is down: 1-1.4:1.0 acknowledged. a new <hub> is ordered' },
    { action: 'alarm.unacknowledged' },
  ]);
  const long = await admin.post(alarmPath(raised, 'acknowledge'), { note: 'x'.repeat(501) });
  expect([long.status, seen(await long.text()).text.includes('A note has at most 500 characters; it has 501.')]).toEqual([422, true]);
});

test('what is over is in the history, with filters and pages; its page tells all that happened', async () => {
  clear(raised);
  for (let n = 0; n < 65; n++) {
    admin.house.clock.pass(1000);
    clear(raise('denied', `slot ${n}`));
  }
  const first = await look(paths.alarms);
  expect(first.text.match(/Network refuses the SIM\s*slot/g)).toHaveLength(30);
  const next = (page: typeof first) =>
    page.attributes.find(({ name, value }) => name === 'href' && value.includes('cursor='))?.value.replace('#history', '') ?? '';
  const second = await look(next(first));
  const third = await look(next(second));
  expect(third.text).toContain('Modem is down');
  expect(next(third)).toBe('');
  expect((await look(`${paths.alarms}?code=modem_down`)).text).not.toContain('slot 64');
  expect((await look(`${paths.alarms}?severity=critical`)).text).toContain('None of this kind is over.');
  expect((await look(`${paths.alarms}?code=x&severity=y&cursor=z`)).text).toContain('slot 64');
  const { text } = await look(alarmPath(raised));
  for (const words of ['It is over.', 'It is well again.', 'Acknowledgement taken back', 'Raised']) expect(text).toContain(words);
  const late = await admin.post(alarmPath(raised, 'acknowledge'), {});
  expect([late.status, seen(await late.text()).text.includes('It is over: there is nothing to acknowledge any more.')]).toEqual([
    409,
    true,
  ]);
  expect((await admin.get(alarmPath('alm_nobody'))).status).toBe(404);
});

test('strangers and customers see none of it', async () => {
  const customer = admin.signIn('customer');
  for (const path of [paths.alarms, paths.alarmsNow, alarmPath(raised)]) {
    expect((await admin.get(path, { cookie: customer })).status).toBe(403);
    expect((await admin.get(path, { cookie: '', accept: 'application/json' })).status).toBe(401);
  }
  expect((await admin.post(alarmPath(raised, 'acknowledge'), {}, { cookie: customer })).status).toBe(403);
});

test('by the API: keys of operators with the scope, and nobody else', async () => {
  const { house, app } = admin;
  const random = seededRandom(21);
  const userOf = (role: string) =>
    house.db.query<{ id: string }, [string]>('SELECT id FROM users WHERE role = ? LIMIT 1').get(role)?.id ?? '';
  const keyOf = (role: string, scopes: Parameters<typeof createKey>[2]['scopes']) =>
    house.write((tx) => createKey(tx, random, { userId: userOf(role), name: role, scopes })).secret;
  const ask = async (key: string, path = '', init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await app.handle(new Request(`http://localhost/api/v1/alarms${path}`, { headers, ...init }));
    return {
      status: answer.status,
      body: (await answer.json()) as Record<string, unknown> & { data: { id: string; code: string }[]; next_cursor: string | null },
    };
  };
  const reader = keyOf('operator', ['alarms:read']);
  const writer = keyOf('operator', ['alarms:read', 'alarms:write']);
  expect(await ask(keyOf('customer', ['alarms:read']))).toMatchObject({ status: 403, body: { type: 'forbidden' } });
  expect(await ask(keyOf('operator', ['orders:read']))).toMatchObject({ status: 403 });
  const id = standingAlarms(house.db).find(({ code }) => code === 'disk_low')?.id ?? '';
  const list = await ask(reader, '?severity=critical');
  expect(list.body.data).toMatchObject([
    { id, code: 'disk_low', unit: 'megabytes', value: 812, threshold: 1000, cleared_at: null, todo: ALARM_KINDS.disk_low.todo },
  ]);
  const note = JSON.stringify({ note: 'larger disk' });
  expect(await ask(reader, `/${id}/acknowledge`, { method: 'POST', body: note })).toMatchObject({ status: 403 });
  expect(await ask(writer, `/${id}/acknowledge`, { method: 'POST', body: note })).toMatchObject({
    status: 200,
    body: { note: 'larger disk', acknowledged_by: 'operator@example.org' },
  });
  expect(await ask(writer, `/${id}/acknowledge`, { method: 'POST', body: '{}' })).toMatchObject({
    status: 409,
    body: { type: 'already_exists' },
  });
  expect(await ask(writer, `/${id}/acknowledge`, { method: 'DELETE' })).toMatchObject({
    status: 200,
    body: { acknowledged_at: null, note: '' },
  });
  expect(await ask(writer, `/${id}/acknowledge`, { method: 'DELETE' })).toMatchObject({ status: 409, body: { type: 'too_late' } });
  house.db.run("UPDATE users SET read_only = 1 WHERE role = 'operator'");
  for (const method of ['POST', 'DELETE'])
    expect(await ask(writer, `/${id}/acknowledge`, { method })).toMatchObject({ status: 403, body: { type: 'read_only' } });
  expect(await ask(writer, `/${id}`)).toMatchObject({ status: 200, body: { acknowledged_at: null } });
  house.db.run('UPDATE users SET read_only = 0');
  expect(await ask(writer, '/alm_nobody')).toMatchObject({ status: 404 });
  expect(await ask(reader, '?state=maybe')).toMatchObject({ status: 422, body: { errors: [{ message: 'state must be open or over' }] } });
  const over = await ask(reader, '?state=over&code=denied&limit=40');
  expect([over.body.data.length, over.body.next_cursor !== null]).toEqual([40, true]);
  const rest = await ask(reader, `?state=over&code=denied&limit=40&cursor=${over.body.next_cursor}`);
  expect([rest.body.data.length, rest.body.next_cursor]).toEqual([25, null]);
});

test('the time that an outage gave back names the incident that the status page tells of', async () => {
  const { house, get } = admin;
  const customer = house.db.query<{ id: string }, []>("SELECT id FROM users WHERE role = 'customer'").get()?.id ?? '';
  const iccid = house.sim(7);
  house.offer('telegram', 45);
  house.write((tx) => topUp(tx, house.terms, { userId: customer, amountMinor: 1000, reference: null }));
  const order = house.write((tx) =>
    placeOrder(tx, house.terms, { userId: customer, country: 'gb', service: 'telegram', maxPriceMinor: null }),
  );
  house.write((tx) => simOffline(tx, testSim(7)));
  house.clock.pass(2 * MINUTE_MS);
  const id = raise('modem_down', '/dev/test7', 'It is unplugged.', { iccid });
  house.clock.pass(MINUTE_MS);
  house.write((tx) => {
    const sinceMs = simOnline(tx, testSim(7));
    if (sinceMs !== null) creditOutage(tx, house.terms, iccid, sinceMs);
  });
  clear(id);
  const [incident] = listIncidents(house.db, 0, 10);
  expect(incident).toMatchObject({ title: 'Some numbers cannot be read', surface: 'delivery', endedAtMs: house.clock.nowMs() });
  const now = findOrder(house.db, order.id);
  const entries = now === null ? [] : timelineOf(house.db, now).entries;
  expect(entries.find(({ detail }) => detail['reason'] === 'outage_added')?.detail).toMatchObject({
    incident: incident?.id,
    added_ms: 3 * MINUTE_MS,
  });
  const answer = await get(orderPagePath(order.id), {
    cookie: `smspin_session=${house.write((tx) => startSession(tx, seededRandom(5), customer, 'test'))}`,
  });
  expect(seen(await answer.text()).attributes).toContainEqual({ tag: 'a', name: 'href', value: incidentPath(incident?.id ?? '') });
});

test('docs/alarms.md tells of every kind as the table does', () => {
  const text = readFileSync(join(import.meta.dir, '../../docs/alarms.md'), 'utf8');
  for (const code of ALARM_CODES) {
    const { severity, means, todo, keys } = ALARM_KINDS[code];
    const set = keys.length > 0 ? keys.map((key) => `\`${key}\``).join(', ') : 'it is so, or not';
    expect(text).toContain(`| \`${code}\` | ${severity} | ${means} | ${set} | ${todo} |`);
  }
});
