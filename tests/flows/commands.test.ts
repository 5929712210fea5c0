import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { root, run } from '../support/tools.ts';

setDefaultTimeout(60_000);

let server: Server;
beforeAll(async () => {
  server = await startServer({ env: { SMSPIN_MODEMS_VIRTUAL: '2', SMSPIN_MODEMS_DISCOVER: 'false' } });
});
afterAll(() => server.stop());

test('user add makes customers and operators, with a password of its own or from standard input', async () => {
  const added = await server.run(['user', 'add', 'Anna@Example.org']);
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(added.stdout).toMatch(/^customer anna@example\.org added\npassword: [a-z0-9]{4}(-[a-z0-9]{4}){4}\n$/);
  const given = await server.run(['user', 'add', 'boss@example.org', '--operator', '--password-stdin'], 'a password of mine\n');
  expect(given).toMatchObject({ code: 0, stdout: 'operator boss@example.org added\n' });
  const signedIn = await signIn('boss@example.org', 'a password of mine');
  expect(signedIn.headers.get('location')).toBe('/admin');
});

const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/sign-in`, { method: 'POST', body: new URLSearchParams({ email, password }), redirect: 'manual', headers });

test('a read-only operator is added, looks, is refused what changes something, and let to at once', async () => {
  const added = await server.run(
    ['user', 'add', 'reader@example.org', '--operator', '--read-only', '--password-stdin'],
    'a password of a reader\n',
  );
  expect(added).toMatchObject({ code: 0, stdout: 'read-only operator reader@example.org added\n' });
  const cookie = (await signIn('reader@example.org', 'a password of a reader')).headers.get('set-cookie')?.split(';')[0] ?? '';
  expect((await fetch(`${server.url}/admin`, { headers: { cookie } })).status).toBe(200);
  const lift = () =>
    fetch(`${server.url}/admin/retired/lift`, {
      method: 'POST',
      headers: { cookie },
      body: new URLSearchParams({ number: '+1', service: 'x' }),
    });
  expect((await lift()).status).toBe(403);
  expect(await server.run(['user', 'set', 'reader@example.org', '--access', 'full'])).toMatchObject({ code: 0 });
  expect((await lift()).status).toBe(404);
});

test('user set blocks and lets in again; a blocked user loses sessions and keys at once', async () => {
  await server.run(['user', 'add', 'carl@example.org', '--password-stdin'], 'a password of carl\n');
  const key = (await server.run(['key', 'create', 'carl@example.org'])).stdout.trim();
  expect(key).toMatch(/^smspin_[a-z0-9]{32}$/);
  const cookie = (await signIn('carl@example.org', 'a password of carl')).headers.get('set-cookie')?.split(';')[0] ?? '';
  const look = async () => [
    (await fetch(`${server.url}/dashboard`, { headers: { cookie }, redirect: 'manual' })).status,
    (await fetch(`${server.url}/api/v1/balance`, { headers: { authorization: `Bearer ${key}` } })).status,
  ];
  expect(await look()).toEqual([200, 200]);
  expect(await server.run(['user', 'set', 'carl@example.org', '--state', 'blocked'])).toMatchObject({ code: 0 });
  expect(await look()).toEqual([303, 401]);
  expect(await (await signIn('carl@example.org', 'a password of carl')).text()).toContain('This account is blocked');
  await server.run(['user', 'set', 'carl@example.org', '--state', 'active']);
  expect(await look()).toEqual([303, 200]);
});

test('sim set pauses a SIM and the server stops selling it at once; sim list --json tells', async () => {
  const list = async () =>
    JSON.parse((await server.run(['sim', 'list', '--json'])).stdout) as {
      iccid: string;
      state: string;
      number: string;
      country: string;
      online: boolean;
    }[];
  const [sim] = await list();
  expect(sim).toMatchObject({ state: 'active', online: true });
  const key = (await server.run(['key', 'create', 'anna@example.org'])).stdout.trim();
  const stock = async () => {
    const answer = await fetch(`${server.url}/api/v1/offers?country=${sim?.country}&service=any`, {
      headers: { authorization: `Bearer ${key}` },
    });
    return ((await answer.json()) as { data: { stock: number }[] }).data[0]?.stock;
  };
  expect(await stock()).toBe(1);
  expect(await server.run(['sim', 'set', sim?.iccid ?? '', '--state', 'paused'])).toMatchObject({ code: 0 });
  expect(await stock()).toBe(0);
  await server.run(['sim', 'set', sim?.iccid ?? '', '--state', 'active', '--number', '+447700900555']);
  expect((await list()).find((one) => one.iccid === sim?.iccid)).toMatchObject({ state: 'active', number: '+447700900555', country: 'gb' });
});

test.each([
  [['nothing'], 2, 'unknown command "nothing"'],
  [[], 2, 'a command is missing'],
  [['user'], 2, 'a verb is missing'],
  [['user', 'add'], 2, 'EMAIL is missing'],
  [['user', 'add', 'a@example.org', 'b'], 2, '"b" is one word too many'],
  [['user', 'add', 'a@example.org', '--admin'], 2, '--admin'],
  [['user', 'add', 'nobody'], 1, '"nobody" is no e-mail address'],
  [['user', 'add', 'anna@example.org'], 1, 'There is already an account for anna@example.org'],
  [['user', 'credit', 'anna@example.org', '12.50'], 1, 'AMOUNT must be a whole number of minor units'],
  [['user', 'credit', 'anna@example.org', '0'], 1, 'AMOUNT must be a whole number of minor units'],
  [['user', 'credit', 'anna@example.org', '-5'], 2, '-5'],
  [['user', 'credit', 'who@example.org', '5'], 1, 'There is no user "who@example.org"'],
  [['user', 'set', 'anna@example.org', '--state', 'gone'], 2, '--state must be active or blocked'],
  [['user', 'set', 'anna@example.org', '--access', 'some'], 2, '--access must be full or read-only'],
  [['user', 'set', 'anna@example.org'], 2, '--state or --access is missing'],
  [['user', 'set', 'anna@example.org', '--access', 'read-only'], 1, 'Only an operator can be read-only'],
  [['user', 'add', 'reader@example.org', '--read-only'], 2, '--read-only is for operators'],
  [['key', 'create', 'who@example.org'], 1, 'There is no user'],
  [['key', 'create', 'anna@example.org', '--scopes', 'all'], 1, 'Unknown scope "all"; scopes are offers:read'],
  [['offer', 'set', 'GB', 'telegram', '--price', '5'], 1, 'ISO 3166-1 code in lower case'],
  [['offer', 'set', 'uk', 'telegram', '--price', '5'], 1, 'ISO 3166-1 code in lower case'],
  [['offer', 'set', 'gb', 'Tele gram', '--price', '5'], 1, 'a slug of lower-case letters'],
  [['offer', 'set', 'gb', 'telegram'], 2, '--price is missing'],
  [['offer', 'set', 'gb', 'telegram', '--price', 'free'], 1, '--price must be a whole number'],
  [['offer', 'set', 'gb', 'telegram', '--price', '5', '--window-minutes', '2000'], 1, 'from 0.05 to 1440'],
  [['sim', 'set', '123', '--state', 'paused'], 1, 'No SIM with ICCID 123 was ever seen'],
  [['sim', 'set', '123', '--number', '0770'], 1, 'The number must be E.164'],
  [['sim', 'set', '123'], 2, 'nothing to set'],
  [['offer', 'remove', 'gb', 'none'], 1, 'There is no offer for none in gb'],
  [['sim', 'list', '--xml'], 2, '--xml'],
  [['pdu', 'encode'], 2, 'pdu decode'],
  [['codes'], 2, 'codes explain'],
  [['simulate', '--modems', '0'], 2, '--modems takes a whole number'],
  [['serve', 'now'], 2, '"now" is one word too many'],
  [['sim', 'list', '--config', 'missing.toml'], 2, 'missing.toml: there is no such file'],
] as const)('%j ends with %i and says %j', async (args, code, words) => {
  const ran = await server.run([...args]);
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' });
  expect(ran.stderr).toContain(words);
  expect(ran.stderr).not.toContain('    at ');
});

test('writes from another site are refused, also over the socket; those from here and from scripts are not', async () => {
  const other = { origin: 'https://evil.example' };
  for (const headers of [other, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }]) {
    const refused = await signIn('boss@example.org', 'a password of mine', headers as Record<string, string>);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('set-cookie')).toBeNull();
  }
  expect((await signIn('boss@example.org', 'a password of mine', { origin: server.url })).status).toBe(303);
  const upgrade = (headers: Record<string, string>) =>
    fetch(`${server.url}/dashboard/live`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-version': '13',
        ...headers,
      },
      redirect: 'manual',
    });
  expect((await upgrade(other)).status).toBe(403);
  expect((await upgrade({})).status).not.toBe(101);
});

test('cookies and pages carry what protects them', async () => {
  const signedIn = await signIn('boss@example.org', 'a password of mine');
  const [session, browser] = signedIn.headers.getSetCookie();
  expect(session).toMatch(/^smspin_session=[a-z0-9]{32}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/);
  expect(browser).toMatch(/^smspin_browser=[a-z0-9]{32}; Path=\/; Max-Age=34560000; HttpOnly; SameSite=Lax$/);
  const page = await fetch(server.url);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
});

test('guessing passwords is slowed down, with the time to wait', async () => {
  let last = await signIn('target@example.org', 'wrong password');
  for (let n = 0; n < 12 && last.status !== 429; n++) last = await signIn('target@example.org', 'wrong password');
  expect(last.status).toBe(429);
  expect(await last.text()).toContain('Try again in');
});

test('a return path never leads to another site', async () => {
  for (const next of ['https://evil.example', '//evil.example', '/\\evil.example']) {
    const answer = await fetch(`${server.url}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ email: 'boss@example.org', password: 'a password of mine', next }),
      redirect: 'manual',
    });
    expect(answer.headers.get('location')).toBe('/admin');
  }
});

