import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, expectOk, untilStock } from '../support/client.ts';
import { buildBinary, startServer } from '../support/server.ts';
import { run } from '../support/tools.ts';

setDefaultTimeout(180_000);

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

test('the executable alone, in an empty folder, serves pages and assets, rents a number and delivers its code', async () => {
  const binary = await buildBinary();
  const dir = mkdtempSync(join(tmpdir(), 'smspin-empty-'));
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
  const server = await startServer({ entry: 'binary', binary, dir, env: { SMSPIN_MODEMS_DISCOVER: 'false' } });
  cleanups.push(() => server.stop());
  expect(readdirSync(dir)).toEqual(['data']);
  expect(server.output()).toContain('virtual bank of 8 modems');

  const start = await (await fetch(server.url)).text();
  const assets = [...start.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)].map((match) => match[1] ?? '');
  expect(assets.length).toBeGreaterThan(4);
  for (const path of [...assets, '/static/swagger-ui.js', '/static/swagger-ui.css']) {
    const answer = await fetch(server.url + path);
    expect({ path, status: answer.status, empty: (await answer.text()) === '' }).toEqual({ path, status: 200, empty: false });
  }

  const operator = /as operator +(\S+) +(\S+)/.exec(server.output());
  const signedIn = await fetch(`${server.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ email: operator?.[1] ?? '', password: operator?.[2] ?? '' }),
    redirect: 'manual',
  });
  expect(signedIn.status).toBe(303);
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';

  const anna = new ApiClient(server.url, (await expectOk(server.run(['key', 'create', 'demo@smspin.example']))).trim());
  await untilStock(anna, 'gb', 'telegram', 2);
  const { status, body: order } = await anna.order('gb', 'telegram');
  expect(status).toBe(201);
  const sent = await fetch(`${server.url}/admin/bank/sms`, {
    method: 'POST',
    headers: { cookie },
    body: new URLSearchParams({ number: order.number, sender: 'Telegram', text: 'Telegram code: 48213' }),
  });
  expect(sent.status).toBe(200);
  expect((await anna.get(order.id, '?wait=20')).body).toMatchObject({ status: 'received', code: '48213' });

  expect(await server.kill('SIGTERM')).toBe(0);
});

test('a second server on the same data, or on the same port, says so and leaves the first alone', async () => {
  const first = await startServer({ env: { SMSPIN_MODEMS_VIRTUAL: '1', SMSPIN_MODEMS_DISCOVER: 'false' } });
  cleanups.push(() => first.stop());
  const second = await first.run(['serve']);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain('Another SMSPin server is running on the data folder');
  const elsewhere = mkdtempSync(join(tmpdir(), 'smspin-other-'));
  cleanups.push(() => rmSync(elsewhere, { recursive: true, force: true }));
  const env = { SMSPIN_SERVER_PORT: String(first.port), SMSPIN_MODEMS_VIRTUAL: '1', SMSPIN_MODEMS_DISCOVER: 'false' };
  const third = await run([await buildBinary(), 'serve'], { cwd: elsewhere, env });
  expect(third.code).toBe(1);
  expect(third.stderr).toContain(`Port ${first.port} on 127.0.0.1 is taken`);
  expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
});

test('a wrong configuration ends every command with exit code 2 and one clear line', async () => {
  const server = await startServer({ env: { SMSPIN_MODEMS_VIRTUAL: '1', SMSPIN_MODEMS_DISCOVER: 'false' } });
  cleanups.push(() => server.stop());
  await Bun.write(join(server.dir, 'bad.toml'), '[server]\nprot = 80\n');
  for (const command of [['serve'], ['sim', 'list'], ['user', 'add', 'x@example.org']]) {
    const ran = await server.run([...command, '--config', 'bad.toml']);
    expect(ran).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'bad.toml: unknown key server.prot; [server] takes host, port, trusted_proxies, public_url\n',
    });
  }
});
