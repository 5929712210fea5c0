import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BODY_OCTETS_MAX, post } from '../../src/webhooks/send.ts';
import { root, run } from '../support/tools.ts';
import { startRawReceiver, startReceiver } from './receiver.ts';

/** For receivers that keep one waiting; all others get ten times as long, on a busy machine too. */
const TIME_MS = 700;
const ask = (port: number, options: Partial<Parameters<typeof post>[0]> = {}) =>
  post({
    url: new URL(`http://hooks.example.test:${port}/x?y=1`),
    addresses: ['127.0.0.1'],
    headers: { 'user-agent': 'SMSPin/test' },
    body: '{"a":"ä"}',
    signal: AbortSignal.timeout(10 * TIME_MS),
    ...options,
  });

async function answered(onRequest: (socket: Socket) => void, options: Partial<Parameters<typeof post>[0]> = {}) {
  const receiver = await startRawReceiver(onRequest);
  try {
    return await ask(receiver.port, { signal: AbortSignal.timeout(TIME_MS), ...options }).catch((thrown: unknown) => ({
      rejected: String(thrown),
    }));
  } finally {
    await receiver.stop();
  }
}

const flood = (socket: Socket, first: string, piece: string): void => {
  socket.write(first);
  const write = (): void => {
    while (socket.writable && socket.write(piece));
  };
  socket.on('drain', write);
  write();
};

test('one request goes to the pinned address under the name of the URL, and nothing is added to it', async () => {
  const receiver = startReceiver(() => new Response('thanks', { headers: { 'set-cookie': 'a=b' } }));
  try {
    expect(await ask(receiver.port)).toEqual({ status: 200, body: 'thanks', isCut: false, location: null, retryAfter: null });
    await ask(receiver.port);
    expect(receiver.received.map(({ body }) => body)).toEqual(['{"a":"ä"}', '{"a":"ä"}']);
    for (const { headers } of receiver.received) {
      expect(Object.fromEntries(headers.entries())).toEqual({
        host: `hooks.example.test:${receiver.port}`,
        'user-agent': 'SMSPin/test',
        'content-length': '10',
        'accept-encoding': 'identity',
        connection: 'close',
      });
    }
  } finally {
    await receiver.stop();
  }
});

test('of several addresses the next is tried when one refuses the connection', async () => {
  const receiver = startReceiver();
  try {
    expect(await ask(receiver.port, { addresses: ['127.0.0.2', '127.0.0.1'] })).toMatchObject({ status: 200 });
  } finally {
    await receiver.stop();
  }
});

describe('receivers that behave badly', () => {
  const head = 'HTTP/1.1 200 OK\r\n';
  test.each<[string, (socket: Socket) => void, Record<string, unknown>]>([
    ['an endless body is cut', (s) => flood(s, `${head}\r\n`, 'x'.repeat(65_536)), { status: 200, isCut: true }],
    [
      'a body that stops is cut at the time limit',
      (s) => void s.write(`${head}content-length: 9\r\n\r\nhalf`),
      { status: 200, body: 'half', isCut: true },
    ],
    [
      'a body that ends in a reset is cut',
      (s) => void s.write(`${head}content-length: 9\r\n\r\nhalf`, () => setTimeout(() => s.resetAndDestroy(), 50)),
      { status: 200, body: 'half', isCut: true },
    ],
    [
      'a compressed body is not unpacked',
      (s) => void s.end(Buffer.concat([Buffer.from(`${head}content-encoding: gzip\r\n\r\n`), Bun.gzipSync(Buffer.alloc(10_000_000))])),
      { status: 200, isCut: true },
    ],
    ['bad chunks', (s) => void s.end(`${head}transfer-encoding: chunked\r\n\r\nZZ\r\n`), { status: 200, isCut: true }],
    ['silence', () => {}, { rejected: expect.stringContaining('TimeoutError') }],
    ['a reset', (s) => void s.resetAndDestroy(), { rejected: expect.stringContaining('ECONNRESET') }],
    ['a close', (s) => void s.end(), { rejected: expect.stringContaining('hang up') }],
    ['another protocol', (s) => void s.end('SSH-2.0-OpenSSH_9\r\n'), { rejected: expect.stringContaining('Parse Error') }],
    ['endless headers', (s) => flood(s, head, `x-${'a'.repeat(1000)}: b\r\n`), { rejected: expect.stringContaining('Header overflow') }],
    [
      'an upgrade',
      (s) => void s.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      { rejected: expect.stringContaining('upgrade') },
    ],
    [
      'a redirect',
      (s) => void s.end('HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n'),
      { status: 307, location: 'http://127.0.0.1:1/' },
    ],
    [
      'an interim answer',
      (s) => void s.end('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\nretry-after: 7\r\n\r\n'),
      { status: 204, retryAfter: '7' },
    ],
  ])('%s', async (_, onRequest, outcome) => {
    const startedMs = performance.now();
    const got = await answered(onRequest);
    expect(got).toMatchObject(outcome);
    if ('body' in got) expect(Buffer.byteLength(got.body)).toBeLessThanOrEqual(BODY_OCTETS_MAX * 3);
    expect(performance.now() - startedMs).toBeLessThan(TIME_MS + 2000);
  });

  test('headers that trickle in for ever end at the time limit', async () => {
    const got = await answered((socket) => {
      socket.write(head);
      const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write('x-a: b\r\n')), 20);
    });
    expect(got).toMatchObject({ rejected: expect.stringContaining('TimeoutError') });
  });
});

