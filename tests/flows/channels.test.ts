/** One order, one SMS, every way out of the house at once, on the executable as its operator runs it. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { createServer, type Server as HttpServer } from 'node:http';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { ApiClient, type ApiOrder, customer, expectOk, until, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';

setDefaultTimeout(120_000);

const EMAIL = 'anna@example.org';
const PASSWORD = 'a password for anna';

let bank: TestBank;
let smtp: TestSmtp;
let hooks: HttpServer;
let server: Server;
let anna: ApiClient;
let key: string;
/** What the webhook receiver got: id of the header, and the body. */
const hooked: { id: string; body: { id: string; type: string; data: { code?: string | null } } }[] = [];

beforeAll(async () => {
  bank = await startTestBank(8);
  smtp = await startSmtp();
  hooks = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    hooked.push({ id: String(request.headers['webhook-id']), body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
  const config = [
    `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n`,
    '[webhooks]\nallow = ["127.0.0.1"]\n',
    `[smtp]\nurl = "${smtp.url}"\nfrom = "SMSPin <pin@example.org>"\n`,
  ].join('');
  server = await startServer({ entry: 'binary', config });
  anna = await customer(server, EMAIL);
  key = (await expectOk(server.run(['key', 'create', EMAIL]))).trim();
  await expectOk(server.run(['user', 'password', EMAIL, '--password-stdin'], `${PASSWORD}\n`));
  await expectOk(server.run(['offer', 'set', 'gb', 'telegram', '--price', '45']));
  await untilStock(anna, 'gb', 'telegram', 2);
});

afterAll(async () => {
  await server?.stop();
  await smtp?.stop();
  hooks?.closeAllConnections();
  hooks?.close();
  await bank?.stop();
});

async function post(path: string, form: Record<string, string>, cookie: string): Promise<Response> {
  const answer = await fetch(server.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: server.url, 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
    body: new URLSearchParams(form).toString(),
  });
  expect(answer.status).toBe(303);
  return answer;
}

async function signIn(): Promise<string> {
  const answer = await post('/sign-in', { email: EMAIL, password: PASSWORD }, '');
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}

/** Every message of a socket, from when it is open. */
async function listen(path: string, headers: Record<string, string>): Promise<{ messages: string[]; close(): void }> {
  const socket = new WebSocket(server.url.replace('http', 'ws') + path, { headers });
  const messages: string[] = [];
  socket.onmessage = ({ data }) => void messages.push(String(data));
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error(`${path} was refused`));
  });
  return { messages, close: () => socket.close() };
}

/** The events that the cards of an order with this code name in what the dashboard was sent. */
function eventsShown(html: string, code: string): string[] {
  return [...html.matchAll(/<article[^>]*>/g)].flatMap(([card]) =>
    card.includes(`data-code="${code}"`) ? (/data-event="([^"]+)"/.exec(card)?.[1] ?? []) : [],
  );
}

test('dashboard socket, dashboard poll, stream, long poll, poll, webhook and mail tell the same event, each once', async () => {
  const cookie = await signIn();
  await post('/settings/notifications', { code_received: 'yes', code_in_mail: 'yes' }, cookie);
  expect((await anna.call('POST', '/webhooks', { url: `http://127.0.0.1:${port(hooks)}/hook` })).status).toBe(201);
  const stream = await listen('/api/v1/stream', { authorization: `Bearer ${key}` });
  const dashboard = await listen('/dashboard/live', { cookie, origin: server.url });
  const { body: order } = await anna.order('gb', 'telegram');
  const waiting = new ApiClient(server.url, key).get(order.id, `?wait=30&after=${order.last_event}`);
  const polls: ApiOrder[] = [];
  const polling = (async () => {
    while (polls.at(-1)?.code == null) {
      polls.push((await anna.get(order.id)).body);
      await Bun.sleep(50);
    }
  })();

  expect(await bank.sendSms({ number: order.number, sender: 'Telegram', text: 'Telegram code: 048213' })).toMatchObject({ ok: true });
  const { body: waited } = await waiting;
  await polling;
  const event = waited.last_event;
  expect(waited).toMatchObject({ status: 'received', code: '048213' });
  expect(polls.at(-1)).toMatchObject({ code: '048213', last_event: event });
  const mails = () => smtp.mails.filter(({ subject }) => subject === '048213 is your Telegram code');
  const ofOrder = () => hooked.filter(({ body }) => body.data.code === '048213');
  await until(() => mails().length > 0 && ofOrder().length > 0, 'webhook and mail');
  // Whatever came twice would have come by now.
  await Bun.sleep(1500);

  const frames = stream.messages.map((text) => JSON.parse(text) as { id: string; type: string; data: { code?: string } });
  expect(frames.filter(({ data }) => data.code === '048213').map(({ id, type }) => [id, type])).toEqual([[event, 'order.received']]);
  expect(ofOrder().map(({ id, body }) => [id, body.id, body.type])).toEqual([[event, event, 'order.received']]);
  expect(mails().map(({ eventId }) => eventId)).toEqual([event]);
  expect(dashboard.messages.flatMap((html) => eventsShown(html, '048213'))).toEqual([event]);
  const polled = await (await fetch(`${server.url}/dashboard/poll`, { headers: { cookie } })).text();
  expect(eventsShown(polled, '048213')).toEqual([event]);
  stream.close();
  dashboard.close();
});

function port(http: HttpServer): number {
  const address = http.address();
  return typeof address === 'object' && address ? address.port : 0;
}
