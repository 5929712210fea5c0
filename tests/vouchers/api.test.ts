import { expect, test } from 'bun:test';
import { createKey, type Scope } from '../../src/accounts/keys.ts';
import { createBatch } from '../../src/vouchers/vouchers.ts';
import { adminHouse } from '../support/admin-house.ts';

function scene() {
  const s = adminHouse();
  const { house } = s;
  const userId = house.customer('anna@example.org', 0);
  const key = (scopes: Scope[]) => house.write((tx) => createKey(tx, house.terms.random, { userId, name: 'test', scopes })).secret;
  const keys = { write: key(['balance:write']), read: key(['balance:read']) };
  const batch = { count: 3, amountMinor: 2000, expiresAtMs: null, note: '', createdBy: null, formKey: null };
  const { codes } = house.write((tx) => createBatch(tx, house.terms, batch));
  const redeem = async (body: unknown, more: Record<string, string> = {}, secret = keys.write) => {
    const answer = await s.app.handle(
      new Request('http://localhost/api/v1/balance/vouchers', {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...more },
        body: JSON.stringify(body),
      }),
    );
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return { ...s, keys, codes, redeem };
}

test('a code is money once; the same request under its key gets the first answer', async () => {
  const { codes, redeem } = scene();
  const [code = ''] = codes;
  const key = { 'idempotency-key': 'voucher-1' };
  const first = await redeem({ code: code.toLowerCase() }, key);
  expect(first).toMatchObject({ status: 200, body: { amount: 2000, currency: 'USD', available: 2000, held: 0 } });
  expect(await redeem({ code }, key)).toEqual(first);
  expect(await redeem({ code: codes[1] }, key)).toMatchObject({ status: 409, body: { type: 'idempotency_conflict' } });
  expect(await redeem({ code })).toMatchObject({ status: 409, body: { type: 'voucher_used' } });
  expect(await redeem({ code: codes[1] })).toMatchObject({ status: 200, body: { available: 4000 } });
});

test('of two requests at once one gets the money', async () => {
  const { codes, redeem } = scene();
  const answers = await Promise.all([redeem({ code: codes[0] }), redeem({ code: codes[0] })]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
});

test('needs its own scope and a code', async () => {
  const { codes, keys, redeem } = scene();
  expect((await redeem({ code: codes[0] }, {}, keys.read)).status).toBe(403);
  expect((await redeem({ code: codes[0] }, {}, 'smspin_none')).status).toBe(401);
  expect((await redeem({})).status).toBe(422);
  expect((await redeem({ code: codes[0], amount: 9 })).status).toBe(422);
});

test('who guesses is stopped, on the page and here together; who has right ones is not', async () => {
  const { codes, redeem } = scene();
  for (let n = 0; n < 10; n++)
    expect(await redeem({ code: 'no such code' })).toMatchObject({ status: 404, body: { type: 'voucher_unknown' } });
  expect(await redeem({ code: codes[0] })).toMatchObject({ status: 429, body: { type: 'limit_reached' } });
});
