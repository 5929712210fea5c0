import { expect, test } from 'bun:test';
import { createKey } from '../../src/accounts/keys.ts';
import { balanceView } from '../../src/balance/present.ts';
import { topUp } from '../../src/ledger/ledger.ts';
import { mailPreferences, setLowBalance, setLowBalanceDefault, setMailPreferences } from '../../src/mail/preferences.ts';
import { setMailOn } from '../../src/mail/queue.ts';
import { rent } from '../../src/rentals/rentals.ts';
import { makeRoom } from '../rentals/room.ts';
import { adminHouse } from '../support/admin-house.ts';

test('the mark is the operator’s until a customer sets one, also none', () => {
  const { house, anna } = makeRoom();
  const mark = () => balanceView(house.db, anna, 'USD').lowBelowMinor;
  expect(mark()).toBeNull();
  house.write((tx) => setLowBalanceDefault(tx, 6000));
  expect(mark()).toBe(6000);
  house.write((tx) => setLowBalance(tx, anna, 5000));
  expect([mark(), mailPreferences(house.db, anna).lowBalanceMinor]).toEqual([null, 5000]);
  house.write((tx) => setLowBalance(tx, anna, 0));
  expect(mark()).toBeNull();
});

test('the mail of it comes once for each fall below, and again only after a top-up that reached the mark', () => {
  const room = makeRoom({}, 4);
  const { house, anna } = room;
  house.write((tx) => {
    setMailOn(tx, true);
    setMailPreferences(tx, anna, { ...mailPreferences(tx.db, anna), low_balance: true, lowBalanceMinor: 4500 });
  });
  const mails = () => house.db.query("SELECT 1 FROM deliveries WHERE topic = 'low_balance'").all().length;
  const buy = () => house.write((tx) => rent(tx, house.terms, room.request()));
  const pay = (amountMinor: number) => house.write((tx) => topUp(tx, house.terms, { userId: anna, amountMinor, reference: null }));
  buy();
  expect([balanceView(house.db, anna, 'USD').lowBelowMinor, mails()]).toEqual([4500, 1]);
  buy();
  pay(100);
  expect(mails()).toBe(1);
  pay(1500);
  expect(balanceView(house.db, anna, 'USD').lowBelowMinor).toBeNull();
  buy();
  expect(mails()).toBe(2);
});

test('is set on the balance page, also without a mail server, and refused with what would be right', async () => {
  const s = adminHouse();
  const cookie = s.signIn('customer');
  const page = async () => (await s.get('/dashboard/balance', { cookie })).text();
  expect((await s.post('/dashboard/balance/low', { low: '5' }, { cookie })).status).toBe(303);
  expect(await page()).toContain('Low: below $5.00.');
  const { id: userId } = s.house.db.query<{ id: string }, []>("SELECT id FROM users WHERE role = 'customer'").get() ?? { id: '' };
  const key = s.house.write((tx) => createKey(tx, s.house.terms.random, { userId, name: 'x', scopes: ['balance:read'] })).secret;
  const api = async () => (await s.get('/api/v1/balance', { cookie: '', authorization: `Bearer ${key}` })).json();
  expect(await api()).toEqual({ currency: 'USD', available: 0, held: 0, low_below: 500 });
  const refused = await s.post('/dashboard/balance/low', { low: 'much' }, { cookie });
  expect([refused.status, (await refused.text()).includes('such as 5.00, or nothing')]).toEqual([422, true]);
  expect((await s.post('/dashboard/balance/low', { low: '' }, { cookie })).status).toBe(303);
  expect(await page()).not.toContain('data-low-balance');
  expect(await api()).toEqual({ currency: 'USD', available: 0, held: 0 });
  expect(await (await s.get('/dashboard/rentals', { cookie })).text()).not.toContain('data-low-balance');
});
