import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { ApiClient } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(120_000);
const running: Server[] = [];
afterAll(async () => {
  for (const server of running) await server.stop();
});

/** A browser without a window: keeps its cookie, follows nothing. */
async function signedIn(server: Server, role: 'operator' | 'customer') {
  const [, email = '', password = ''] = new RegExp(`as ${role} +(\\S+@\\S+) +(\\S+)`).exec(server.output()) ?? [];
  const send = (path: string, form: Record<string, string> | null, cookie = '') =>
    fetch(`${server.url}${path}`, {
      redirect: 'manual',
      headers: { cookie, accept: 'text/html', origin: server.url, ...(form && { 'content-type': 'application/x-www-form-urlencoded' }) },
      ...(form && { method: 'POST', body: new URLSearchParams(form).toString() }),
    });
  const answer = await send('/sign-in', { email, password });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  // Spaces in amounts do not break lines.
  const text = async (asked: Promise<Response>) => (await asked).text().then((markup) => markup.replaceAll('\u00a0', ' '));
  return {
    email,
    upload: (path: string, file: string, mode: string) => {
      const form = new FormData();
      form.set('mode', mode);
      form.set('file', new File([file], 'list.csv'));
      return fetch(`${server.url}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, accept: 'text/html', origin: server.url },
        body: form,
      });
    },
    page: (path: string) => text(send(path, null, cookie)),
    post: (path: string, form: Record<string, string>) => send(path, form, cookie),
    posted: (path: string, form: Record<string, string>) => text(send(path, form, cookie)),
  };
}

const COUNTRIES = ['gb', 'de', 'fr', 'es', 'it', 'pl', 'nl', 'se', 'us', 'ca', 'jp', 'kw'];

const CURRENCIES = [
  {
    ...{ currency: 'JPY', listed: '65', minor: 65, shown: '¥65', tooFine: '65.5', wrong: 'The price must be a whole number of JPY' },
    ...{ voucher: '1000', voucherMinor: 1000, voucherShown: '¥1,000', balance: /¥[\d,]+(?!\.)/, raised: '¥78' },
  },
  {
    ...{ currency: 'KWD', listed: '0.125', minor: 125, shown: 'KWD 0.125', tooFine: '0.1255', wrong: 'at most 3 decimals' },
    ...{ voucher: '1.5', voucherMinor: 1500, voucherShown: 'KWD 1.500', balance: /KWD \d+\.\d{3}/, raised: 'KWD 0.150' },
  },
] as const;

test.each(CURRENCIES)('$currency from the price list to the receipt, with its own minor units', async (one) => {
  const { currency, listed, minor, shown, tooFine, wrong } = one;
  const server = await startServer({
    env: { SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_MONEY_CURRENCY: currency, SMSPIN_MONEY_MINIMUM_PRICE: '5' },
  });
  running.push(server);
  const header = `country,service,carrier,price_${currency.toLowerCase()},window_minutes`;

  // Price lists, on the command line.
  const bad = await server.run(['offer', 'import', '-'], `${header}\ngb,telegram,,${listed},\ngb,uber,,${tooFine},\n`);
  expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining(`-:3: `)]);
  expect(bad.stderr).toContain(wrong);
  const list = `${header}\ngb,telegram,,${listed},\ngb,uber,,${listed},30\n`;
  const dry = await server.run(['offer', 'import', '-', '--replace', '--dry-run'], list);
  expect([dry.code, dry.stdout]).toEqual([0, expect.stringMatching(/1 new, 1 changed, \d+ removed, 0 unchanged; a dry run/)]);
  expect(dry.stdout.replaceAll('\u00a0', ' ')).toContain(`→ ${shown}`);
  expect((await server.run(['offer', 'import', '-', '--replace'], list)).stdout).toMatch(/^1 new, 1 changed/);
  expect((await server.run(['offer', 'export'])).stdout.trim()).toBe(list.trim());
  expect((await server.run(['offer', 'set', 'gb', 'viber', '--price', '4'])).stderr).toContain('money.minimum_price');

  // What a customer sees and pays.
  await Bun.sleep(1100);
  const customer = await signedIn(server, 'customer');
  for (const path of ['/', '/dashboard']) expect(await customer.page(path)).toContain(shown);
  const key = (await server.run(['key', 'create', customer.email])).stdout.trim();
  const api = new ApiClient(server.url, key);
  const order = await api.order('gb', 'telegram');
  expect(order.body).toMatchObject({ price: minor, currency });
  const dashboard = await customer.page('/dashboard');
  expect(dashboard).toContain(shown);
  expect(dashboard).toMatch(one.balance);
  expect(await customer.page('/dashboard/balance')).toContain(shown);

  // What the operator types and sees.
  const operator = await signedIn(server, 'operator');
  const batch = { count: '1', note: '', form_key: 'one', expires: '' };
  expect((await operator.post('/admin/vouchers', { ...batch, amount: tooFine })).status).toBe(422);
  const sheet = await operator.posted('/admin/vouchers', { ...batch, amount: one.voucher });
  expect(sheet).toContain(one.voucherShown);
  const code = /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/.exec(sheet)?.[0] ?? '';
  expect((await customer.post('/dashboard/balance/redeem', { code })).status).toBe(303);
  const balance = await customer.page('/dashboard/balance');
  const receipt = /href="(\/dashboard\/balance\/receipts\/[^"]+)"/.exec(balance)?.[1] ?? '';
  expect(await customer.page(receipt)).toContain(one.voucherShown);
  expect(
    (await api.call<{ data: { available: number }[] }>('GET', '/ledger')).body.data.some(({ available }) => available === one.voucherMinor),
  ).toBe(true);
  for (const path of ['/admin/catalogue', '/admin/catalogue/prices?country=gb', '/admin/rates', '/admin/vouchers', '/dashboard/rentals']) {
    const page = await operator.page(path);
    expect([path, page.includes('NaN'), /[¥]\d[\d,]*\.\d/.test(page)]).toEqual([path, false, false]);
  }
  expect(await operator.page('/admin/catalogue/prices?country=gb')).toContain(`value="${listed}"`);
  expect((await operator.post('/admin/catalogue/prices', { new: '1', country: 'gb', service: 'viber', price: tooFine })).status).toBe(422);

  // A rule, and that the open order keeps its price.
  await operator.post('/admin/catalogue/rules', { category: 'messengers', change: 'percent', amount: '20' });
  const plan = (await operator.post('/admin/catalogue/rules/plan', {})).headers.get('location') ?? '';
  expect(await operator.page(plan)).toContain(one.raised);
  expect((await operator.post(`${plan}/confirm`, {})).status).toBe(303);
  expect((await api.get(order.body.id)).body.price).toBe(minor);

  // A list of 60,000 lines: three bad ones are named and nothing is done; put right, all of it is, and is taken back.
  const before = (await server.run(['offer', 'export'])).stdout;
  const lines = [header];
  for (const country of COUNTRIES) for (let n = 0; n < 60_000 / COUNTRIES.length; n++) lines.push(`${country},service-${n},,${listed},20`);
  const spoiled = lines
    .toSpliced(99, 1, `gb,service-98,,${tooFine},20`)
    .toSpliced(30_000, 1, 'uk,telegram,,1,20')
    .toSpliced(60_000, 1, 'fr,telegram');
  const refused = await operator.upload('/admin/catalogue/files/import', spoiled.join('\n'), 'whole');
  expect(refused.status).toBe(422);
  const named = await refused.text();
  for (const text of ['3 bad lines', 'Line 100<', wrong, 'Line 30001<', 'ISO 3166-1', 'Line 60001<', '2 fields'])
    expect(named).toContain(text);
  expect((await server.run(['offer', 'export'])).stdout).toBe(before);
  const whole = (await operator.upload('/admin/catalogue/files/import', lines.join('\r\n'), 'whole')).headers.get('location') ?? '';
  expect((await operator.post(`${whole}/confirm`, {})).status).toBe(303);
  expect((await server.run(['offer', 'export'])).stdout.split('\n').length).toBe(60_002);
  expect((await operator.post(`${whole}/undo`, {})).status).toBe(303);
  expect((await server.run(['offer', 'export'])).stdout).toBe(before);
});