test('names that every object has are no names of ours: no failure, no inside of the program', async () => {
  for (const path of ['/?notice=toString', '/?notice=__proto__', '/static/constructor', '/static/__proto__', '/static/toString']) {
    const answer = await fetch(server.url + path);
    expect({ path, failed: answer.status >= 500 }).toEqual({ path, failed: false });
    expect(await answer.text()).not.toMatch(/\.tsx?:\d/);
  }
});

test('an open dashboard shows nothing more once its customer is blocked', async () => {
  await server.run(['user', 'add', 'dora@example.org', '--password-stdin'], 'a password of dora\n');
  const cookie = (await signIn('dora@example.org', 'a password of dora')).headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/dashboard/live`, { headers: { cookie } });
  const frames: string[] = [];
  socket.addEventListener('message', (event) => frames.push(String(event.data)));
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', (event) => resolve(event.code)));
  await until(() => frames.length > 0, 'the first frame');
  await server.run(['user', 'credit', 'dora@example.org', '700']);
  await until(() => frames.some((frame) => frame.includes('data-available-minor="700"')), 'the balance a command changed');
  await server.run(['user', 'set', 'dora@example.org', '--state', 'blocked']);
  await server.run(['user', 'credit', 'dora@example.org', '99']);
  expect(await closed).toBe(1008);
  expect(frames.some((frame) => frame.includes('data-available-minor="799"'))).toBe(false);
});

test('an SMS is sent once, however often its page is loaded again; a sender nobody could have is refused', async () => {
  await server.run(['user', 'add', 'sender@example.org', '--operator', '--password-stdin'], 'a password of the sender\n');
  const cookie = (await signIn('sender@example.org', 'a password of the sender')).headers.get('set-cookie')?.split(';')[0] ?? '';
  const [sim] = JSON.parse((await server.run(['sim', 'list', '--json'])).stdout) as { number: string }[];
  const send = (sender: string) =>
    fetch(`${server.url}/admin/bank/sms`, {
      method: 'POST',
      headers: { cookie },
      body: new URLSearchParams({ number: sim?.number ?? '', sender, text: 'Hello' }),
      redirect: 'manual',
    });
  const refused = await send('AVeryLongSenderName');
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('at most 11 characters');
});

test('a data folder keeps its currency', async () => {
  await Bun.write(`${server.dir}/yen.toml`, '[money]\ncurrency = "JPY"\n');
  const ran = await server.run(['user', 'list', '--config', 'yen.toml']);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain('money.currency is JPY, but the balances');
});

test('offers can be listed and taken away; a name nobody knows is pointed out', async () => {
  const set = await server.run(['offer', 'set', 'gb', 'nosuch', '--price', '5', '--window-minutes', '2']);
  expect(set).toMatchObject({ code: 0 });
  expect(set.stdout).toContain('2 minutes');
  expect(set.stderr).toContain('nosuch is none of the known services');
  const list = JSON.parse((await server.run(['offer', 'list', '--json'])).stdout) as { service: string }[];
  expect(list.some((offer) => offer.service === 'nosuch')).toBe(true);
  expect(await server.run(['offer', 'remove', 'gb', 'nosuch'])).toMatchObject({ code: 0 });
  expect(await server.run(['offer', 'remove', 'gb', 'nosuch'])).toMatchObject({ code: 1 });
});

test('somebody who added users before the first start still gets an operator', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'smspin-first-'));
  try {
    const env = { SMSPIN_MODEMS_VIRTUAL: '0', SMSPIN_MODEMS_DISCOVER: 'false' };
    await run([process.execPath, join(root, 'src/main.ts'), 'user', 'add', 'early@example.org'], { cwd: dir });
    const late = await startServer({ dir, env });
    expect(late.output()).toContain('as operator');
    expect(late.output()).not.toContain('as customer');
    await late.stop();
    const again = await startServer({ dir, env });
    expect(again.output()).not.toContain('as operator');
    await again.stop();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test('no log line holds a code, a text, a password or a key', async () => {
  const output = server.output();
  expect(output).toContain('"event":"started"');
  for (const secret of ['a password of mine', 'wrong password']) expect(output).not.toContain(secret);
});
