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
    await page.waitForURL('**/admin');
    await page.goto(`${server.url}/admin/bank`);
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

    await page.locator('#faults summary').click();
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

test('the form for a PIN appears by itself, keeps what is being typed, and goes away when the SIM is open', async () => {
  const server: Server = await startServer({ env: { SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_MODEMS_VIRTUAL: '1' } });
  const context = await browser.newContext({ viewport: { width: 360, height: 780 } });
  try {
    const page = await context.newPage();
    noteProblems(page, problems);
    const [, email = '', password = ''] = /as operator +(\S+@\S+) +(\S+)/.exec(server.output()) ?? [];
    await page.goto(`${server.url}/sign-in`);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/admin');
    await page.goto(`${server.url}/admin/bank`);
    await page.locator('.modem[data-state="ready"] h3 a').first().click();
    await page.locator('#slot-now [data-state="ready"]').waitFor();
    expect(await page.locator('#pin-entry').count()).toBe(0);
    const other = await context.newPage();
    await other.goto(page.url());
    const pin = page.locator('#pin');
    const wrong = async (typed: string) => {
      await pin.fill(typed);
      await page.getByRole('button', { name: 'Try it once' }).click();
      await page.locator('p.problem').waitFor();
    };
    await other.locator('#faults summary').click();
    await other.locator('[data-fault="wrong_pin"]').click();
    await pin.waitFor();
    await pin.pressSequentially('97');
    await page.waitForResponse('**/now');
    await page.waitForResponse('**/now');
    await page.waitForResponse('**/now');
    expect([await pin.inputValue(), await page.locator('#pin:focus').count()]).toEqual(['97', 1]);
    for (const typed of ['1111', '2222']) await wrong(typed);
    await page.locator('#pin-statement').waitFor({ timeout: 30_000 });
    await page.getByLabel('The card has').selectOption('3 tries left');
    await page.getByLabel('I looked it up').check();
    await pin.fill('3333');
    await page.waitForResponse('**/now');
    await page.waitForResponse('**/now');
    await page.screenshot({ path: resolve(root, 'tests/.artifacts/slot-pin.png'), fullPage: true });
    expect([await page.locator('#pin-left').inputValue(), await page.locator('#pin-sure').isChecked(), await pin.inputValue()]).toEqual([
      '3',
      true,
      '3333',
    ]);
    // This modem hides its tries: without the statement nothing more would be sent.
    await pin.fill('9753');
    await page.getByRole('button', { name: 'Try it once' }).click();
    await page.getByText('The PIN is right, and the SIM is open.').first().waitFor();
    await page.getByText('has at least 3 tries left').waitFor();
    await page.locator('#slot-now [data-state="ready"]').waitFor({ timeout: 60_000 });
    await page.locator('#pin-entry').waitFor({ state: 'detached' });
    expect(problems.filter((problem) => !/status of 422/.test(problem))).toEqual([]);
  } finally {
    await context.close();
    await server.stop();
  }
});
