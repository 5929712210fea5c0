/** One whole order through the real port, and what the log and the metrics say of it: everything but what is nobody's business. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { type ApiClient, type ApiOrder, customer, expectOk, until, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(60_000);

const PASSWORD = 'correct-horse-battery-97';
const WRONG_PASSWORD = 'hunter2-hunter2-hunter2';
const CODE = '739184';
const TEXT = `Telegram code: ${CODE}. Do not give it to wolfgang-zebra`;
const REQUEST_ID = 'journey-77';

let server: Server;
let anna: ApiClient;
let order: ApiOrder;
/** What may stand nowhere. */
const secrets: string[] = [CODE, TEXT, 'wolfgang-zebra', PASSWORD, WRONG_PASSWORD];
let text = '';

type Line = Record<string, unknown> & { level: string; event: string };
const lines = (): Line[] =>
  server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{"at":'))
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  server = await startServer({
    env: {
      ...{ SMSPIN_MODEMS_VIRTUAL: '1', SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_LOG_LEVEL: 'debug' },
      SMSPIN_LOG_SLOW_STATEMENT_MS: '1',
    },
  });
  await expectOk(server.run(['user', 'add', 'boss@example.org', '--operator', '--password-stdin'], `${PASSWORD}\n`));
  anna = await customer(server, 'anna@example.org', 5000);
  const metricsKey = (await expectOk(server.run(['key', 'create', 'boss@example.org', '--scopes', 'metrics:read']))).trim();
  const post = (path: string, form: Record<string, string>, cookie = '') =>
    fetch(server.url + path, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual', headers: { cookie } });
  await post('/sign-in', { email: 'boss@example.org', password: WRONG_PASSWORD });
  const signedIn = await post('/sign-in', { email: 'boss@example.org', password: PASSWORD });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const session = cookie.split('=')[1] ?? '';
  expect(session).toMatch(/^[a-z0-9]{20,}$/);
  secrets.push(anna.key, metricsKey, session);

  await untilStock(anna, 'gb', 'telegram', 1);
  const stream = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/stream`, { headers: { authorization: `Bearer ${anna.key}` } });
  const received = new Promise<void>((resolve) => {
    stream.onmessage = ({ data }) => void (String(data).includes('order.received') && resolve());
  });
  await new Promise((resolve) => {
    stream.onopen = resolve;
  });
  order = (await anna.order('gb', 'telegram', {}, { 'x-request-id': REQUEST_ID })).body;
  const waiting = anna.get(order.id, '?wait=20');
  await post('/admin/bank/sms', { number: order.number, sender: 'Telegram', text: TEXT }, cookie);
  expect((await waiting).body.code).toBe(CODE);
  await received;
  await anna.call('POST', `/orders/${order.id}/finish`);
  // Refusals and faults of all kinds, with what may not be told in every place where something can be sent.
  await anna.call('POST', `/orders/${order.id}/finish`);
  await anna.call('POST', '/orders', `{"country": "${CODE}", "password": "${PASSWORD}"`);
  await anna.call('POST', '/orders', { country: 'gb', service: TEXT });
  await fetch(`${server.url}/reset/${session}.${'a'.repeat(43)}`, { redirect: 'manual' });
  await fetch(`${server.url}/api/v1/balance?key=${anna.key}&code=${CODE}`);
  await anna.call('POST', '/balance/vouchers', { code: `${CODE}-${CODE}-wolfgang-zebra` });
  for (let n = 0; n < 40; n++) await fetch(`${server.url}/nowhere/${n}`);
  stream.close();
  await until(async () => {
    text = await (await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${metricsKey}` } })).text();
    return text.includes('smspin_money_movements_total{kind="capture",currency="USD"} 1');
  }, 'the books are read');
});
afterAll(() => server.stop());

test('no code, no text, no key, no session and no password stands in the log', () => {
  const log = lines()
    .map((line) => JSON.stringify(line))
    .join('\n');
  // It is a log of what was done, not an empty one.
  expect(lines().length).toBeGreaterThan(20);
  for (const secret of secrets) expect(log).not.toContain(secret);
});

test('requests and orders have their ids there', () => {
  const of = (event: string) => lines().filter((line) => line.event === event);
  expect(of('request')).toContainEqual(
    expect.objectContaining({
      ...{ level: 'info', request_id: REQUEST_ID, method: 'POST', route: '/api/v1/orders', status: 201 },
      ...{ order: order.id, ms: expect.any(Number) },
    }),
  );
  expect(of('request')).toContainEqual(expect.objectContaining({ route: '/api/v1/orders/:id/finish', status: 200, order: order.id }));
  expect(of('request_refused')).toContainEqual(
    expect.objectContaining({ refusal: 'order_not_received', order: order.id, request_id: expect.stringMatching(/^req_/) }),
  );
  const told = of('event_committed').filter((line) => line['order'] === order.id);
  expect(told.map((line) => line['type'])).toEqual(['order.created', 'order.received', 'order.finished']);
  // Reading is not written down, nor are the checks that the house makes of itself.
  expect(of('request').filter(({ method, route }) => method === 'GET' || String(route).includes('self-check'))).toEqual([]);
});

