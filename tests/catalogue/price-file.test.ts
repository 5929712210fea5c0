import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { priceFile, type ReadFile, readPriceFile } from '../../src/catalogue/price-file.ts';
import { keyOf, type Price } from '../../src/catalogue/steps.ts';
import { BUILT_IN } from '../../src/codes/book.ts';
import { minorDigits } from '../../src/lib/money.ts';

const terms = (currency: string) => ({ currency, allow: [], rules: () => BUILT_IN, minimumPriceMinor: 5 });
const NONE: ReadonlyMap<string, Price> = new Map();
const still = async () => {};
const read = (text: string, currency = 'USD', current = NONE): Promise<ReadFile> =>
  readPriceFile(new TextEncoder().encode(text), terms(currency), current, still);

test('commas, semicolons, tabs, every line end, a byte order mark and quotes are read alike', async () => {
  const expected = [
    { country: 'gb', service: 'telegram', carrier: '', priceMinor: 45, windowMinutes: null },
    { country: 'de', service: 'acme-taxi', carrier: 'o2', priceMinor: 120, windowMinutes: 12.5 },
  ];
  const header = 'country,service,carrier,price_usd,window_minutes';
  for (const text of [
    `${header}\ngb,telegram,,0.45,\nde,acme-taxi,o2,1.20,12.5\n`,
    `\ufeff${header}\r\n"gb","telegram","","0.45",""\r\n\r\nDE, acme-taxi ,o2,1.2,12.5`,
    `${header.replaceAll(',', ';')}\r\ngb;telegram;;0,45;\r\nde;acme-taxi;o2;1,20;12,5\r\n`,
    `${header.replaceAll(',', '\t')}\rgb\ttelegram\t\t0.45\t\rde\tacme-taxi\to2\t1.2\t12.5\r`,
    'Service,Price_USD,Country,Window_Minutes,Carrier\ntelegram,0.45,gb,,\nacme-taxi,1.20,de,12.5,o2',
  ]) {
    expect(await read(text)).toMatchObject({ ok: true, prices: expected });
  }
});

test("without a window column the windows stay; with an empty one they become the house's", async () => {
  const before: Price = { country: 'gb', service: 'telegram', carrier: '', priceMinor: 45, windowMinutes: 30 };
  const current = new Map([[keyOf(before), before]]);
  expect(await read('country,service,price_usd\ngb,telegram,0.50', 'USD', current)).toMatchObject({
    prices: [{ priceMinor: 50, windowMinutes: 30 }],
  });
  expect(await read('country,service,price_usd,window_minutes\ngb,telegram,0.50,', 'USD', current)).toMatchObject({
    prices: [{ windowMinutes: null }],
  });
});

test('each bad line is named with its number and what would be right', async () => {
  const answer = await read(
    [
      ...['country,service,carrier,price_usd,window_minutes', 'gb,telegram,,0.45,20', 'uk,telegram,,0.45,20', 'gb,Tele gram,,0.45,20'],
      ...['gb,uber,,0.455,20', 'gb,uber,,$1,20', 'gb,uber,,0,20', 'gb,uber,,0.04,20', 'gb,uber,,0.45,soon', 'gb,uber,,0.45,0'],
      ...['gb,barclays,,0.45,20', 'gb,telegram,,0.60,20', 'gb,uber', 'gb,uber,Voda Fone,0.45,20', 'gb,uber,,0.45,20'],
    ].join('\n'),
  );
  if (answer.ok) throw new Error('it must be refused');
  expect(answer.badCount).toBe(12);
  expect(answer.bad.map(({ line, problem }) => `${line} ${problem.slice(0, 46)}`)).toEqual([
    '3 The country must be an ISO 3166-1 code in lowe',
    '4 The service must be a slug of lower-case lette',
    '5 The price must be an amount in USD with at mos',
    '6 The price must be an amount in USD with at mos',
    '7 The price must be a whole number of minor unit',
    '8 The price must be at least $0.05 (money.minimu',
    '9 The window must be a number of minutes, or emp',
    '10 The window must be a number of minutes from 0.',
    expect.stringMatching(/^11 barclays is not offered here/),
    '12 This offer stands in line 2 already; a list na',
    '13 The line has 2 fields, the header 5: quote a f',
    '14 The carrier must be a slug of lower-case lette',
  ]);
});

