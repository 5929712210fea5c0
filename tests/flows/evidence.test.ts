/** One order by the real server and the virtual bank: what its page, the API and the signed evidence tell of it. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { join } from 'node:path';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { type ApiClient, type ApiOrder, customer, expectOk, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(60_000);

interface ApiTimeline {
  entries: { at: string; kind: string; text: string; event_id: string | null; channel: string | null; detail: Record<string, unknown> }[];
  figures: { network_to_push_ms: number | null; read_to_push_ms: number | null; first_channel: string | null };
}

const PASSWORD = 'a password for the evidence';
let bank: TestBank;
let server: Server;
let anna: ApiClient;
let bob: ApiClient;
let cookie: string;
let key: string;

beforeAll(async () => {
  bank = await startTestBank(1);
  server = await startServer({ config: `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n` });
  [anna, bob] = [await customer(server, 'anna@example.org'), await customer(server, 'bob@example.org')];
  key = (await expectOk(server.run(['key', 'create', 'anna@example.org']))).trim();
  await expectOk(server.run(['user', 'password', 'anna@example.org', '--password-stdin'], `${PASSWORD}\n`));
  await expectOk(server.run(['offer', 'set', 'gb', 'telegram', '--price', '45']));
  await untilStock(anna, 'gb', 'telegram', 1);
  const body = new URLSearchParams({ email: 'anna@example.org', password: PASSWORD });
  const signedIn = await fetch(`${server.url}/sign-in`, { method: 'POST', body, redirect: 'manual' });
  cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
});
afterAll(async () => {
  await server?.stop();
  await bank?.stop();
});

const timeline = async (client: ApiClient, id: string) => client.call<ApiTimeline>('GET', `/orders/${id}/timeline`);

async function orderWithCode(): Promise<ApiOrder> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/dashboard/live`, { headers: { cookie } });
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const stream = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/stream`, { headers: { authorization: `Bearer ${key}` } });
  await new Promise((resolve) => stream.addEventListener('open', resolve));
  const { body: order } = await anna.order('gb', 'telegram');
  const waiting = anna.get(order.id, '?wait=20');
  await Bun.sleep(200);
  await bank.sendSms({ number: order.number, sender: 'Telegram', text: 'Telegram code: 48213' });
  const { body } = await waiting;
  expect(body.code).toBe('48213');
  await anna.get(order.id);
  const form = new URLSearchParams({ event: `${body.last_event},evt_of_nobody` });
  const seen = await fetch(`${server.url}/dashboard/seen`, { method: 'POST', body: form, headers: { cookie, origin: server.url } });
  expect(seen.status).toBe(204);
  socket.close();
  stream.close();
  return body;
}

test('each way by which the code went out has its time, and anybody can check the evidence', async () => {
  const order = await orderWithCode();
  const { status, body } = await timeline(anna, order.id);
  expect(status).toBe(200);
  const kinds = body.entries.map(({ kind }) => kind);
  for (const kind of ['status', 'network_time', 'part_read', 'part_stored', 'judged', 'event', 'pushed', 'seen'])
    expect(kinds).toContain(kind);
  const channels = body.entries.filter(({ event_id }) => event_id === order.last_event).map(({ channel }) => channel);
  for (const channel of ['dashboard', 'stream', 'long_poll', 'poll', 'seen']) expect(channels).toContain(channel);
  expect(body.figures.first_channel).toMatch(/^(dashboard|stream|long_poll)$/);
  expect(body.figures.read_to_push_ms).toBeGreaterThanOrEqual(0);

  const path = join(server.dir, 'evidence.json');
  const { body: evidence } = await anna.call<unknown>('GET', `/orders/${order.id}/evidence`);
  await Bun.write(path, JSON.stringify(evidence, null, 2));
  expect(await server.run(['verify', path])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`evidence of the order ${order.id}`),
  });
  await Bun.write(path, (await Bun.file(path).text()).replace('48213', '11111'));
  expect(await server.run(['verify', path])).toMatchObject({ code: 1, stderr: expect.stringContaining('signature: ') });
});

test('the page shows it to its customer alone', async () => {
  const { body } = await anna.call<{ data: ApiOrder[] }>('GET', '/orders');
  const id = body.data[0]?.id ?? '';
  const shown = await fetch(`${server.url}/dashboard/orders/${id}`, { headers: { cookie } });
  const html = await shown.text();
  expect(shown.status).toBe(200);
  for (const words of ['Pushed to the dashboard over its WebSocket.', 'was read from the line', 'Signed evidence', '48213'])
    expect(html).toContain(words);
  const file = await fetch(`${server.url}/dashboard/orders/${id}/evidence.json`, { headers: { cookie } });
  expect(file.headers.get('content-disposition')).toBe(`attachment; filename="smspin-evidence-${id}.json"`);
  for (const path of ['timeline', 'evidence']) expect((await bob.call('GET', `/orders/${id}/${path}`)).status).toBe(404);
  expect((await fetch(`${server.url}/dashboard/orders/ord_nothing`, { headers: { cookie } })).status).toBe(404);
});
