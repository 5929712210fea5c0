import { expect, test } from 'bun:test';
import { createKey } from '../../src/accounts/keys.ts';
import { startSession } from '../../src/accounts/sessions.ts';
import { customersSql, searchCustomers } from '../../src/customers/search.ts';
import { balanceOf } from '../../src/ledger/ledger.ts';
import { endWindow, placeOrder } from '../../src/orders/orders.ts';
import { findOrder } from '../../src/orders/view.ts';
import { customerPath, paths } from '../../views/paths.ts';
import { adminHouse } from '../support/admin-house.ts';
import { MINUTE_MS, seededRandom } from '../support/house.ts';

/** A house with Anna in it, who has money, a SIM to buy and is signed in. */
function open(env: Record<string, string> = {}) {
  const admin = adminHouse({ env });
  const { house, get } = admin;
  const anna = house.customer('anna@example.org');
  house.sim(1);
  house.sim(2);
  house.offer('telegram', 40);
  const order = () =>
    house.write((tx) => placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  const session = `smspin_session=${house.write((tx) => startSession(tx, seededRandom(3), anna, 'phone'))}`;
  const available = () => balanceOf(house.db, anna, 'USD').availableMinor;
  const formKey = async () => /name="form_key" value="([^"]+)"/.exec(await (await get(customerPath(anna))).text())?.[1] ?? '';
  return { ...admin, anna, order, session, available, formKey };
}

test('customers are found by any part of their address and by their id, newest first, page by page', () => {
  const { house, anna } = open();
  for (let n = 0; n < 7; n++) house.customer(`shop${n}@mail.example`, 0);
  const find = (query: string, cursor: string | null = null, limit = 3) => searchCustomers(house.db, { query, state: null, limit, cursor });
  expect(find('NNA@').rows.map(({ email }) => email)).toEqual(['anna@example.org']);
  expect(find(anna.slice(0, 20)).rows.some(({ id }) => id === anna)).toBe(true);
  const first = find('@mail');
  const second = find('@mail', first.nextCursor);
  const third = find('@mail', second.nextCursor);
  expect([...first.rows, ...second.rows, ...third.rows].map(({ email }) => email[4])).toEqual([...'6543210']);
  expect(third.nextCursor).toBeNull();
  expect(find('"').rows).toEqual([]);
  house.db.run("UPDATE users SET state = 'waiting' WHERE email = 'shop3@mail.example'");
  expect(searchCustomers(house.db, { query: '', state: 'waiting', limit: 3, cursor: null }).rows.map(({ email }) => email)).toEqual([
    'shop3@mail.example',
  ]);
});

test('no way of finding customers reads them all', () => {
  const { house } = open();
  const names = { match: 'x', from: 'a', to: 'b', cursor: null, limit: 10 };
  for (const [query, state] of [
    ['', null],
    ['anna', null],
    ['usr_01', null],
    ['', 'waiting'],
  ] as const) {
    const plan = house.db.query<{ detail: string }, typeof names>(`EXPLAIN QUERY PLAN ${customersSql(query, state)}`).all(names);
    const scans = plan
      .map(({ detail }) => detail)
      .filter((detail) => /^SCAN (?!t VIRTUAL TABLE INDEX \d+:M)/.test(detail) || detail.includes('TEMP B-TREE'));
    expect(scans).toEqual([]);
  }
});

test('a credit is shown before it is made, made once however often it is sent, and stands in the audit log', async () => {
  const { anna, post, available, formKey, audit } = open();
  const form = { direction: 'credit', amount: '2.50', reason: 'Transfer 4711', form_key: await formKey() };
  const asked = await (await post(customerPath(anna, 'balance'), form)).text();
  expect(asked).toContain('$2.50 is credited; available is $12.50 then');
  expect(available()).toBe(1000);
  const sent = await Promise.all([1, 2].map(() => post(customerPath(anna, 'balance'), { ...form, confirm: 'yes' })));
  expect(sent.map((answer) => answer.headers.get('location'))).toEqual(Array(2).fill(`${customerPath(anna)}?notice=customer-credited`));
  expect(available()).toBe(1250);
  // Another form with the same reason: another operator with the same transfer in hand.
  const again = await post(customerPath(anna, 'balance'), { ...form, form_key: await formKey(), confirm: 'yes' });
  expect(again.headers.get('location')).toContain('customer-credited-before');
  const other = await post(customerPath(anna, 'balance'), { ...form, amount: '3', form_key: await formKey(), confirm: 'yes' });
  expect(await other.text()).toContain('another amount needs another reference');
  expect(available()).toBe(1250);
  expect(audit()).toEqual([{ action: 'customer.credit', target: anna, detail: '$2.50 credited: Transfer 4711' }]);
});

test('money is taken back, but not more than there is, and nothing without a reason', async () => {
  const { anna, post, available, formKey, audit } = open();
  const form = { direction: 'debit', amount: '4', reason: 'Paid back in cash', form_key: await formKey() };
  expect((await post(customerPath(anna, 'balance'), { ...form, confirm: 'yes' })).status).toBe(303);
  expect(available()).toBe(600);
  const more = await post(customerPath(anna, 'balance'), { ...form, amount: '6.01', form_key: await formKey() });
  expect(more.status).toBe(402);
  expect(await more.text()).toContain('Only $6.00 is available, so $6.01 cannot be taken back.');
  const wrong = await post(customerPath(anna, 'balance'), { ...form, amount: '0', reason: ' ', form_key: 'x' });
  expect(wrong.status).toBe(422);
  const text = await wrong.text();
  for (const problem of ['Write an amount in USD above nothing', 'Write a reason of 1 to 200', 'The form was not whole'])
    expect(text).toContain(problem);
  expect(audit().map(({ action }) => action)).toEqual(['customer.debit']);
});

