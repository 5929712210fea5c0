import { expect, test } from 'bun:test';
import { auditLedger } from '../../src/ledger/audit.ts';
import { balanceOf } from '../../src/ledger/ledger.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { findOrder } from '../../src/orders/view.ts';
import { simOffline } from '../../src/sims/sims.ts';
import { createWebhook } from '../../src/webhooks/webhooks.ts';
import { type DeskOrderVerb, deskOrderPath, paths } from '../../views/paths.ts';
import { adminHouse } from '../support/admin-house.ts';
import { MINUTE_MS } from '../support/house.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';

function open() {
  const admin = adminHouse();
  const { house, post, get } = admin;
  const anna = house.customer('anna@example.org');
  const iccid = house.sim(1);
  house.offer('telegram', 40);
  const place = () =>
    house.write((tx) =>
      placeOrder(tx, house.terms, {
        userId: anna,
        country: 'gb',
        service: 'telegram',
        maxPriceMinor: null,
        labels: { note: 'for anna alone' },
      }),
    );
  const order = place();
  const act = (verb: DeskOrderVerb, form: Record<string, string> = {}) => post(deskOrderPath(order.id, verb), { confirm: 'yes', ...form });
  const read = async () => (await get(deskOrderPath(order.id))).text();
  return {
    ...{ ...admin, anna, iccid, order, place, act, read },
    status: () => findOrder(house.db, order.id)?.status,
    available: () => balanceOf(house.db, anna, 'USD').availableMinor,
  };
}

test('one page tells an order’s whole story: its own messages, others on the SIM with the verdict, money, outage, what was told', async () => {
  const { house, iccid, order, read, audit } = open();
  house.clock.pass(MINUTE_MS);
  house.receive({ iccid, sender: 'Bank', text: `Your statement ${HOSTILE} is ready` });
  house.write((tx) => simOffline(tx, { iccid, imei: '', slot: '' }));
  house.db.run(
    `INSERT INTO outages (id, iccid, from_ms, to_ms, cause) VALUES ('out_1', '${iccid}', ${house.clock.ms}, ${house.clock.ms + 5000}, 'modem_lost')`,
  );
  house.clock.pass(MINUTE_MS);
  house.receive({ iccid, sender: 'Telegram', text: `Telegram code: 48213 ${HOSTILE}` });
  const page = await read();
  for (const said of [
    'Ordered.',
    'An SMS from Bank that is not this order’s. It went to nobody.',
    'was set aside (hold)',
    'was earned (capture)',
    'its modem was lost',
    '48213',
  ])
    expect(page).toContain(said);
  expect(page).not.toContain('<img');
  expect(page).not.toContain('statement');
  expect(page).not.toContain('for anna alone');
  const inOrder = ['Ordered.', 'not this order’s', 'could not be read', 'was earned (capture)'].map((said) => page.indexOf(said));
  expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
  expect(audit().map(({ action, detail }) => `${action} ${detail}`)).toEqual([
    'message.reveal Its text was shown on the page of its order.',
  ]);
  expect(findOrder(house.db, order.id)?.code).toBe('48213');
});

test('before a code the operator cancels and refunds, once; it is said first and stands in the audit log', async () => {
  const { post, order, act, status, available, audit, read } = open();
  const asked = await post(deskOrderPath(order.id, 'cancel'), {});
  expect([asked.status, status(), (await asked.text()).includes('$0.40 goes back')]).toEqual([200, 'pending', true]);
  expect((await act('give-back', { reason: 'x' })).status).toBe(409);
  expect((await act('finish')).status).toBe(409);
  expect((await act('cancel')).status).toBe(303);
  const again = await act('cancel');
  expect([again.status, (await again.text()).includes('The order is canceled')]).toEqual([409, true]);
  expect((await act('give-back', { reason: 'x' })).status).toBe(409);
  expect([status(), available()]).toEqual(['canceled', 1000]);
  expect(await read()).toContain('nothing is left to give back');
  expect(audit().map(({ action }) => action)).toEqual(['order.cancel']);
});

test('after a code the operator closes it, and gives the price back once as a credit; the books stay right', async () => {
  const { house, iccid, act, status, available, audit } = open();
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213' });
  expect((await act('cancel')).status).toBe(409);
  expect((await act('give-back')).status).toBe(422);
  await Promise.all([act('give-back', { reason: 'Wrong country' }), act('give-back', { reason: 'Wrong country' })]);
  expect(available()).toBe(1000);
  await act('finish');
  expect([status(), auditLedger(house.db)]).toEqual(['finished', []]);
  expect(
    audit()
      .filter(({ action }) => action.startsWith('order.'))
      .map(({ action, detail }) => `${action}: ${detail}`),
  ).toEqual(['order.give_back: $0.40 given back as a credit: Wrong country', 'order.finish: Closed with its code delivered.']);
});

test('a webhook of the order is sent again, and no other customer’s', async () => {
  const { house, anna, act, read, place, iccid } = open();
  const { webhook } = house.write((tx) =>
    createWebhook(tx, house.terms.random, { userId: anna, url: 'https://hooks.example/a', description: '', events: null, rentals: null }),
  );
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213' });
  house.sim(2);
  place();
  const deliveries = house.db
    .query<{ id: string; orderId: string }, []>(
      "SELECT d.id, e.order_id AS orderId FROM deliveries d JOIN events e ON e.id = d.event_id WHERE d.topic LIKE 'order.%'",
    )
    .all();
  house.db.run("UPDATE deliveries SET state = 'failed', next_at_ms = NULL, ended_at_ms = 1");
  const [mine, other] = [deliveries[0]?.id ?? '', deliveries.at(-1)?.id ?? ''];
  expect(await read()).toContain('Send again');
  expect((await act('resend', { delivery: mine })).status).toBe(303);
  expect(house.db.query('SELECT state FROM deliveries WHERE id = $id').get({ id: mine })).toEqual({ state: 'waiting' });
  expect((await act('resend', { delivery: other })).status).toBe(404);
  house.db.run(`UPDATE webhooks SET state = 'paused' WHERE id = '${webhook.id}'`);
  expect((await act('resend', { delivery: mine })).status).toBe(409);
});

test('a search by number, id, customer or words leads to the order; what was typed wrong is said', async () => {
  const { order, get, audit, house, iccid } = open();
  house.receive({ iccid, sender: 'Telegram', text: `Telegram code: 48213 ${HOSTILE}` });
  const find = async (query: string) => (await get(`${paths.deskOrders}?${query}`)).text();
  for (const query of [
    'q=07700+900001',
    `q=${order.id}`,
    'customer=anna@example.org',
    'q=telegram',
    'state=received',
    'from=2026-11-22&to=2026-11-22',
  ])
    expect(await find(query)).toContain(`data-order-id="${order.id}"`);
  for (const query of ['q=07700+900999', 'state=reported', 'from=2026-11-23']) expect(await find(query)).toContain('Nothing matches.');
  expect(await find('customer=nobody@example.org')).toContain('There is no customer of this address or id.');
  expect(await find('from=2026-11-22&to=2026-11-01')).toContain('The last day must not be before the first.');
  const messages = await (await get(`${paths.deskMessages}?q=48213`)).text();
  expect(messages).toContain('Telegram code: 48213 &lt;img');
  expect(audit().map(({ detail }) => detail)).toEqual(['Its text was shown in a search of messages.']);
});
