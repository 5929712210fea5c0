import { expect, test } from 'bun:test';
import { type Log, silentLog } from '../../src/lib/log.ts';
import { recordEvents } from '../../src/sims/history.ts';
import { simPagePath, slotPath } from '../../views/paths.ts';
import { adminHouse, snapshot } from '../support/admin-house.ts';
import { START_MS } from '../support/house.ts';
import { seen } from '../views/markup.ts';

const SLOT = '/dev/test1';
const here = slotPath(SLOT);

function open(log: Log = silentLog) {
  const admin = adminHouse({ log });
  const iccid = admin.house.sim(1);
  admin.bank.modems = [snapshot(1)];
  return { ...admin, iccid };
}

test.each(['/dev/test1', 'tcp://10.0.0.7:4001', '1-1.4:1.2', '/dev/serial/by-id/a b%2F?#&ü'])(
  'the slot %s has a page of its own',
  async (slot) => {
    const { bank, get } = open();
    bank.modems = [snapshot(1, { slot })];
    const answer = await get(slotPath(slot));
    expect(answer.status).toBe(200);
    const { text, attributes } = seen(await answer.text());
    expect(text).toContain(slot);
    expect(attributes).toContainEqual({ tag: 'div', name: 'hx-get', value: `${slotPath(slot)}/now` });
    expect((await get(`${slotPath(slot)}/now`)).status).toBe(200);
  },
);

test('it shows who is in the slot, how it does and what is wrong, with what to do', async () => {
  const { bank, get } = open();
  const alarms = [{ code: 'denied' as const, text: 'The network refuses this SIM.', sinceMs: START_MS - 60_000 }];
  bank.modems = [snapshot(1, { alarms, registration: 'denied' })];
  const { text } = seen(await (await get(here)).text());
  for (const words of [
    '-73 dBm',
    'Testnet',
    'SM 3/20',
    '12 / 1',
    '4 ms',
    '1 / 0',
    'generic',
    '115200',
    'Network refuses the SIM',
    'Ask its carrier',
  ])
    expect(text).toContain(words);
});

test.each([
  ['pause', 'pause'],
  ['resume', 'resume'],
  ['reconnect', 'reconnect'],
  ['reset', 'reset'],
  ['radio', 'radio'],
  ['number', 'number'],
])('%s is done, told and written down', async (verb, asked) => {
  const { bank, postAndFollow, audit } = open();
  bank.answer = { ok: true, detail: `Done with <b>${verb}</b>.` };
  const page = await postAndFollow(`${here}/act`, { verb });
  expect(bank.asked).toEqual([`${asked} ${SLOT}`]);
  expect(seen(page).text).toContain(`Done with <b>${verb}</b>.`);
  expect(page).toContain('class="notice" role="status"');
  expect(audit()).toEqual([{ action: `slot.${verb}`, target: SLOT, detail: `Done with <b>${verb}</b>.` }]);
});

test('what the modem refuses is told in its words', async () => {
  const { bank, postAndFollow, audit } = open();
  bank.answer = { ok: false, detail: 'It was restarted a moment ago.' };
  const page = await postAndFollow(`${here}/act`, { verb: 'reset' });
  expect(page).toContain('class="problem" role="alert"');
  expect(seen(page).text).toContain('It was restarted a moment ago.');
  expect(audit()[0]?.detail).toBe('Refused: It was restarted a moment ago.');
});

test('the result of one slot is not shown on another, and nothing of the address is', async () => {
  const { bank, post, get } = open();
  bank.modems = [snapshot(1), snapshot(2)];
  const location = (await post(`${here}/act`, { verb: 'radio' })).headers.get('location') ?? '';
  const id = new URL(location, 'http://localhost').searchParams.get('done');
  expect(seen(await (await get(`${slotPath('/dev/test2')}?done=${id}`)).text()).text).not.toContain('It was done.');
  expect(await (await get(`${here}?done=%3Cb%3Eowned`)).text()).not.toContain('owned');
});

const forms: [string, Record<string, string>][] = [
  ['act', { verb: 'reset' }],
  ['pin', { pin: '1234' }],
  ['console', { command: 'AT' }],
  ['fault', { name: 'deaf', on: 'yes' }],
];