describe('over TLS', () => {
  let tls = { key: '', cert: '' };
  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'smspin-tls-'));
    const file = (name: string) => join(dir, name);
    const { code, stderr } = await run(
      [
        'openssl',
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=hooks',
        '-addext',
        'subjectAltName=DNS:hooks.example.test',
        '-keyout',
        file('key.pem'),
        '-out',
        file('cert.pem'),
      ],
      { cwd: dir },
    );
    if (code !== 0) throw new Error(stderr);
    tls = { key: readFileSync(file('key.pem'), 'utf8'), cert: readFileSync(file('cert.pem'), 'utf8') };
    rmSync(dir, { recursive: true });
  });
  const receivers: { stop(): Promise<void> }[] = [];
  afterAll(async () => {
    for (const receiver of receivers) await receiver.stop();
  });
  const receiver = () => {
    const made = startReceiver(() => new Response('ok'), tls);
    receivers.push(made);
    return made;
  };
  const https = (name: string, port: number) => new URL(`https://${name}:${port}/`);

  test('the certificate must be for the name, though the connection goes to the address', async () => {
    const { port, received } = receiver();
    expect(await ask(port, { url: https('hooks.example.test', port), ca: tls.cert })).toMatchObject({ status: 200 });
    expect(received[0]?.headers.get('host')).toBe(`hooks.example.test:${port}`);
    for (const [name, options] of [
      ['other.example.test', { ca: tls.cert }],
      ['hooks.example.test', {}],
      ['127.0.0.1', { ca: tls.cert }],
    ] as const) {
      const got = await ask(port, { url: https(name, port), ...options }).catch((thrown: unknown) => thrown);
      expect(String((got as { code?: string }).code)).toMatch(/ALTNAME|SELF_SIGNED/);
    }
    expect(received).toHaveLength(1);
  });

  test('a handshake that is never answered ends at the time limit', async () => {
    const silent = await startRawReceiver(() => {});
    receivers.push(silent);
    const url = https('hooks.example.test', silent.port);
    const got = ask(silent.port, { url, signal: AbortSignal.timeout(TIME_MS) });
    expect(await got.catch((thrown: unknown) => String(thrown))).toContain('TimeoutError');
  });
});

test('no proxy of the environment is asked', async () => {
  const proxy = startReceiver(() => new Response('from the proxy', { status: 502 }));
  const receiver = startReceiver();
  const address = `http://127.0.0.1:${proxy.port}`;
  const script = `import { post } from './src/webhooks/send.ts';
    const { status } = await post({ url: new URL('http://hooks.example.test:${receiver.port}/'), addresses: ['127.0.0.1'], headers: {}, body: '{}', signal: AbortSignal.timeout(5000) });
    console.log(status);`;
  try {
    const env = {
      PATH: process.env['PATH'],
      HTTP_PROXY: address,
      HTTPS_PROXY: address,
      http_proxy: address,
      https_proxy: address,
      ALL_PROXY: address,
    };
    expect(await run([process.execPath, '-e', script], { cwd: root, env })).toMatchObject({ stdout: '200\n' });
    expect(proxy.received).toHaveLength(0);
  } finally {
    await proxy.stop();
    await receiver.stop();
  }
});