test.each([
  ['', /empty.*country,service,carrier,price_usd,window_minutes/],
  ['country,service,price_usd\n', /no prices/],
  ['country,service,price\ngb,telegram,45', /name it price_usd for amounts with at most 2 decimals of USD/],
  ['country,service,price_eur\ngb,telegram,45', /name it price_usd/],
  ['country,service\ngb,telegram', /price_usd is missing/],
  ['country,service,price_usd,stock\ngb,telegram,1,1', /"stock" is none/],
  ['country,service,price_usd,country\ngb,telegram,1,gb', /country stands there twice/],
  ['country,service,price_usd\ngb,"telegram,0.45\ngb,uber,0.45', /never closed/],
  ['country,service,price_usd\ngb,te"legram,0.45', /quotation mark/],
  [`country,service,price_usd\ngb,${'x'.repeat(3000)},0.45`, /2000 characters/],
  ['PK\u0003\u0004', /spreadsheet/],
  ['country\0', /NUL/],
])('a file that is none is refused: %j', async (text, problem) => {
  const answer = await read(text);
  expect(answer.ok ? '' : answer.bad.map((one) => one.problem).join()).toMatch(problem);
});

test('a file in another encoding is refused', async () => {
  for (const octets of [
    Uint8Array.of(0xff, 0xfe, 0x63, 0),
    new Uint8Array([...new TextEncoder().encode('country,service,price_usd\ngb,'), 0xe9]),
  ]) {
    expect(await readPriceFile(octets, terms('USD'), NONE, still)).toMatchObject({ ok: false, badCount: 1, bad: [{ line: 0 }] });
  }
});

test('what is written is read back, in currencies with 0, 2, 3 and 4 decimals', async () => {
  const carriers = fc.constantFrom('', 'o2', 'vodafone');
  const price = fc.record({
    ...{ country: fc.constantFrom('gb', 'de', 'jp', 'kw'), service: fc.constantFrom('telegram', 'any', 'acme-taxi'), carrier: carriers },
    ...{ priceMinor: fc.integer({ min: 5, max: 1_000_000_000 }), windowMinutes: fc.option(fc.constantFrom(0.5, 20, 1440)) },
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(price, { selector: keyOf, minLength: 1 }),
      fc.constantFrom('JPY', 'USD', 'KWD', 'CLF'),
      async (prices, currency) => {
        expect(await read([...priceFile(prices, currency)].join(''), currency)).toMatchObject({ ok: true, prices });
      },
    ),
  );
});

test('the column and the price say the real minor units of the currency', async () => {
  expect(['JPY', 'KRW', 'USD', 'KWD', 'IQD', 'CLF'].map((currency) => minorDigits(currency))).toEqual([0, 0, 2, 3, 3, 4]);
  expect(await read('country,service,price_jpy\njp,line,65', 'JPY')).toMatchObject({ ok: true, prices: [{ priceMinor: 65 }] });
  expect(await read('country,service,price_kwd\nkw,telegram,0.125', 'KWD')).toMatchObject({ ok: true, prices: [{ priceMinor: 125 }] });
  const yen = await read('country,service,price_jpy\njp,line,65.5', 'JPY');
  expect(yen).toMatchObject({ ok: false, bad: [{ line: 2, problem: 'The price must be a whole number of JPY, such as 50; got "65.5".' }] });
  const fils = await read('country,service,price_kwd\nkw,telegram,0.1255', 'KWD');
  expect(fils).toMatchObject({
    ok: false,
    bad: [{ problem: 'The price must be an amount in KWD with at most 3 decimals, such as 0.045; got "0.1255".' }],
  });
});
