import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { SmsPin } from 'smspin/client';
import { startSampleSite } from '../../examples/playwright/sample-site.ts';
import { signUp } from '../../examples/playwright/sign-up.ts';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { launchChromium } from '../support/chromium.ts';
import { customer, expectOk, untilStock } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { root } from '../support/tools.ts';

setDefaultTimeout(120_000);

let bank: TestBank;
let server: Server;
let browser: Browser;
let smspin: SmsPin;

beforeAll(async () => {
  bank = await startTestBank(8);
  server = await startServer({ config: `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n` });
  const anna = await customer(server, 'anna@example.org');
  await expectOk(server.run(['offer', 'set', 'gb', 'telegram', '--price', '45']));
  await untilStock(anna, 'gb', 'telegram', 2);
  smspin = new SmsPin({ baseUrl: server.url, apiKey: (await expectOk(server.run(['key', 'create', 'anna@example.org']))).trim() });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await bank.stop();
});

test('the example signs up at the sample site with a number of the virtual bank', async () => {
  const site = await startSampleSite((sms) => bank.sendSms(sms));
  const page = await browser.newPage();
  const code = await signUp(page, smspin, site.url);
  expect(code).toMatch(/^\d{5}$/);
  expect(await page.locator('main').innerText()).toContain('Your account is ready.');
  const [order] = await Array.fromAsync(smspin.orders.list({ limit: 1 }));
  expect(order).toMatchObject({ status: 'finished', code });
  site.stop();
});

test('when the site sends nothing, the example gives the number back and the money with it', async () => {
  const before = (await smspin.balance.get()).available;
  const site = await startSampleSite(() => Promise.resolve());
  const page = await browser.newPage();
  await expect(signUp(page, smspin, site.url, 500)).rejects.toThrow('No code came');
  expect(await smspin.balance.get()).toMatchObject({ available: before, held: 0 });
  site.stop();
});

test('the documents show the example as it is', () => {
  const shown = readFileSync(resolve(root, 'docs/playwright.md'), 'utf8');
  for (const file of ['sign-up.ts', 'sign-up.spec.ts']) {
    const code = readFileSync(resolve(root, 'examples/playwright', file), 'utf8').trim();
    expect({ file, shown: shown.includes(code) }).toEqual({ file, shown: true });
  }
});
