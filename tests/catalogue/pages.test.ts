import { expect, test } from 'bun:test';
import { type AdminHouse, adminHouse } from '../support/admin-house.ts';

const CATALOGUE = '/admin/catalogue';

async function upload(
  house: AdminHouse,
  text: string | Uint8Array<ArrayBuffer>,
  mode = 'some',
  headers: Record<string, string> = {},
): Promise<Response> {
  const form = new FormData();
  form.set('mode', mode);
  form.set('file', new File([text], 'list.csv', { type: 'text/csv' }));
  const packed = await new Response(form).blob();
  const body = await packed.arrayBuffer();
  return house.app.handle(
    new Request(`http://localhost${CATALOGUE}/files/import`, {
      method: 'POST',
      headers: {
        ...{ cookie: house.operator, accept: 'text/html', origin: 'http://localhost:8080', 'content-length': String(body.byteLength) },
        ...{ 'content-type': packed.type, ...headers },
      },
      body,
    }),
  );
}
const location = (answer: Response): string => answer.headers.get('location') ?? '';
const offers = ({ house }: AdminHouse) =>
  house.db
    .query<{ o: string }, []>(
      "SELECT country || ' ' || service || ' ' || carrier || ' ' || price_minor || ' ' || coalesce(CAST(window_minutes AS INTEGER), '-') AS o FROM offers ORDER BY 1",
    )
    .all()
    .map(({ o }) => o);

test('without any price the pages say what to do first', async () => {
  const house = adminHouse();
  for (const path of [CATALOGUE, `${CATALOGUE}/prices`]) {
    const page = await (await house.get(path)).text();
    expect(page).toContain('No offers yet.');
    expect(page).toContain(`href="${CATALOGUE}/files"`);
  }
  const csv = await house.get(`${CATALOGUE}/files/prices.csv`);
  expect(await csv.text()).toBe('country,service,carrier,price_usd,window_minutes\r\n');
  expect(csv.headers.get('content-disposition')).toContain('prices.csv');
});

test('a list is looked at, confirmed, seen in the export, taken back; each step in the audit log', async () => {
  const house = adminHouse();
  house.house.offer('telegram', 45);
  house.house.offer('uber', 30);
  const answer = await upload(house, '\ufeffcountry;service;price_usd\r\ngb;telegram;0,50\r\nde;viber;1,20\r\n', 'whole');
  expect(answer.status).toBe(303);
  const plan = location(answer);
  const page = await (await house.get(plan)).text();
  for (const text of ['list.csv as the whole list', 'Change these 3 prices', '+11.1 %', '1 offer is taken away', '$0.45', '$0.50'])
    expect(page).toContain(text);
  expect(offers(house)).toEqual(['gb telegram  45 -', 'gb uber  30 -']);
  expect(await house.postAndFollow(`${plan}/confirm`, {})).toContain('1 new, 1 changed, 1 removed, 0 unchanged');
  expect(offers(house)).toEqual(['de viber  120 -', 'gb telegram  50 -']);
  expect((await house.post(`${plan}/confirm`, {})).status).toBe(409);
  const csv = await (await house.get(`${CATALOGUE}/files/prices.csv`)).text();
  expect(csv).toBe('country,service,carrier,price_usd,window_minutes\r\nde,viber,,1.20,\r\ngb,telegram,,0.50,\r\n');
  expect(location(await upload(house, csv, 'whole'))).toContain('/changes/chg_');
  await house.postAndFollow(`${plan}/undo`, {});
  expect(offers(house)).toEqual(['gb telegram  45 -', 'gb uber  30 -']);
  expect(house.audit().map(({ action }) => action)).toEqual(['prices.import', 'prices.undo']);
});

test('bad lines are named on the page and nothing is kept', async () => {
  const house = adminHouse();
  const answer = await upload(house, 'country,service,price_usd\nuk,telegram,0.50\ngb,te"le,0.45\ngb,<b>x</b>,0.50\ngb,telegram,0.50\n');
  expect(answer.status).toBe(422);
  const page = await answer.text();
  for (const text of ['list.csv', '3 bad lines', 'Line 2', 'ISO 3166-1', 'Line 3', 'quotation mark', 'Line 4', '&lt;b&gt;x'])
    expect(page).toContain(text);
  expect(page).not.toContain('<b>x</b>');
  expect(house.house.db.query('SELECT count(*) AS n FROM price_changes').get()).toEqual({ n: 0 });
  expect((await upload(house, '')).status).toBe(422);
});

