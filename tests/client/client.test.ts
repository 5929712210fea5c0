import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeClient } from '../../client/make.ts';
import * as client from '../../client/smspin.ts';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { launchChromium } from '../support/chromium.ts';
import { customer, expectOk, untilStock } from '../support/client.ts';
import { buildBinary, freePort, type Server, startServer } from '../support/server.ts';
import { findNode, root, run } from '../support/tools.ts';
import { type Helper, startHelper } from './helper.ts';
import { program, type Scene } from './program.ts';

setDefaultTimeout(180_000);

const built = resolve(root, 'client/built/smspin.js');
const folder = mkdtempSync(join(tmpdir(), 'smspin-program-'));
let bank: TestBank;
let server: Server;
let helper: Helper;
let scene: Scene;

beforeAll(async () => {
  bank = await startTestBank(8);
  const port = freePort();
  const origin = `http://127.0.0.1:${port}`;
  const config = [
    `[modems]\nports = ["${bank.pattern}"]\ndiscover = false`,
    '[orders]\nquarantine_minutes = 0\nreuse_days = 0',
    `[api]\ncors_origins = ["${origin}"]`,
  ].join('\n');
  server = await startServer({ entry: 'binary', binary: await buildBinary(), config });
  const anna = await customer(server, 'anna@example.org');
  for (const service of ['telegram', 'google']) await expectOk(server.run(['offer', 'set', 'gb', service, '--price', '45']));
  await untilStock(anna, 'gb', 'telegram', 2);
  const apiKey = (await expectOk(server.run(['key', 'create', 'anna@example.org', '--name', 'client']))).trim();
  const { outputs } = await Bun.build({
    entrypoints: [resolve(import.meta.dir, 'program.ts')],
    target: 'browser',
    format: 'esm',
    throw: true,
  });
  const script = (await outputs[0]?.text()) ?? '';
  writeFileSync(join(folder, 'program.js'), script);
  helper = startHelper(
    port,
    bank,
    new Map([
      ['/smspin.js', readFileSync(built, 'utf8')],
      ['/program.js', script],
    ]),
  );
  scene = { baseUrl: server.url, apiKey, helperUrl: helper.url, deadUrl: `http://127.0.0.1:${freePort()}` };
});

afterAll(async () => {
  await helper.stop();
  await server.stop();
  await bank.stop();
  rmSync(folder, { recursive: true });
});

/** What every runtime must have looked at. */
const CHECKS = 34;

test('the program runs under Bun', async () => {
  const seen = await program(client, scene);
  expect(seen).toContain('never a stale code');
  expect(seen).toHaveLength(CHECKS);
});

test('the same program runs under Node 20, with the file that is copied', async () => {
  const main = join(folder, 'main.mjs');
  writeFileSync(
    main,
    `import * as client from ${JSON.stringify(built)};
     import { program } from './program.js';
     if (process.versions.bun || Number(process.versions.node.split('.')[0]) < 20) throw new Error('this is no Node 20 or newer');
     console.log(JSON.stringify(await program(client, JSON.parse(process.argv[2]))));
     process.exit(0);`,
  );
  const node = findNode();
  if (node === null) throw new Error('no Node 20 or newer was found: the client is tested with it');
  const ran = await run([node, main, JSON.stringify(scene)], { cwd: folder });
  expect(ran.stderr).toBe('');
  expect(JSON.parse(ran.stdout) as string[]).toHaveLength(CHECKS);
});

test('the same program runs in Chromium, in a page of another origin that the server allows', async () => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(helper.url);
    const seen = await page.evaluate(`Promise.all([import('/smspin.js'), import('/program.js')])
      .then(([client, { program }]) => program(client, ${JSON.stringify(scene)}))`);
    expect(seen).toHaveLength(CHECKS);
    const stranger = await browser.newPage();
    await stranger.goto(helper.url.replace('127.0.0.1', 'localhost'));
    const asked = `fetch('${server.url}/api/v1/offers', { headers: { authorization: 'Bearer ${scene.apiKey}' } })`;
    expect(await stranger.evaluate(`${asked}.then(() => 'answered', (error) => error.name)`)).toBe('TypeError');
  } finally {
    await browser.close();
  }
});

test('what is generated is what the document says now', async () => {
  const document = JSON.parse(await expectOk(server.run(['openapi']))) as object;
  for (const [path, text] of await makeClient(document)) {
    const committed = readFileSync(resolve(root, 'client', path), 'utf8');
    expect({ path, stale: committed !== text }).toEqual({ path, stale: false });
  }
});

test('the client needs nothing but itself', () => {
  const text = readFileSync(built, 'utf8');
  expect([...text.matchAll(/^\s*import\b.*$/gm)]).toEqual([]);
  const declared = new Bun.Glob('*.d.ts').scanSync({ cwd: resolve(root, 'client/built') });
  for (const file of declared) {
    const imports = [...readFileSync(resolve(root, 'client/built', file), 'utf8').matchAll(/from "([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(imports.filter((one) => !/^\.\/[a-z-]+\.js$/.test(one))).toEqual([]);
  }
});

test.each([
  [{ baseUrl: 'pin.example.org', apiKey: 'smspin_x' }, 'baseUrl must begin with'],
  [{ baseUrl: 'https://pin.example.org', apiKey: '' }, 'apiKey is missing'],
])('%j is refused at once', (options, message) => {
  expect(() => new client.SmsPin(options)).toThrow(message);
});
