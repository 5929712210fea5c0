import { expect, test } from 'bun:test';
import { placeOrder } from '../../src/orders/orders.ts';
import { slotPath } from '../../views/paths.ts';
import { UNCLEAR } from '../reviews/room.ts';
import { adminHouse, snapshot } from '../support/admin-house.ts';
import { MINUTE_MS } from '../support/house.ts';

const TEXT = 'Telegram code: 48213';

/** A message nobody ordered, and a part that is no message. */
function open() {
  const admin = adminHouse();
  const { house } = admin;
  const iccid = house.sim(1);
  house.receive({ iccid, sender: 'Telegram', text: TEXT });
  house.db.run(`INSERT INTO parts (fingerprint, iccid, imei, pdu, read_how, arrived_at_ms, stored_at_ms, sender, seq, set_aside)
    VALUES ('f', '${iccid}', '1', '00AA4821', 'sweep', 1, 1, '', 1, 'It is no SMS.')`);
  const id = (table: string) => house.db.query<{ id: string }, []>(`SELECT CAST(max(id) AS TEXT) AS id FROM ${table}`).get()?.id ?? '';
  return { ...admin, iccid, messageId: id('messages'), part: `part ${id('parts')}` };
}

test('who reads unmatched messages and raw parts is written down, without what he read', async () => {
  const { get, audit, messageId, part } = open();
  expect(await (await get('/admin/unmatched')).text()).toContain(TEXT);
  expect(audit()).toEqual([
    { action: 'message.reveal', target: messageId, detail: 'Its text was shown in the list of unmatched messages.' },
    { action: 'part.reveal', target: part, detail: 'Its raw PDU was shown in the list of unmatched messages.' },
  ]);
  expect(JSON.stringify(audit())).not.toMatch(/48213|00AA4821/);
});

test('a page that is reloaded tells nothing new, but an hour later, or another operator, does', async () => {
  const { get, audit, house, signIn, messageId } = open();
  await get('/admin/unmatched');
  await get('/admin/unmatched');
  await get(`/admin/reviews/${messageId}`);
  expect(audit()).toHaveLength(2);
  house.db.run("UPDATE users SET email = 'first@example.org' WHERE role = 'operator'");
  await get('/admin/unmatched', { cookie: signIn('operator') });
  expect(audit()).toHaveLength(4);
  house.clock.pass(61 * MINUTE_MS);
  await get('/admin/unmatched');
  expect(audit()).toHaveLength(6);
});

test('what cannot be written down is not shown', async () => {
  const { get, house } = open();
  house.db.run("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'disk full'); END");
  const answer = await get('/admin/unmatched');
  expect(answer.status).toBeGreaterThanOrEqual(500);
  expect(await answer.text()).not.toContain(TEXT);
});

test('reviews and reports are reveals too, and the page of a message tells who was shown it', async () => {
  const { get, audit, house, iccid } = open();
  house.offer('telegram', 40);
  const anna = house.customer('anna@example.org');
  house.db.run('DELETE FROM sim_uses');

  house.write((tx) => placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  house.receive({ iccid, ...UNCLEAR });
  await get('/admin/reviews');
  const [reveal] = audit();
  expect(audit()).toEqual([{ action: 'message.reveal', target: expect.any(String), detail: 'Its text was shown in the list of reviews.' }]);
  const page = await (await get(`/admin/reviews/${reveal?.target}`)).text();
  expect(page).toContain('What operators did');
  expect(page).toContain('Its text was shown in the list of reviews.');
  expect((await get('/admin/reviews/msg_none')).status).toBe(404);
  expect(audit()).toHaveLength(1);
});

test('each download of a dialogue is written down', async () => {
  const { get, audit, bank } = open();
  bank.modems = [snapshot(1)];
  bank.lines = [{ atMs: 0, direction: '>', text: 'AT+CSQ' }];
  const path = slotPath('/dev/test1', 'dialogue.txt');
  await get(path);
  await get(path);
  const entry = { action: 'slot.dialogue', target: '/dev/test1', detail: 'The dialogue was downloaded; lines in it: 1.' };
  expect(audit()).toEqual([entry, entry]);
  expect((await get(slotPath('/dev/nowhere', 'dialogue.txt'))).status).toBe(404);
  expect(audit()).toHaveLength(2);
});