test('a plan that prices overtook is made anew and shown, nothing is done; a whole list still takes away what is not on it', async () => {
  const house = adminHouse();
  house.house.offer('telegram', 45);
  const plan = location(await upload(house, 'country,service,price_usd\ngb,telegram,0.45\nde,viber,1.20\n', 'whole'));
  house.house.offer('uber', 30);
  const refused = await house.post(`${plan}/confirm`, {});
  expect(refused.status).toBe(409);
  const page = await refused.text();
  expect(page).toContain('Prices were changed meanwhile');
  expect(offers(house)).toEqual(['gb telegram  45 -', 'gb uber  30 -']);
  const again = /action="([^"]+)\/confirm"/.exec(page)?.[1] ?? '';
  expect(again).not.toBe(plan);
  await house.postAndFollow(`${again}/confirm`, {});
  expect(offers(house)).toEqual(['de viber  120 -', 'gb telegram  45 -']);
});

test('an upload has its own limit, asked who sends it first', async () => {
  const house = adminHouse();
  const big = (octets: number) => upload(house, new Uint8Array(octets).fill(65));
  expect((await big(2 * 1024 * 1024)).status).toBe(422);
  const refused = await big(17 * 1024 * 1024);
  expect(refused.status).toBe(413);
  expect(await refused.text()).toContain('16448 KiB');
  const other = await house.post(`${CATALOGUE}/prices`, { country: 'x'.repeat(1_100_000) }, { 'content-length': '1100010' });
  expect(other.status).toBe(413);
  expect((await upload(house, 'x', 'some', { cookie: house.signIn('customer') })).status).toBe(403);
  expect(location(await upload(house, 'x', 'some', { cookie: '' }))).toContain('/sign-in');
});

test('a price is set, changed where it stands, refused by field, removed, and undone', async () => {
  const house = adminHouse();
  const set = (form: Record<string, string>) =>
    house.post(`${CATALOGUE}/prices`, { new: '1', country: 'GB', service: 'telegram', price: '0.45', ...form });
  expect((await set({})).status).toBe(303);
  expect(await house.postAndFollow(`${CATALOGUE}/prices`, { country: 'gb', service: 'telegram', price: '0,6', window: '30' })).toContain(
    'telegram in gb: 0 new, 1 changed',
  );
  expect(offers(house)).toEqual(['gb telegram  60 30']);
  const refused = await house.post(`${CATALOGUE}/prices`, { country: 'gb', service: 'telegram', price: '0.999', window: 'soon' });
  expect(refused.status).toBe(422);
  const page = await refused.text();
  for (const text of ['value="0.999"', 'at most 2 decimals', 'number of minutes, or leave it empty']) expect(page).toContain(text);
  for (const [form, text] of [
    [{ country: 'uk' }, 'ISO 3166-1'],
    [{ service: 'barclays' }, 'not offered here'],
    [{ price: '0' }, 'from 1 to'],
    [{ window: '9999' }, 'from 0.05 to 1440'],
    [{ carrier: 'Voda Fone' }, 'The carrier must be'],
  ] as const) {
    const answer = await set(form);
    expect([form, answer.status >= 400]).toEqual([form, true]);
    expect(await answer.text()).toContain(text);
  }
  await house.postAndFollow(`${CATALOGUE}/prices`, { country: 'gb', service: 'telegram', remove: '1' });
  expect(offers(house)).toEqual([]);
  const undo = /action="([^"]+\/undo)"/.exec(await (await house.get(`${CATALOGUE}/changes`)).text())?.[1] ?? '';
  await house.postAndFollow(undo, {});
  expect(offers(house)).toEqual(['gb telegram  60 30']);
});

test('many prices at once are planned: those there are, or new ones too', async () => {
  const house = adminHouse();
  house.house.offer('telegram', 45);
  house.house.offer('telegram', 40, { country: 'de' });
  house.house.offer('uber', 30);
  const many = (form: Record<string, string>) => house.post(`${CATALOGUE}/prices/many`, { many_price: '0.70', ...form });
  const plan = location(await many({ category: 'messengers' }));
  await house.postAndFollow(`${plan}/confirm`, {});
  expect(offers(house)).toEqual(['de telegram  70 -', 'gb telegram  70 -', 'gb uber  30 -']);
  const made = location(await many({ service: 'viber', countries: 'fr, de', create: '1', many_window: '15' }));
  await house.postAndFollow(`${made}/confirm`, {});
  expect(offers(house)).toContain('fr viber  70 15');
  for (const [form, text] of [
    [{}, 'one of both'],
    [{ service: 'viber', category: 'social' }, 'one of both'],
    [{ service: 'viber', countries: 'uk' }, 'is no country'],
    [{ service: 'wickr' }, 'no price yet'],
    [{ service: 'viber', many_price: 'x' }, 'Write an amount'],
  ] as const) {
    const answer = await many(form);
    expect([form, answer.status]).toEqual([form, 422]);
    expect(await answer.text()).toContain(text);
  }
});

