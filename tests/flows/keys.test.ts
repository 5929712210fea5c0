import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { ApiClient, customer, expectOk, until } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { root } from '../support/tools.ts';

setDefaultTimeout(120_000);

interface Key {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  last_used_at: string | null;
  last_used_address: string | null;
  expires_at: string | null;
  allowed_addresses: string[];
  key: string;
}

let server: Server;
let anna: ApiClient;
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  server = await startServer({ env: { SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_SERVER_TRUSTED_PROXIES: '127.0.0.1' } });
  anna = await customer(server, 'anna@example.org');
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const make = (client: ApiClient, body: Record<string, unknown>) =>
  client.call<Key & { type?: string; detail?: string }>('POST', '/keys', body);
const keysOf = async (client: ApiClient) => (await client.call<{ data: Key[] }>('GET', '/keys')).body.data;

test('a key is made, shown once, used, listed and revoked', async () => {
  const { status, body: made } = await make(anna, { name: 'reader', scopes: ['orders:read'] });
  expect(status).toBe(201);
  expect(made).toMatchObject({ name: 'reader', scopes: ['orders:read'], last_used_at: null, expires_at: null, allowed_addresses: [] });
  expect(made.key).toMatch(/^smspin_[0-9a-z]{32}$/);
  expect(made.key).toStartWith(made.prefix);
  const reader = new ApiClient(server.url, made.key);
  expect((await reader.call('GET', '/orders')).status).toBe(200);
  expect((await reader.balance()).status).toBe(403);
  expect((await reader.call('GET', '/keys')).status).toBe(403);
  await until(
    async () => (await keysOf(anna)).some(({ id, last_used_at }) => id === made.id && last_used_at !== null),
    'its use is written',
  );
  const listed = await keysOf(anna);
  expect(listed.find(({ id }) => id === made.id)).toMatchObject({ last_used_address: '127.0.0.1' });
  expect(JSON.stringify(listed)).not.toContain(made.key);

  expect((await anna.call('DELETE', `/keys/${made.id}`)).status).toBe(204);
  expect((await reader.call('GET', '/orders')).status).toBe(401);
  expect((await anna.call('DELETE', `/keys/${made.id}`)).status).toBe(404);
  expect((await keysOf(anna)).some(({ id }) => id === made.id)).toBe(false);
});

test('a key makes no key that may more than itself, by scope, address or time', async () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const { body: narrow } = await make(anna, {
    name: 'narrow',
    scopes: ['keys:write', 'orders:read'],
    expires_at: inAnHour,
    allowed_addresses: ['127.0.0.0/8'],
  });
  const client = new ApiClient(server.url, narrow.key);
  for (const wider of [
    { scopes: ['orders:write'] },
    { scopes: ['orders:read', 'balance:read'] },
    { scopes: ['orders:read'], allowed_addresses: ['0.0.0.0/0'] },
    { scopes: ['orders:read'], expires_at: new Date(Date.now() + 7_200_000).toISOString() },
  ]) {
    expect(await make(client, { name: 'wider', ...wider })).toMatchObject({ status: 403, body: { type: 'forbidden' } });
  }
  const { body: child } = await make(client, { name: 'child', scopes: ['orders:read'] });
  expect(child).toMatchObject({ expires_at: inAnHour, allowed_addresses: ['127.0.0.0/8'] });
});

test('a key holds from its addresses alone, as the trusted proxy names them', async () => {
  const { body: made } = await make(anna, {
    name: 'office',
    scopes: ['orders:read'],
    allowed_addresses: ['203.0.113.9/24', '2001:db8::/32'],
  });
  expect(made.allowed_addresses).toEqual(['203.0.113.0/24', '2001:db8::/32']);
  const from = (address: string) =>
    new ApiClient(server.url, made.key).call<{ type: string; detail: string }>('GET', '/orders', undefined, { 'x-forwarded-for': address });
  expect((await from('203.0.113.77')).status).toBe(200);
  expect((await from('2001:db8:5::1')).status).toBe(200);
  expect(await from('198.51.100.1')).toMatchObject({ status: 403, body: { type: 'forbidden' } });
  expect((await from('198.51.100.1')).body.detail).toContain('198.51.100.1');
  expect((await from('203.0.113.77, 198.51.100.1')).status).toBe(403);
  expect((await new ApiClient(server.url, made.key).call('GET', '/orders')).status).toBe(403);
});

