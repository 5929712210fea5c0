/** Exports by the built executable and over its real port: a customer, a stranger with a link, and somebody who checks the file elsewhere. */
import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { idsFrom } from '../../src/lib/ids.ts';
import { ApiClient, customer, expectOk, until } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

setDefaultTimeout(120_000);

interface ApiExport {
  id: string;
  status: string;
  rows: number | null;
  bytes: number | null;
  url: string;
  manifest_url: string;
  progress: { rows_done: number } | null;
}

const MANY = 150_000;
const env = { SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_MODEMS_VIRTUAL: '1' };
const dir = mkdtempSync(join(tmpdir(), 'smspin-exports-'));
let server: Server;
let anna: ApiClient;
let bob: ApiClient;

const start = () => startServer({ entry: 'binary', dir, env });
beforeAll(async () => {
  server = await start();
  [anna, bob] = [await customer(server, 'anna@example.org'), await customer(server, 'bob@example.org', 5)];
});
afterAll(async () => {
  await server?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const ask = async (client: ApiClient, body: Record<string, unknown> = {}) =>
  (await client.call<ApiExport>('POST', '/exports', { kind: 'ledger', format: 'csv', ...body })).body;
async function ready(client: ApiClient, { id }: ApiExport): Promise<ApiExport> {
  let body: ApiExport | null = null;
  await until(
    async () => {
      ({ body } = await client.call<ApiExport>('GET', `/exports/${id}`));
      return body.status === 'ready';
    },
    `${id} is ready`,
    60_000,
  );
  if (body === null) throw new Error('no export');
  return body;
}
/** The file and its manifest as somebody keeps them. */
async function keep(found: ApiExport): Promise<string> {
  const path = join(dir, `${found.id}.csv`);
  await Bun.write(path, await fetch(found.url));
  await Bun.write(`${path}.manifest.json`, await fetch(found.manifest_url));
  await Bun.write(join(dir, 'keys.json'), await fetch(`${server.url}/.well-known/smspin-signing-key.json`));
  return path;
}

test('asked for, made, fetched without a key, read by another program, and checked with the published key', async () => {
  const asked = await anna.call<ApiExport>('POST', '/exports', { kind: 'ledger', format: 'csv', bom: true });
  expect(asked.status).toBe(201);
  expect(asked.body).toMatchObject({ status: 'queued', rows: null, expires_at: expect.stringMatching(/Z$/) });
  const found = await ready(anna, asked.body);
  const path = await keep(found);
  expect(parse(readFileSync(path), { columns: true, bom: true })).toMatchObject([{ kind: 'top_up', available: '10000', currency: 'USD' }]);
  const holds = await server.run(['verify', path, '--key', join(dir, 'keys.json')]);
  expect(holds).toMatchObject({ code: 0, stderr: '' });
  expect(holds.stdout).toContain('1 row, ');
  expect((await server.run(['verify', path])).code).toBe(0);
  writeFileSync(path, readFileSync(path, 'utf8').replace('10000', '90000'));
  const changed = await server.run(['verify', path]);
  expect(changed).toMatchObject({ code: 1, stdout: '' });
  expect(changed.stderr).toContain('DOES NOT HOLD\nsha256: ');
});

test('verify says what it lacks', async () => {
  const path = await keep(await ready(anna, await ask(anna)));
  const other = join(dir, 'other.csv');
  copyFileSync(path, other);
  const said = async (...args: string[]) => {
    const { code, stderr } = await server.run(['verify', ...args]);
    return { code, stderr };
  };
  expect(await said(other)).toEqual({ code: 3, stderr: expect.stringContaining('There is no manifest at') });
  expect(await said(join(dir, 'nothing'))).toEqual({ code: 3, stderr: expect.stringContaining('There is no such file') });
  expect(await said(path, '--key', join(dir, 'nothing'))).toEqual({ code: 3, stderr: expect.stringContaining('no key file at') });
  expect(await said(path, '--key', path)).toEqual({ code: 3, stderr: expect.stringContaining('no Ed25519 public key') });
  expect(await said()).toEqual({ code: 2, stderr: expect.stringContaining('FILE is missing') });
  expect(await said(other, '--manifest', `${path}.manifest.json`)).toEqual({ code: 0, stderr: '' });
});

describe('a download', () => {
  const fetchWith = (url: string, headers: Record<string, string> = {}, method = 'GET') => fetch(url, { headers, method });

  test('is taken up where it stopped', async () => {
    const { url, bytes } = await ready(anna, await ask(anna));
    const whole = await fetchWith(url);
    const text = await whole.text();
    const etag = whole.headers.get('etag') ?? '';
    expect(whole.headers.get('content-disposition')).toMatch(/^attachment; filename="smspin-ledger-exp_\w+\.csv"$/);
    expect(text).toHaveLength(bytes ?? -1);
    const [first, rest] = await Promise.all([
      fetchWith(url, { range: 'bytes=0-19' }),
      fetchWith(url, { range: 'bytes=20-', 'if-range': etag }),
    ]);
    expect([first.status, rest.status]).toEqual([206, 206]);
    expect([first.headers.get('content-range'), rest.headers.get('content-range')]).toEqual([
      `bytes 0-19/${bytes}`,
      `bytes 20-${(bytes ?? 0) - 1}/${bytes}`,
    ]);
    expect((await first.text()) + (await rest.text())).toBe(text);
    const changed = await fetchWith(url, { range: 'bytes=20-', 'if-range': '"another"' });
    expect([changed.status, await changed.text()]).toEqual([200, text]);
    const beyond = await fetchWith(url, { range: `bytes=${bytes}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes}`]);
    expect((await fetchWith(url, { 'if-none-match': etag })).status).toBe(304);
    const head = await fetchWith(url, {}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, `${bytes}`, '']);
  });

  test('ends while its owner is blocked, and says so', async () => {
    const found = await ready(bob, await ask(bob));
    await expectOk(server.run(['user', 'set', 'bob@example.org', '--state', 'blocked']));
    const blocked = await fetchWith(found.url, { accept: 'application/json' });
    expect(blocked.status).toBe(410);
    expect(await blocked.text()).toContain('is blocked');
    expect((await fetchWith(found.manifest_url)).status).toBe(410);
    await expectOk(server.run(['user', 'set', 'bob@example.org', '--state', 'active']));
    expect((await fetchWith(found.url)).status).toBe(200);
  });

  test('needs the whole link, of this very export', async () => {
    const [one, two] = [await ready(anna, await ask(anna)), await ready(bob, await ask(bob))];
    const key = new URL(two.url).search;
    for (const url of [one.url.replace(/\?.*/, ''), one.url.slice(0, -2), one.url.replace(/\?.*/, key), one.url.replace('?key=', '?key=x')])
      expect((await fetchWith(url)).status).toBe(404);
    expect((await fetchWith(one.url.replace('.csv', '.txt'))).status).toBe(404);
  });

  test('ends when it is revoked, and its file with it', async () => {
    const found = await ready(anna, await ask(anna));
    const revoked = await anna.call<ApiExport>('DELETE', `/exports/${found.id}`);
    expect(revoked).toMatchObject({ status: 200, body: { status: 'revoked', url: null } });
    for (const url of [found.url, found.manifest_url]) {
      const gone = await fetchWith(url, { accept: 'application/json' });
      expect([gone.status, ((await gone.json()) as { type: string }).type]).toEqual([410, 'link_ended']);
    }
    expect(readdirSync(join(dir, 'data/exports')).filter((name) => name.includes(found.id))).toEqual([]);
    expect((await anna.call('DELETE', `/exports/${found.id}`)).status).toBe(200);
    expect((await anna.call('POST', `/exports/${found.id}/cancel`)).status).toBe(409);
  });
});

test('another customer sees nothing of it', async () => {
  const { id } = await ask(anna);
  for (const [method, path] of [
    ['GET', id],
    ['DELETE', id],
    ['POST', `${id}/cancel`],
  ] as const) {
    const { status, body } = await bob.call<{ type: string }>(method, `/exports/${path}`);
    expect([status, body.type]).toEqual([404, 'not_found']);
  }
  const list = await bob.call<{ data: ApiExport[] }>('GET', '/exports');
  expect(list.body.data.some((one) => one.id === id)).toBe(false);
});

test.each([
  ['an unknown kind', { kind: 'passwords' }, 'kind must be "orders", "messages" or "ledger"'],
  ['an unknown format', { format: 'xlsx' }, 'format must be "csv" or "json"'],
  ['an unknown field', { where: 'x' }, 'where is not a known field'],
  ['a wrong date', { from: '2026-02-30' }, 'from must be a date such as'],
  ['no date', { to: 'tomorrow' }, 'to must be a date such as'],
  ['an end before the beginning', { from: '2026-02-02', to: '2026-02-01' }, 'to must be later than from'],
])('%s is refused', async (_name, body, words) => {
  const answer = await anna.call<{ type: string; detail: string }>('POST', '/exports', { kind: 'ledger', format: 'csv', ...body });
  expect([answer.status, answer.body.type]).toEqual([422, 'validation']);
  expect(answer.body.detail).toContain(words);
});

test('a key without the scope is refused', async () => {
  const key = (await expectOk(server.run(['key', 'create', 'anna@example.org', '--scopes', 'orders:read']))).trim();
  expect((await new ApiClient(server.url, key).call('GET', '/exports')).status).toBe(403);
});

test('a key exports nothing, and gets no link to anything, that it may not read', async () => {
  const key = (await expectOk(server.run(['key', 'create', 'anna@example.org', '--scopes', 'exports:write,messages:read']))).trim();
  const client = new ApiClient(server.url, key);
  const ask = (kind: string) => client.call<ApiExport & { detail: string }>('POST', '/exports', { kind, format: 'csv' });
  for (const [kind, scope] of [
    ['orders', 'orders:read'],
    ['ledger', 'balance:read'],
  ] as const)
    expect(await ask(kind)).toMatchObject({ status: 403, body: { detail: expect.stringContaining(`needs also ${scope}`) } });
  expect(await ask('messages')).toMatchObject({ status: 201, body: { url: expect.stringContaining('/exports/') } });
  const other = (await anna.call<ApiExport>('POST', '/exports', { kind: 'ledger', format: 'json' })).body;
  expect(other.url).toContain('key=');
  expect((await client.call('GET', `/exports/${other.id}`)).body).toMatchObject({ id: other.id, url: null, manifest_url: null });
  const { data } = (await client.call<{ data: (ApiExport & { kind: string })[] }>('GET', '/exports')).body;
  for (const { kind, url } of data) if (kind !== 'messages') expect(url).toBeNull();
});

test('killed while it is made, it is made anew after the restart, and holds', async () => {
  addMovements('anna@example.org', MANY);
  const asked = await ask(anna);
  await until(
    async () => ((await anna.call<ApiExport>('GET', `/exports/${asked.id}`)).body.progress?.rows_done ?? 0) > 0,
    'it is on its way',
  );
  const early = await fetch(asked.url, { headers: { accept: 'application/json' } });
  expect([early.status, early.headers.get('retry-after')]).toEqual([409, '2']);
  await server.kill('SIGKILL');
  expect(readdirSync(join(dir, 'data/exports'))).toContain(`${asked.id}.csv.part`);
  server = await start();
  anna = new ApiClient(server.url, (await expectOk(server.run(['key', 'create', 'anna@example.org']))).trim());
  const found = await ready(anna, asked);
  expect(found.rows).toBe(MANY + 1);
  expect(readdirSync(join(dir, 'data/exports')).filter((name) => name.endsWith('.part'))).toEqual([]);
  const path = await keep(found);
  expect(await server.run(['verify', path, '--key', join(dir, 'keys.json')])).toMatchObject({ code: 0 });
});

/** Beside the running server, as a command would: top-ups of one minor unit. */
function addMovements(email: string, count: number): void {
  const db = new Database(join(dir, 'data/smspin.db'), { strict: true });
  db.run('PRAGMA busy_timeout = 10000');
  const { id: userId } = db.query<{ id: string }, [string]>('SELECT id FROM users WHERE email = ?').get(email) ?? { id: '' };
  db.transaction(() => {
    const entry = db.query('INSERT INTO ledger_entries (transaction_id, account_id, amount_minor) VALUES (?, ?, ?)');
    const movement = db.query("INSERT INTO ledger_transactions (id, kind, user_id, created_at_ms) VALUES (?, 'top_up', ?, ?)");
    for (let n = 0; n < count; n++) {
      const atMs = Date.UTC(2026, 0, 1) + n * 1000;
      const id = `${idsFrom('txn', atMs)}0000000000000000`;
      entry.run(id, 'funding', -1);
      entry.run(id, `available:${userId}`, 1);
      movement.run(id, userId, atMs);
    }
  })();
  db.close();
}
