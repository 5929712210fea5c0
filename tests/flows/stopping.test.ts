/** How the server says goodbye: on the real process, with everybody connected and a receiver of webhooks that never answers. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { createServer, type Server as HttpServer } from 'node:http';
import { type ApiClient, customer, expectOk, until, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(60_000);

let hooks: HttpServer;
let server: Server;
let anna: ApiClient;
let key: string;
let hanging = 0;

beforeAll(async () => {
  hooks = createServer(() => void hanging++);
  await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
  const config = '[modems]\nvirtual = 4\ndiscover = false\n[webhooks]\nallow = ["127.0.0.1"]\n';
  server = await startServer({ config });
  anna = await customer(server, 'anna@example.org');
  key = (await expectOk(server.run(['key', 'create', 'anna@example.org']))).trim();
  await expectOk(server.run(['offer', 'set', 'gb', 'telegram', '--price', '45']));
  await untilStock(anna, 'gb', 'telegram', 1);
});

afterAll(async () => {
  await server?.stop();
  hooks?.closeAllConnections();
  hooks?.close();
});

async function open(path: string, headers: Record<string, string>) {
  const socket = new WebSocket(server.url.replace('http', 'ws') + path, { headers });
  const closed = new Promise<{ code: number; atMs: number; comeBack: string }>((resolve) => {
    socket.onclose = ({ code }) => {
      const atMs = performance.now();
      // At once, as an eager client does.
      void fetch(`${server.url}/health/ready`).then(
        ({ status }) => resolve({ code, atMs, comeBack: String(status) }),
        () => resolve({ code, atMs, comeBack: 'refused' }),
      );
    };
  });
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error(`${path} was refused`));
  });
  return closed;
}

async function signIn(): Promise<string> {
  const password = 'a password for anna';
  await expectOk(server.run(['user', 'password', 'anna@example.org', '--password-stdin'], `${password}\n`));
  const answer = await fetch(`${server.url}/sign-in`, {
    ...{ method: 'POST', redirect: 'manual', headers: { origin: server.url } },
    body: new URLSearchParams({ email: 'anna@example.org', password }),
  });
  expect(answer.status).toBe(303);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}

test('nobody is let in any more before anybody is sent away, everybody who waits is answered, and it is over in 5 s', async () => {
  const { port } = hooks.address() as { port: number };
  expect((await anna.call('POST', '/webhooks', { url: `http://127.0.0.1:${port}/hook` })).status).toBe(201);
  const cookie = await signIn();
  const { body: order } = await anna.order('gb', 'telegram');
  await until(() => hanging > 0, 'a webhook that hangs');
  const stream = open('/api/v1/stream', { authorization: `Bearer ${key}` });
  const dashboard = open('/dashboard/live', { cookie, origin: server.url });
  const wait = fetch(`${server.url}/api/v1/orders/${order.id}?wait=25`, { headers: { authorization: `Bearer ${key}` } });
  await Bun.sleep(300);

  const startedMs = performance.now();
  const ended = server.kill('SIGTERM');
  const answer = await wait;
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status: 200, body: { id: order.id, status: 'pending' } });
  for (const closed of [await stream, await dashboard]) {
    expect(closed).toMatchObject({ code: 1001, comeBack: 'refused' });
    expect(closed.atMs - startedMs).toBeLessThan(1500);
  }
  expect(await ended).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(5000);
});