test('one order over the house’s limit, or over the customer’s own, is refused and costs nothing', async () => {
  const { anna, post, order, house, available, settings, audit } = open({ SMSPIN_LIMITS_OPEN_ORDERS: '1' });
  expect(settings.config.limits.openOrders).toBe(1);
  order();
  expect(order).toThrow('You may have 1 open order at once.');
  expect(available()).toBe(960);
  expect((await post(customerPath(anna, 'limits'), { open_orders: '0', orders_a_day: '2' })).status).toBe(303);
  order();
  house.sim(3);
  expect(order).toThrow(/You may make 2 orders in 24 hours.*from 2026-11-23T12:00:00/);
  house.clock.pass(24 * 60 * MINUTE_MS);
  order();
  house.sim(4);
  const wrong = await post(customerPath(anna, 'limits'), { open_orders: 'many' });
  expect([wrong.status, (await wrong.text()).includes('Write a whole number from 0 to 1000000')]).toEqual([422, true]);
  await post(customerPath(anna, 'limits'), { open_orders: '', orders_a_day: '' });
  expect(order).toThrow('You may have 1 open order at once.');
  expect(audit().map(({ detail }) => detail)).toEqual([
    'Open orders: no limit; orders in 24 hours: 2.',
    'Open orders: as the house; orders in 24 hours: as the house.',
  ]);
});

test('a suspended customer is out at once; what is open runs on to its end', async () => {
  const { anna, post, order, session, house, app, get, available, audit } = open();
  const { id } = order();
  const { secret: key } = house.write((tx) => createKey(tx, seededRandom(5), { userId: anna, name: 'ci', scopes: ['orders:read'] }));
  const byKey = () => app.handle(new Request('http://localhost/api/v1/orders', { headers: { authorization: `Bearer ${key}` } }));
  expect([(await byKey()).status, (await get('/dashboard', { cookie: session })).status]).toEqual([200, 200]);
  const asked = await (await post(customerPath(anna, 'suspend'), { reason: 'Chargeback' })).text();
  expect(asked).toContain('Open orders (now 1) run on to their own ends');
  expect((await byKey()).status).toBe(200);
  await post(customerPath(anna, 'suspend'), { reason: 'Chargeback', confirm: 'yes' });
  expect([(await byKey()).status, (await get('/dashboard', { cookie: session })).headers.get('location')]).toEqual([
    401,
    '/sign-in?next=%2Fdashboard',
  ]);
  house.clock.pass(21 * MINUTE_MS);
  house.write((tx) => endWindow(tx, house.terms, id));
  expect([findOrder(house.db, id)?.status, available()]).toEqual(['expired', 1000]);
  const page = await (await get(customerPath(anna))).text();
  expect(page).toContain('Let in again');
  await post(customerPath(anna, 'resume'), {});
  expect((await byKey()).status).toBe(200);
  expect(audit()).toEqual([
    { action: 'customer.suspend', target: anna, detail: 'Chargeback' },
    { action: 'customer.resume', target: anna, detail: 'Let in again.' },
  ]);
});

test('who cannot sign in gets a link that works once; the operator sees no password, and nothing of it is kept', async () => {
  const { anna, post, house, app, audit, session, get } = open();
  const shown = await (await post(customerPath(anna, 'reset-link'), { confirm: 'yes' })).text();
  const path = new URL(/data-reset-link[^>]*>([^<]+)</.exec(shown)?.[1] ?? '').pathname;
  const set = () =>
    app.handle(
      new Request(`http://localhost${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost:8080' },
        body: 'password=a-new-long-password',
      }),
    );
  expect(JSON.stringify(house.db.query('SELECT * FROM audit').all())).not.toContain(path.split('/').at(-1) ?? '?');
  expect((await set()).status).toBe(303);
  expect((await set()).status).toBe(410);
  expect((await get('/dashboard', { cookie: session })).status).toBe(303);
  expect(audit().map(({ action }) => action)).toEqual(['customer.reset_link']);
  const operator = house.db.query<{ id: string }, []>("SELECT id FROM users WHERE role = 'operator'").get()?.id ?? '';
  expect((await post(customerPath(operator, 'reset-link'), { confirm: 'yes' })).status).toBe(403);
  expect((await post(customerPath(operator, 'suspend'), { reason: 'me', confirm: 'yes' })).status).toBe(403);
});

test('sign-ins, right and wrong, are on the customer’s page, and all sessions can be ended', async () => {
  const { anna, post, app, get, session, door } = open();
  const signIn = (password: string) =>
    app.handle(
      new Request('http://localhost/sign-in', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost:8080', 'user-agent': 'Phone <b>' },
        body: new URLSearchParams({ email: 'anna@example.org', password }).toString(),
      }),
    );
  await signIn('wrong-password');
  await door.idle();
  const page = await (await get(customerPath(anna))).text();
  expect(page).toContain('wrong password');
  expect(page).toContain('Phone &lt;b&gt;');
  await post(customerPath(anna, 'sessions'), { confirm: 'yes' });
  expect((await get('/dashboard', { cookie: session })).status).toBe(303);
});

test('the list shows who waits, and says what is too short to look for', async () => {
  const { get, house } = open();
  house.db.run("UPDATE users SET state = 'waiting' WHERE email = 'anna@example.org'");
  const all = await (await get(paths.customers)).text();
  expect(all).toContain('One person waits to be let in');
  expect(await (await get(`${paths.customers}?q=an`)).text()).toContain('Type at least 3 characters.');
  expect(await (await get(`${paths.customers}?q=nobody-at-all`)).text()).toContain('Nobody matches.');
  expect(await (await get(`${paths.customers}?state=waiting`)).text()).toContain('anna@example.org');
});
