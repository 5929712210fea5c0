import { expect, test } from 'bun:test';
import { UnderWay } from '../../src/admin/under-way.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { slotPath } from '../../views/paths.ts';
import { adminHouse, snapshot } from '../support/admin-house.ts';
import { seen } from '../views/markup.ts';

const SLOT = '/dev/test1';

function open() {
  const admin = adminHouse();
  admin.house.sim(1);
  admin.bank.modems = [snapshot(1)];
  const { promise, resolve } = Promise.withResolvers<void>();
  admin.bank.gate = promise;
  const ask = () => admin.post(slotPath(SLOT, 'act'), { verb: 'number' });
  return { ...admin, finish: resolve, ask };
}

test('an action that takes long is shown as under way at once, and its result comes to whoever waits for it', async () => {
  const { get, house, ask, bank, finish, audit } = open();
  bank.answer = { ok: true, detail: 'The network says +447700900001.' };
  const answer = await ask();
  const waiting = answer.headers.get('location') ?? '';
  expect(waiting).toBe(`${slotPath(SLOT)}?asked=1`);
  house.clock.pass(12_000);
  const html = await (await get(waiting)).text();
  expect(seen(html).text).toContain('Ask the network for the number: under way for 12 s. The result appears here by itself.');
  expect(html).toContain('<noscript><meta http-equiv="refresh" content="3"/></noscript>');
  expect(html).toMatch(/<button[^>]*value="number"[^>]* disabled/);
  // Who only looks at the slot sees it too, and nothing of his is switched off or loaded anew.
  const other = await (await get(slotPath(SLOT))).text();
  expect(seen(other).text).toContain('Ask the network for the number: under way for 12 s.');
  expect(other).not.toMatch(/http-equiv="refresh"|value="number"[^>]* disabled/);
  expect(audit()).toEqual([]);
  finish();
  await Bun.sleep(20);
  const polled = await get(`${slotPath(SLOT, 'now')}?asked=1`, { 'hx-request': 'true' });
  const result = polled.headers.get('hx-redirect') ?? '';
  expect(result).toMatch(/\?done=\d+$/);
  expect((await get(waiting)).headers.get('location')).toBe(result);
  expect(seen(await (await get(result)).text()).text).toContain('The network says +447700900001.');
  expect(audit()).toEqual([{ action: 'slot.number', target: SLOT, detail: 'The network says +447700900001.' }]);
});

test('a second action in the slot waits for the first, and the modem is asked once', async () => {
  const { ask, bank, post, finish } = open();
  await ask();
  const again = await ask();
  expect(again.status).toBe(409);
  expect(seen(await again.text()).text).toContain('wait for its result');
  expect((await post(slotPath(SLOT, 'act'), { verb: 'reset' })).status).toBe(409);
  expect(bank.asked).toEqual([`number ${SLOT}`]);
  finish();
  await Bun.sleep(20);
  expect((await post(slotPath(SLOT, 'act'), { verb: 'reset' })).status).toBe(303);
});

test('a result that cannot be written down is told as that', async () => {
  const { get, house, ask, finish } = open();
  await ask();
  house.db.run("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'disk full'); END");
  finish();
  await Bun.sleep(20);
  expect(seen(await (await get(`${slotPath(SLOT)}?asked=1`)).text()).text).toContain('could not be written down');
  expect(seen(await (await get(slotPath(SLOT))).text()).text).not.toContain('could not be written down');
});

test('an id of nothing, or of an earlier server, is an ordinary page', async () => {
  const { get } = open();
  for (const asked of ['7', '', '<b>']) expect((await get(`${slotPath(SLOT)}?asked=${encodeURIComponent(asked)}`)).status).toBe(200);
});

test('what is quick is waited for; what fails at once says so', async () => {
  const underWay = new UnderWay(() => 0);
  expect(await underWay.begin('a', 'reset', async () => '12', 1000)).toMatchObject({ state: 'done', auditId: '12' });
  const failing = async () => {
    throw new Refusal('unavailable', 'The disk is full.');
  };
  expect(underWay.begin('a', 'reset', failing, 1000)).rejects.toThrow('The disk is full.');
});