test('rules are added, previewed, moved, applied, scheduled, canceled', async () => {
  const house = adminHouse();
  house.house.offer('telegram', 45, { country: 'de' });
  house.house.offer('uber', 30, { country: 'de' });
  const rules = `${CATALOGUE}/rules`;
  const preview = await (await house.get(`${rules}/preview?category=messengers&country=de&change=percent&amount=%2B20`)).text();
  expect(preview).toContain('Messengers in Germany +20 %, by itself');
  expect(preview).toContain('$0.54');
  expect(await (await house.get(`${rules}/preview?change=percent&amount=`)).text()).toContain('Write percent');
  await house.postAndFollow(rules, { category: 'messengers', country: 'de', change: 'percent', amount: '+20' });
  await house.postAndFollow(rules, { change: 'minimum', amount: '0.40' });
  expect((await house.post(rules, { change: 'set', amount: 'x' })).status).toBe(422);
  const page = await (await house.get(rules)).text();
  expect(page).toContain('What they would do now');
  const second = 'All services at least $0.40';
  expect((await house.post(`${rules}/0/down`, { words: second })).status).toBe(409);
  await house.postAndFollow(`${rules}/1/up`, { words: second });
  expect((await (await house.get(rules)).text()).indexOf(second)).toBeLessThan(page.indexOf(second));
  const plan = location(await house.post(`${rules}/plan`, {}));
  await house.postAndFollow(`${plan}/confirm`, {});
  expect(offers(house)).toEqual(['de telegram  54 -', 'de uber  40 -']);
  for (const at of ['', 'soon', '2020-01-01T00:00', '2026-02-30T10:00', '2099-01-01T00:00']) {
    expect([at, (await house.post(`${rules}/schedule`, { at })).status]).toEqual([at, 422]);
  }
  expect(await house.postAndFollow(`${rules}/schedule`, { at: '2026-12-01T08:00' })).toContain('To come');
  const cancel = /action="([^"]+\/cancel)"/.exec(await (await house.get(`${CATALOGUE}/changes`)).text())?.[1] ?? '';
  expect(await house.postAndFollow(cancel, {})).toContain('canceled');
  expect((await house.post(cancel, {})).status).toBe(409);
  await house.postAndFollow(`${rules}/0/remove`, { words: second });
  expect(house.audit().map(({ action }) => action)).toEqual([
    ...[
      'prices.rule_added',
      'prices.rule_added',
      'prices.rule_moved',
      'prices.rules',
      'prices.schedule',
      'prices.cancel',
      'prices.rule_moved',
    ],
  ]);
});

test('services are searched, paged, hidden and shown; own ones are named', async () => {
  const house = adminHouse();
  house.house.offer('telegram', 45);
  const all = await (await house.get(CATALOGUE)).text();
  expect(all).toMatch(/\d{3} of \d{3} services/);
  expect(all).toContain('Page 1 of');
  expect(all.match(/<li data-service=/g)?.length).toBe(50);
  expect(await (await house.get(`${CATALOGUE}?page=99`)).text()).toContain('Previous');
  const found = await (await house.get(`${CATALOGUE}?q=teleg&category=messengers&show=priced`)).text();
  expect(found.match(/<li data-service="telegram"/g)?.length).toBe(1);
  expect(await house.postAndFollow(`${CATALOGUE}/services/telegram/hide`, {})).toContain('telegram: hidden');
  expect(await (await house.get('/')).text()).not.toContain('data-service="telegram"');
  await house.postAndFollow(`${CATALOGUE}/services/telegram/show`, {});
  house.house.clock.pass(2000);
  expect(await (await house.get('/')).text()).toContain('data-service="telegram"');
  const own = await house.postAndFollow(`${CATALOGUE}/services`, { name: 'eTaxi <i>', category: 'rides' });
  expect(own).toContain('eTaxi &lt;i&gt;');
  expect(own).not.toContain('<i>');
  expect((await house.post(`${CATALOGUE}/services`, { name: '', category: 'rides' })).status).toBe(422);
  expect((await house.post(`${CATALOGUE}/services/Not%20A%20Slug/hide`, {})).status).toBe(404);
});

test('what is not there is said so', async () => {
  const house = adminHouse();
  for (const path of ['/changes/chg_none', '/changes/chg_none/confirm', '/changes/chg_none/undo', '/changes/chg_none/cancel']) {
    const answer = path.endsWith('none') ? await house.get(`${CATALOGUE}${path}`) : await house.post(`${CATALOGUE}${path}`, {});
    expect([path, answer.status]).toEqual([path, 404]);
  }
  expect(await (await house.get(`${CATALOGUE}/prices?country=de&service=%3Cscript%3E`)).text()).not.toContain('<script>');
  expect((await house.post(`${CATALOGUE}/rules/plan`, {})).status).toBe(409);
  expect((await house.get(`${CATALOGUE}/files/import`)).status).toBe(303);
});