test('a key ends by itself', async () => {
  const { body: made } = await make(anna, {
    name: 'short',
    scopes: ['orders:read'],
    expires_at: new Date(Date.now() + 1500).toISOString(),
  });
  const client = new ApiClient(server.url, made.key);
  expect((await client.call('GET', '/orders')).status).toBe(200);
  await until(async () => (await client.call('GET', '/orders')).status === 401, 'it expires');
  expect((await client.call<{ detail: string }>('GET', '/orders')).body.detail).toContain('expired at');
});

const streamOf = (key: string, headers: Record<string, string> = {}) =>
  new Promise<number>((resolve) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/stream`, {
      headers: { authorization: `Bearer ${key}`, ...headers },
    });
    socket.onopen = () => {
      socket.close();
      resolve(101);
    };
    socket.onclose = ({ code }) => resolve(code);
  });

test('the stream asks the key the same as every call does', async () => {
  const { body: made } = await make(anna, { name: 'stream', scopes: ['orders:read'], allowed_addresses: ['203.0.113.0/24'] });
  expect(await streamOf(made.key, { 'x-forwarded-for': '203.0.113.1' })).toBe(101);
  expect(await streamOf(made.key)).not.toBe(101);
  const { body: other } = await make(anna, { name: 'no stream', scopes: ['balance:read'] });
  expect(await streamOf(other.key)).not.toBe(101);
  const { body: short } = await make(anna, {
    name: 'short stream',
    scopes: ['orders:read'],
    expires_at: new Date(Date.now() + 1200).toISOString(),
  });
  expect(await streamOf(short.key)).toBe(101);
  await Bun.sleep(1300);
  expect(await streamOf(short.key)).not.toBe(101);
});

test.each([
  ['no name', { name: '', scopes: ['orders:read'] }],
  ['blanks for a name', { name: '  ', scopes: ['orders:read'] }],
  ['a long name', { name: 'x'.repeat(81), scopes: ['orders:read'] }],
  ['no scope', { name: 'x', scopes: [] }],
  ['an unknown scope', { name: 'x', scopes: ['orders:delete'] }],
  ['a time gone by', { name: 'x', scopes: ['orders:read'], expires_at: '2020-01-01T00:00:00Z' }],
  ['no time', { name: 'x', scopes: ['orders:read'], expires_at: 'soon' }],
  ['no address', { name: 'x', scopes: ['orders:read'], allowed_addresses: ['home'] }],
  ['too many addresses', { name: 'x', scopes: ['orders:read'], allowed_addresses: Array.from({ length: 51 }, (_, n) => `10.0.0.${n}`) }],
  ['an unknown field', { name: 'x', scopes: ['orders:read'], admin: true }],
])('%s is refused and makes nothing', async (_, body) => {
  const before = (await keysOf(anna)).length;
  expect(await make(anna, body)).toMatchObject({ status: 422, body: { type: 'validation' } });
  expect((await keysOf(anna)).length).toBe(before);
});

test('nobody sees or revokes another one’s keys', async () => {
  const eve = await customer(server, 'eve@example.org');
  const [own] = await keysOf(anna);
  expect((await eve.call('DELETE', `/keys/${own?.id}`)).status).toBe(404);
  expect((await keysOf(eve)).map(({ id }) => id)).not.toContain(own?.id);
});

test('the commands list and revoke keys', async () => {
  const secret = (
    await expectOk(
      server.run([
        'key',
        'create',
        'eve@example.org',
        '--name',
        'cron',
        '--scopes',
        'orders:read',
        '--days',
        '7',
        '--addresses',
        '10.1.2.3/8',
      ]),
    )
  ).trim();
  const listed = JSON.parse(await expectOk(server.run(['key', 'list', 'eve@example.org', '--json']))) as Key[];
  const cron = listed.find(({ name }) => name === 'cron');
  expect(cron).toMatchObject({ scopes: ['orders:read'], allowed_addresses: ['10.0.0.0/8'], last_used_at: null });
  expect(Date.parse(cron?.expires_at ?? '') - Date.now()).toBeGreaterThan(6 * 86_400_000);
  expect(JSON.stringify(listed)).not.toContain(secret);
  expect(await expectOk(server.run(['key', 'list', 'eve@example.org']))).toContain(`${cron?.id}  ${cron?.prefix}…  "cron"`);
  expect(await expectOk(server.run(['key', 'revoke', cron?.id ?? '']))).toContain('revoked');
  expect(await server.run(['key', 'revoke', cron?.id ?? ''])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('revoked already'),
  });
  await expectOk(server.run(['key', 'create', 'eve@example.org', '--name', 'usual']));
  const usual = (JSON.parse(await expectOk(server.run(['key', 'list', 'eve@example.org', '--json']))) as Key[]).find(
    ({ name }) => name === 'usual',
  );
  expect(usual?.scopes).toContain('keys:write');
  expect(usual?.scopes.filter((scope) => /^(alarms|metrics):/.test(scope))).toEqual([]);
  expect(await server.run(['key', 'create', 'eve@example.org', '--days', '0'])).toMatchObject({ code: 2 });
  expect(await server.run(['key', 'create', 'eve@example.org', '--addresses', 'home'])).toMatchObject({ code: 1 });
  expect(await server.run(['key', 'lost'])).toMatchObject({ code: 2, stderr: expect.stringContaining('smspin key list EMAIL') });
});

async function signIn(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  noteProblems(page, problems, /status of 422/);
  const found = /as customer +(\S+@\S+) +(\S+)/.exec(server.output());
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('E-mail').fill(found?.[1] ?? '');
  await page.getByLabel('Password').fill(found?.[2] ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/dashboard');
  return page;
}

test('the page makes a key with what was ticked, shows it once, and revokes it after asking', async () => {
  const page = await signIn();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.waitForURL('**/settings/keys');
  expect(await page.locator('main').innerText()).toContain('You have no API key yet');
  await page.getByLabel('Name').fill('nightly <b>tests</b>');
  await page.getByLabel('See your balance').check();
  await page.getByLabel('Only from these addresses').fill('127.0.0.1, 203.0.113.0/24');
  await page.getByLabel('Holds for how many days').fill('30');
  await page.getByRole('button', { name: 'Make the key' }).click();
  const secret = await page.locator('#secret').innerText();
  const client = new ApiClient(server.url, secret);
  expect((await client.balance()).status).toBe(200);
  expect((await client.call('GET', '/keys')).status).toBe(403);
  expect(await page.getByRole('button', { name: 'Copy the API key' }).getAttribute('data-copy')).toBe(secret);
  expect(await page.locator('main b').count()).toBe(0);
  await page.screenshot({ path: resolve(root, 'tests/.artifacts/keys-made.png'), fullPage: true });
  await page.goto(`${server.url}/settings/keys`);
  expect(await page.content()).not.toContain(secret);
  expect(await page.locator('.keys').innerText()).toContain('127.0.0.1, 203.0.113.0/24');
  const revoke = page.getByRole('button', { name: 'Revoke this key' });
  expect(await revoke.isVisible()).toBe(false);
  await page.locator('.keys summary').click();
  await revoke.click();
  await page.waitForURL('**/settings/keys?notice=key-revoked');
  expect(await page.locator('main').innerText()).toContain('The key is revoked.');
  expect((await client.balance()).status).toBe(401);
  await page.context().close();
});

test('the page says what is wrong beside each field and keeps what was typed; all of it without JavaScript', async () => {
  const page = await signIn({ javaScriptEnabled: false });
  await page.goto(`${server.url}/settings/keys`);
  await page.getByLabel('Name').fill('  ');
  for (const box of await page.locator('input[name="scope"]').all()) await box.uncheck();
  await page.getByLabel('Holds for how many days').fill('soon');
  await page.getByLabel('Only from these addresses').fill('home');
  await page.getByRole('button', { name: 'Make the key' }).click();
  const text = await page.locator('main').innerText();
  for (const words of ['Type a name of', 'Tick at least one', 'whole number of days', 'is no address or range'])
    expect(text).toContain(words);
  expect(await page.getByLabel('Only from these addresses').inputValue()).toBe('home');
  expect(await page.locator('input[name="scope"]:checked').count()).toBe(0);
  await page.context().close();
});

test.each([
  [360, 'light'],
  [360, 'dark'],
  [1280, 'light'],
  [1280, 'dark'],
] as const)('the page fits %i pixels in %s', async (width, colorScheme) => {
  const page = await signIn({ viewport: { width, height: 800 }, colorScheme });
  await page.goto(`${server.url}/settings/keys`);
  await page.getByLabel('Name').fill('a-rather-long-name-of-a-program-that-nobody-would-ever-think-of-typing-by-hand');
  await page.getByRole('button', { name: 'Make the key' }).click();
  await page.locator('#secret').waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
  await page.screenshot({ path: resolve(root, `tests/.artifacts/keys-${width}-${colorScheme}.png`), fullPage: true });
  await page.context().close();
});

test('a page of another site makes no key', async () => {
  const answer = await fetch(`${server.url}/settings/keys`, {
    method: 'POST',
    headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'name=x&scope=keys:write',
    redirect: 'manual',
  });
  expect(answer.status).toBe(403);
});

test('no page complained in the console', () => expect(problems).toEqual([]));
