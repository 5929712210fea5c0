import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { until } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { root } from '../support/tools.ts';

setDefaultTimeout(120_000);

let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

const isLive = (page: Page) => page.locator('#connection[data-connection="socket"]').waitFor({ state: 'attached' });

test('a virtual modem is unplugged, looked at, asked and put back, through the real server', async () => {
  const server: Server = await startServer({ env: { SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_MODEMS_VIRTUAL: '2' } });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    noteProblems(page, problems);
    const [, email = '', password = ''] = /as operator +(\S+@\S+) +(\S+)/.exec(server.output()) ?? [];
    await page.goto(`${server.url}/sign-in`);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/admin/bank');
    await isLive(page);
    await page.locator('.modem[data-state="ready"]').nth(1).waitFor();
    const title = page.locator('.modem').first().locator('h3 a');
    const number = await title.innerText();
    await title.click();
    await page.getByRole('heading', { name: 'Simulated faults' }).waitFor();

    await page.getByLabel('AT command').fill('AT+CSQ');
    await page.getByLabel('AT command').press('Enter');
    await page.locator('#console-answer').getByText('+CSQ:').first().waitFor();
    await page.getByLabel('AT command').fill('AT+CMGD=1,4');
    await page.getByLabel('AT command').press('Enter');
    await page.locator('#console-answer.problem').waitFor();
    await page.locator('#dialogue summary').click();
    await page.locator('#dialogue').getByText('AT+CSQ').first().waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download it' }).click()]);
    expect(await Bun.file(await download.path()).text()).toContain('> AT+CSQ');

    await page.locator('[data-fault="unplug"]').click();
    await page.getByText('Unplug is on.').first().waitFor();
    await page.locator('#slot-now [data-state="gone"]').waitFor({ timeout: 30_000 });
    expect(await page.locator('#history').count()).toBe(1);
    await page.locator('[data-fault="unplug"][aria-pressed="true"]').click();
    await page.locator('#slot-now [data-state="ready"]').waitFor({ timeout: 30_000 });
    await page.locator('#confirm-pause summary').click();
    await page.getByRole('button', { name: 'Take out of service now' }).click();
    await page.locator('#slot-now [data-state="paused"]').waitFor();
    await page.getByRole('button', { name: 'Put back into service' }).click();
    await page.locator('#slot-now [data-state="ready"]').waitFor({ timeout: 30_000 });
    await until(async () => {
      await page.reload();
      return /Back in service/.test(await page.locator('#history').innerText());
    }, 'the history tells it');
    await page.locator('#dialogue summary').click();
    await page.screenshot({ path: resolve(root, 'tests/.artifacts/slot-lived.png'), fullPage: true });
    await page.getByRole('link', { name: 'All about this SIM' }).click();
    expect(await page.locator('h1').innerText()).toBe(number);
    expect(await page.locator('main').innerText()).toContain('Slots it was in');
    expect(problems.filter((problem) => !/status of 422/.test(problem))).toEqual([]);
  } finally {
    await context.close();
    await server.stop();
  }
});