test.each(forms)('%s is for the operator alone, from our own pages, on a slot that is there', async (part, form) => {
  const { bank, post, signIn, audit } = open();
  const customer = signIn('customer');
  expect((await post(`${here}/${part}`, form, { cookie: customer })).status).toBe(403);
  const nobody = await post(`${here}/${part}`, form, { cookie: '' });
  expect([nobody.status, nobody.headers.get('location')]).toEqual([303, '/sign-in?next=%2Fdashboard']);
  expect((await post(`${here}/${part}`, form, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await post(`${slotPath('/dev/none')}/${part}`, form)).status).toBe(404);
  expect(bank.asked).toEqual([]);
  expect(audit()).toEqual([]);
});

test('pages, too, are for the operator alone, and unknown ones are not found', async () => {
  const { get, signIn, iccid } = open();
  const customer = signIn('customer');
  for (const path of [here, `${here}/now`, `${here}/dialogue.txt`, simPagePath(iccid), '/admin/bank', '/admin/bank/table'])
    expect((await get(path, { cookie: customer })).status).toBe(403);
  for (const path of [
    slotPath('/dev/none'),
    `${slotPath('/dev/none')}/now`,
    `${slotPath('/dev/none')}/dialogue.txt`,
    simPagePath('8900000000000000000'),
  ])
    expect((await get(path)).status).toBe(404);
});

test('an action nobody knows is refused', async () => {
  const { post, bank } = open();
  expect((await post(`${here}/act`, { verb: 'explode' })).status).toBe(422);
  expect((await post(`${here}/act`, {})).status).toBe(422);
  expect((await post(`${here}/fault`, { name: 'nonsense', on: 'yes' })).status).toBe(422);
  expect(bank.asked).toEqual([]);
});

test('a PIN is tried once and stands nowhere afterwards: no page, no trail, no log', async () => {
  const logged: string[] = [];
  const write = (event: string, fields = {}) => void logged.push(JSON.stringify([event, fields]));
  const { bank, house, postAndFollow, post, get } = open({ debug: write, info: write, warn: write, error: write });
  bank.modems = [snapshot(1, { state: 'pin_required', iccid: null })];
  const form = await (await get(here)).text();
  expect(form).toMatch(/<input id="pin" name="pin" type="password"[^>]* autocomplete="off"/);
  bank.answer = { ok: false, detail: 'The PIN 4711 was wrong; 2 tries left.' };
  const page = await postAndFollow(`${here}/pin`, { pin: '4711' });
  expect(bank.asked).toEqual([`pin ${SLOT} 4711`]);
  expect(seen(page).text).toContain('was wrong; 2 tries left.');
  const refused = await post(`${here}/pin`, { pin: '47x11' });
  expect(refused.status).toBe(422);
  const again = await refused.text();
  expect(seen(again).text).toContain('4 to 8 digits. Nothing was sent');
  const tooLong = await (await post(`${here}/pin`, { pin: '47x11'.repeat(20) })).text();
  const kept = house.db.query<{ detail: string }, []>('SELECT detail FROM audit UNION ALL SELECT detail FROM modem_events').all();
  for (const text of [page, again, tooLong, JSON.stringify(kept), logged.join('\n')]) expect(text).not.toMatch(/4711|47x11/);
  expect(bank.asked).toHaveLength(1);
});

test('the form for a PIN comes and goes with what changes by itself', async () => {
  const { bank, get } = open();
  bank.modems = [snapshot(1)];
  expect(await (await get(`${here}/now`)).text()).not.toContain('id="pin-entry"');
  bank.modems = [snapshot(1, { state: 'pin_required', iccid: null, lockedCard: { iccid: '8944', spent: 1 } })];
  const asked = await (await get(`${here}/now`)).text();
  expect(asked).toContain('id="pin-entry"');
  expect(asked).not.toContain('id="pin-statement"');
});

test('tries looked up in a phone are stated for one card, on purpose, and audited before the PIN is sent', async () => {
  const { bank, audit, post, postAndFollow, get } = open();
  const iccid = snapshot(1).iccid ?? '';
  bank.modems = [snapshot(1, { state: 'pin_required', iccid: null, lockedCard: { iccid, spent: 2 } })];
  const form = seen(await (await get(here)).text()).text;
  expect(form).toContain(`2 of the three tries of ${iccid} may be gone`);
  for (const half of [{ left: '3' }, { left: '', sure: 'yes' }]) {
    const refused = await post(`${here}/pin`, { pin: '4711', card: iccid, ...half });
    expect([refused.status, seen(await refused.text()).text]).toEqual([422, expect.stringContaining('tick that you looked them up')]);
  }
  expect((await post(`${here}/pin`, { pin: '4711', card: iccid, left: '1', sure: 'yes' })).status).toBe(422);
  expect(bank.asked).toEqual([]);
  await postAndFollow(`${here}/pin`, { pin: '4711', card: iccid, left: '3', sure: 'yes' });
  expect(bank.asked).toEqual([`pin ${SLOT} 4711 stated 3 ${iccid}`]);
  expect(audit().map(({ action }) => action)).toEqual(['slot.pin_tries', 'slot.pin']);
  expect(audit()[0]?.detail).toBe(`stated, looked up in a phone: ${iccid} has at least 3 tries left`);
});

test('a PIN is sent again to a card that refused it only when that is ticked', async () => {
  const { bank, postAndFollow, get } = open();
  bank.modems = [snapshot(1, { state: 'pin_required', iccid: null })];
  expect(seen(await (await get(here)).text()).text).toContain('Send it even if this card refused this very PIN before');
  await postAndFollow(`${here}/pin`, { pin: '4711' });
  await postAndFollow(`${here}/pin`, { pin: '4711', again: 'yes' });
  expect(bank.asked).toEqual([`pin ${SLOT} 4711`, `pin ${SLOT} 4711 again`]);
});

test('a doubled submission costs no second try', async () => {
  const { bank, post } = open();
  let release = (): void => {};
  bank.gate = new Promise((resolve) => {
    release = resolve;
  });
  const first = post(`${here}/pin`, { pin: '1234' });
  while (bank.asked.length === 0) await Bun.sleep(1);
  expect((await post(`${here}/pin`, { pin: '1234' })).status).toBe(409);
  release();
  expect((await first).status).toBe(303);
  expect(bank.asked).toHaveLength(1);
  expect((await post(`${here}/pin`, { pin: '1234' })).status).toBe(303);
});

test('the console shows what the modem answers, as text', async () => {
  const { bank, post, audit } = open();
  bank.said = { ok: true, lines: ['+COPS: 0,0,"<b id=x>Net</b>"'], final: 'OK' };
  const page = await (await post(`${here}/console`, { command: ' AT+COPS? ' })).text();
  expect(seen(page).text).toContain('+COPS: 0,0,"<b id=x>Net</b>"');
  expect(page).toContain('value="AT+COPS?"');
  expect(bank.asked).toEqual([`command ${SLOT} AT+COPS?`]);
  expect(audit()).toEqual([{ action: 'slot.command', target: SLOT, detail: 'AT+COPS? → answered' }]);
  const piece = await (await post(`${here}/console`, { command: 'AT' }, { 'hx-request': 'true' })).text();
  expect(piece).toStartWith('<section id="console"');
});

test('the console says why a command is refused, and writes no PIN down', async () => {
  const { bank, post, audit } = open();
  bank.said = { ok: false, detail: 'AT+CPIN is refused here: use the PIN form.' };
  const answer = await post(`${here}/console`, { command: 'AT+CPIN="4711"' });
  expect(answer.status).toBe(422);
  expect(seen(await answer.text()).text).toContain('use the PIN form');
  await post(`${here}/console`, { command: '+clck="SC",0,4711' });
  await post(`${here}/console`, { command: 'ATX=4711' });
  expect((await post(`${here}/console`, { command: '' })).status).toBe(422);
  expect(JSON.stringify(audit())).not.toContain('4711');
  expect(audit().map(({ detail }) => detail.split(' → ')[0])).toEqual(['AT+CPIN…', '+clck…', 'ATX=····']);
});

test('the dialogue can be downloaded as a text, one line a line', async () => {
  const { bank, get } = open();
  bank.lines = [
    { atMs: START_MS, direction: '>', text: 'AT+CSQ' },
    { atMs: START_MS + 5, direction: '<', text: '+CSQ: 20,99\r\nX' },
  ];
  const answer = await get(`${here}/dialogue.txt`);
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="dialogue-dev-test1.txt"');
  expect((await answer.text()).split('\n')).toEqual([
    expect.stringContaining('masked'),
    '2026-11-22T12:00:00.000Z > AT+CSQ',
    '2026-11-22T12:00:00.005Z < +CSQ: 20,99\\r\\nX',
    '',
  ]);
  expect(seen(await (await get(here)).text()).text).toContain('Codes and PINs in it are masked');
});

test('a virtual modem has switches for its faults, a real one has none', async () => {
  const { bank, get, postAndFollow, audit } = open();
  const page = await postAndFollow(`${here}/fault`, { name: 'deaf', on: 'yes' });
  expect(bank.asked).toEqual([`fault ${SLOT} deaf true`]);
  expect(page).toMatch(/data-fault="deaf" aria-pressed="true"/);
  expect(page).not.toMatch(/data-fault="reboot" aria-pressed/);
  expect(seen(page).text).toContain('This modem is virtual');
  expect(audit()[0]?.action).toBe('slot.fault.deaf');
  bank.on.clear();
  bank.modems = [snapshot(9, { virtual: false })];
  expect(await (await get(slotPath('/dev/test9'))).text()).not.toContain('data-fault');
});

test('a virtual modem that is unplugged, and cannot say that it is virtual, keeps its switches', async () => {
  const { bank, get } = open();
  bank.modems = [snapshot(1, { state: 'gone', virtual: false, iccid: null }), snapshot(9, { state: 'failed', virtual: false })];
  expect(await (await get(here)).text()).toContain('data-fault="deaf"');
  expect(await (await get(slotPath('/dev/test9'))).text()).not.toContain('data-fault');
  bank.virtualCount = 0;
  expect(await (await get(here)).text()).not.toContain('data-fault');
});

test('number and country of the SIM are set from the slot, and the mistake is shown with what was typed', async () => {
  const { house, iccid, postAndFollow, post, audit } = open();
  const page = await postAndFollow(`${simPagePath(iccid)}/set`, { number: '+44 7700 900555', country: 'IE', back: here });
  expect(seen(page).text).toContain('The number is +447700900555 now. The country is ie now.');
  expect(house.db.query('SELECT number, country FROM sims').get()).toEqual({ number: '+447700900555', country: 'ie' });
  expect(audit()).toEqual([{ action: 'sim.set', target: iccid, detail: 'The number is +447700900555 now. The country is ie now.' }]);
  const refused = await post(`${simPagePath(iccid)}/set`, { number: '07700<b>', country: 'gb', back: here });
  expect(refused.status).toBe(422);
  const text = await refused.text();
  expect(seen(text).text).toContain('must be E.164');
  expect(seen(text).attributes).toContainEqual({ tag: 'input', name: 'value', value: '07700&lt;b&gt;' });
  expect(audit()).toHaveLength(1);
  expect((await post('/admin/sims/8900000000000000000/set', { number: '+447700900555' })).status).toBe(404);
  expect((await post(`${simPagePath(iccid)}/set`, { country: 'de', back: '//evil.example/' })).headers.get('location')).toStartWith(
    '/admin/sims/',
  );
});

test.each(['pause', 'resume'])('%s of the SIM returns to the page it came from and is written down', async (verb) => {
  const { iccid, post, audit } = open();
  expect((await post(`${simPagePath(iccid)}/${verb}`, { back: here })).headers.get('location')).toStartWith(`${here}?notice=`);
  expect((await post(`${simPagePath(iccid)}/${verb}`, {})).headers.get('location')).toStartWith('/admin/bank?notice=');
  expect(audit().map(({ action }) => action)).toEqual([`sim.${verb}`, `sim.${verb}`]);
});

test('the history of a slot is paged, outlives the modem, and leads to the SIM and back', async () => {
  const { bank, house, iccid, get } = open();
  const event = { kind: 'fault' as const, slot: SLOT, port: SLOT, imei: null, iccid };
  house.write((tx) =>
    recordEvents(
      tx,
      Array.from({ length: 35 }, (_, n) => ({ ...event, atMs: START_MS + n, detail: `<i>number ${n}</i>.` })),
    ),
  );
  bank.modems = [];
  const first = await (await get(here)).text();
  expect(seen(first).text).toContain('No modem is in this slot');
  expect(seen(first).text).toContain('<i>number 34</i>.');
  expect(seen(first).text).not.toContain('number 4<');
  const next = /href="([^"]*cursor=\d+)#history"/.exec(first)?.[1] ?? '';
  const older = seen(await (await get(next)).text());
  expect(older.text).toContain('<i>number 4</i>.');
  expect(older.text).not.toContain('number 5<');
  expect(first).toContain(`href="${simPagePath(iccid)}"`);
  const sim = await (await get(simPagePath(iccid))).text();
  expect(sim).toContain(`href="${here}"`);
  expect(seen(sim).text).toContain('35 events');
});

test('the page of a SIM counts its messages and shows none', async () => {
  const { house, iccid, get } = open();
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213' });
  house.clock.pass(2 * 86_400_000);
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 99110' });
  const { text } = seen(await (await get(simPagePath(iccid))).text());
  expect(text).toContain('1 / 2 / 2');
  expect(text).not.toMatch(/48213|99110/);
});