test('each stage of the way of the SMS was measured, and each way its customer was told', () => {
  const count = (line: string): number =>
    Number(new RegExp(`^${line.replace(/[{}]/g, '\\$&')} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  for (const stage of ['read', 'decode', 'queue', 'store', 'judge', 'commit', 'push'])
    expect([stage, count(`smspin_message_stage_seconds_count{stage="${stage}"}`)]).toEqual([stage, 1]);
  for (const channel of ['long_poll', 'stream']) expect(count(`smspin_delivery_seconds_count{channel="${channel}"}`)).toBe(1);
  // From the line to the customer it takes at least what each of its stages takes, and the order of seconds at most.
  const sum = (line: string): number => Number(text.split(`${line} `)[1]?.split('\n')[0]);
  const ways = ['long_poll', 'stream'].map((channel) => sum(`smspin_delivery_seconds_sum{channel="${channel}"}`));
  const stages = ['read', 'decode', 'queue', 'store', 'judge', 'commit', 'push'].map((stage) =>
    sum(`smspin_message_stage_seconds_sum{stage="${stage}"}`),
  );
  expect(Math.min(...stages)).toBeGreaterThanOrEqual(0);
  expect(stages.reduce((total, one) => total + one, 0)).toBeCloseTo(Math.min(...ways), 6);
  expect(Math.max(...ways)).toBeLessThan(20);
});

test('money and orders add up', () => {
  const usd = (kind: string) => `{kind="${kind}",currency="USD"}`;
  expect(text).toContain(`smspin_money_minor_total${usd('hold')} ${order.price}\n`);
  expect(text).toContain(`smspin_money_minor_total${usd('capture')} ${order.price}\n`);
  expect(text).toContain(`smspin_money_minor_total${usd('refund')} 0\n`);
  expect(text).toContain('smspin_messages_total{outcome="matched"} 1\n');
  expect(text).toContain('smspin_modems{state="ready"} 1\n');
  expect(text).toContain('smspin_metric_read_failures_total'.replace('_total', ' counter'));
  expect(text).not.toContain('smspin_metric_read_failures_total{');
});

/** Labels and what each may be: a few words that the house itself chose. */
const VALUES: Record<string, RegExp> = {
  ...{ le: /^(\+Inf|[\d.]+)$/, method: /^([A-Z]+|other)$/, route: /^(none|\/[a-z0-9_.:*/-]*)$/i, status: /^(\d{3}|[a-z]+)$/ },
  ...{ country: /^[a-z]{2}$/, currency: /^[A-Z]{3}$/, version: /^[\d.]+$/, bun: /^[\d.]+$/, metric: /^smspin_[a-z_]+$/ },
  ...Object.fromEntries(['type', 'stage', 'channel', 'state', 'code', 'outcome', 'kind', 'what'].map((name) => [name, /^[a-z_]+$/])),
};

test('labels are few and hold nothing of a customer', () => {
  for (const secret of [...secrets, order.id, order.number, order.number.slice(1), 'anna', 'boss', '899990', 'nowhere'])
    expect(text).not.toContain(secret);
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of series) {
    for (const [, name = '', value = ''] of line.matchAll(/([a-z]+)="((?:[^"\\]|\\.)*)"/g)) {
      expect([line, VALUES[name]?.test(value)]).toEqual([line, true]);
    }
  }
  const perMetric = Map.groupBy(series, (line) => line.split(/[{ ]/)[0]);
  for (const [name, all] of perMetric) if (!name?.includes('http_request')) expect([name, all.length < 200]).toEqual([name, true]);
});

test('it is OpenMetrics 1.0: each family named once before its samples, numbers that are numbers, an end', () => {
  expect(text.endsWith('\n# EOF\n')).toBe(true);
  const families = new Map<string, string>();
  let family = '';
  for (const line of text.trimEnd().split('\n').slice(0, -1)) {
    const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line);
    if (type) {
      family = type[1] ?? '';
      expect(families.has(family)).toBe(false);
      families.set(family, type[2] ?? '');
    } else if (!line.startsWith('# HELP ')) {
      const [, name = '', value = ''] = /^([a-z_]+)(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})? (\S+)$/.exec(line) ?? [];
      const suffix = { counter: /^_total$/, gauge: /^$/, histogram: /^_(bucket|sum|count)$/ }[families.get(family) ?? ''];
      expect([line, name.startsWith(family) && suffix?.test(name.slice(family.length)), Number.isFinite(Number(value))]).toEqual([
        line,
        true,
        true,
      ]);
    }
  }
});
