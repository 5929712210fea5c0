import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { customer, expectOk } from '../support/client.ts';
import { buildBinary, type Server, startServer } from '../support/server.ts';
import { root } from '../support/tools.ts';

setDefaultTimeout(120_000);

let server: Server;
let browser: Browser;

beforeAll(async () => {
  server = await startServer({
    entry: 'binary',
    binary: await buildBinary(),
    env: { SMSPIN_MODEMS_VIRTUAL: '0', SMSPIN_MODEMS_DISCOVER: 'false' },
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

test.each(['light', 'dark'] as const)(
  'in %s, the page of the document opens a call and tries it out, and asks nobody else',
  async (colorScheme) => {
    await customer(server, `${colorScheme}@example.org`, 321);
    const key = (await expectOk(server.run(['key', 'create', `${colorScheme}@example.org`]))).trim();
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 1000 } });
    const problems: string[] = [];
    noteProblems(page, problems);
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) problems.push(`asked ${request.url()}`);
    });
    await page.goto(`${server.url}/swagger`);
    expect(await page.getByRole('link', { name: 'SMSPin', exact: false }).first().getAttribute('href')).toBe('/');
    await page.getByRole('button', { name: 'Authorize' }).click();
    await page.getByLabel('auth-bearer-value').fill(key);
    await page.locator('.auth-btn-wrapper').getByRole('button', { name: 'Apply credentials' }).click();
    await page.locator('.auth-btn-wrapper').getByRole('button', { name: 'Close' }).click();

    const call = page.locator('#operations-balance-getBalance');
    await call.locator('.opblock-summary-control').click();
    await call.getByRole('button', { name: 'Try it out' }).click();
    await call.getByRole('button', { name: 'Execute' }).click();
    const answer = call.locator('.live-responses-table');
    await answer.waitFor();
    expect(await answer.innerText()).toContain('"available": 321');
    await page.locator('#operations-orders-createOrder .opblock-summary-control').click();
    const order = page.locator('#operations-orders-createOrder');
    await order.getByText('out_of_stock').first().waitFor();
    expect(await order.innerText()).toContain('Idempotency-Key');
    await page.screenshot({ path: resolve(root, `tests/.artifacts/swagger-${colorScheme}.png`) });
    const ground = await page.evaluate(
      'getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).backgroundColor',
    );
    const [lightest = 0] = [...String(ground).matchAll(/rgb\((\d+)/g)].map((match) => Number(match[1]));
    if (colorScheme === 'dark') expect(lightest).toBeLessThan(80);
    expect(problems).toEqual([]);
    await page.close();
  },
);
