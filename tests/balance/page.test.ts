import { describe, expect, test } from 'bun:test';
import { auditLedger, balanceOf, topUp } from '../../src/ledger/ledger.ts';
import { mailPreferences, setMailPreferences } from '../../src/mail/preferences.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { createBatch } from '../../src/vouchers/vouchers.ts';
import { adminHouse } from '../support/admin-house.ts';

function scene() {
  const s = adminHouse();
  const cookie = s.signIn('customer');
  const { db, terms } = s.house;
  const userId = db.query<{ id: string }, []>("SELECT id FROM users WHERE role = 'customer'").get()?.id ?? '';
  const make = (count = 3) =>
    s.house.write((tx) =>
      createBatch(tx, terms, { count, amountMinor: 1250, expiresAtMs: null, note: '', createdBy: null, formKey: null }),
    );
  const redeem = (code: string) => s.post('/dashboard/balance/redeem', { code }, { cookie });
  const text = async (query = '') => (await s.get(`/dashboard/balance${query}`, { cookie })).text();
  return { ...s, cookie, userId, make, redeem, text };
}

describe('/dashboard/balance', () => {
  test('begins empty, and says how to have money', async () => {
    const html = await scene().text();
    expect(html).toContain('Nothing has moved yet.');
    expect(html).toContain('Ask the operator');
    expect(html).toContain('aria-current="page"><span>Balance</span>');
  });

  test('a voucher typed anyhow is money, once, and stands in the list with its balance', async () => {
    const s = scene();
    const [code = ''] = s.make().codes;
    const answer = await s.redeem(` ${code.toLowerCase().slice(0, 8)} ${code.slice(8)} `);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/dashboard/balance?notice=voucher-redeemed']);
    const html = await s.text('?notice=voucher-redeemed');
    expect(html).toContain('Redeemed. The money is on your balance.');
    expect(html).toContain('data-change-minor="1250"');
    expect(html).toContain('data-after-minor="1250"');
    expect(html).toContain(`Voucher …${code.slice(-4)}`);
    expect(html).not.toContain('voucher:vch_');
    const again = await s.redeem(code);
    expect(again.status).toBe(409);
    expect(await again.text()).toContain('You redeemed this voucher already');
  });

  test('a wrong code comes back as it was typed, with what is wrong beside it', async () => {
    const s = scene();
    const answer = await s.redeem('7K3M-"><b>');
    const html = await answer.text();
    expect(answer.status).toBe(422);
    expect(html).toContain('No voucher has this code.');
    expect(html).toContain('value="7K3M-&#34;&gt;&lt;b&gt;"');
    expect(html).toContain('aria-invalid="true"');
    expect((await s.redeem('')).status).toBe(422);
  });

  test('who guesses is stopped, even with a right code; who types right ones is not', async () => {
    const s = scene();
    const { codes } = s.make(20);
    for (const code of codes.slice(0, 15)) expect((await s.redeem(code)).status).toBe(303);
    for (let n = 0; n < 10; n++) expect((await s.redeem('0000-0000-0000-0001')).status).toBe(422);
    const stopped = await s.redeem(codes[19] ?? '');
    expect(stopped.status).toBe(429);
    expect(await stopped.text()).toContain('Too many voucher codes that are none from this account. Try again in');
    s.house.clock.pass(3_600_000 / 10);
    expect((await s.redeem(codes[19] ?? '')).status).toBe(303);
    expect(balanceOf(s.house.db, s.userId, 'USD').availableMinor).toBe(16 * 1250);
    expect(auditLedger(s.house.db)).toEqual([]);
  });

  test('is filtered by kind and by day, links orders, and says so when nothing is left', async () => {
    const s = scene();
    s.house.sim(1);
    s.house.offer('telegram', 250);
    s.house.write((tx) => topUp(tx, s.house.terms, { userId: s.userId, amountMinor: 1000, reference: 'transfer <7>' }));
    s.house.clock.pass(86_400_000);
    const order = s.house.write((tx) =>
      placeOrder(tx, s.house.terms, { userId: s.userId, country: 'gb', service: 'telegram', maxPriceMinor: null }),
    );
    const all = await s.text();
    expect(all).toContain(`href="/dashboard/orders/${order.id}"`);
    expect(all).toContain('transfer &lt;7&gt;');
    expect(all).toContain('data-after-minor="750"');
    const rows = (html: string) => [...html.matchAll(/data-kind="(\w+)"/g)].map(([, kind]) => kind);
    expect(rows(all)).toEqual(['hold', 'top_up']);
    expect(rows(await s.text('?kind=top_up'))).toEqual(['top_up']);
    expect(rows(await s.text('?from=2026-11-23'))).toEqual(['hold']);
    expect(rows(await s.text('?to=2026-11-22'))).toEqual(['top_up']);
    expect(await s.text('?kind=refund')).toContain('No movement matches.');
    const wrong = await s.text('?from=2026-11-23&to=2026-11-22');
    expect(wrong).toContain('The last day must not be before the first.');
    expect(rows(wrong)).toHaveLength(2);
  });

  test('goes on page by page with the filter kept', async () => {
    const s = scene();
    for (let n = 0; n < 120; n++) {
      s.house.clock.pass(1);
      s.house.write((tx) => topUp(tx, s.house.terms, { userId: s.userId, amountMinor: 1, reference: null }));
    }
    const seen: string[] = [];
    let query: string | undefined = '?kind=top_up';
    while (query !== undefined) {
      const html: string = await s.text(query);
      seen.push(...[...html.matchAll(/data-after-minor="(\d+)"/g)].map(([, after]) => after ?? ''));
      query = /rel="next" href="[^"?]*(\?[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
      if (query) expect(query).toContain('kind=top_up');
    }
    expect(seen).toEqual(Array.from({ length: 120 }, (_, n) => String(120 - n)));
  });

  test('is low when the customer said so, here and on the dashboard', async () => {
    const s = scene();
    const dashboard = async () => (await s.get('/dashboard', { cookie: s.cookie })).text();
    expect(await dashboard()).not.toContain('data-low-balance');
    const wanted = { ...mailPreferences(s.house.db, s.userId), low_balance: true, lowBalanceMinor: 500 };
    s.house.write((tx) => setMailPreferences(tx, s.userId, wanted));
    expect(await dashboard()).toContain('Low: below $5.00.');
    expect(await s.text()).toContain('Low: below $5.00.');
    s.house.write((tx) => topUp(tx, s.house.terms, { userId: s.userId, amountMinor: 500, reference: null }));
    expect(await dashboard()).not.toContain('data-low-balance');
  });

  test('is one’s own, after signing in', async () => {
    const s = scene();
    const asked = await s.get('/dashboard/balance', { cookie: '' });
    expect(asked.headers.get('location')).toStartWith('/sign-in');
    const posted = await s.post('/dashboard/balance/redeem', { code: 'x' }, { cookie: '' });
    expect(posted.headers.get('location') ?? String(posted.status)).toMatch(/^\/sign-in|401/);
  });
});
