/** The page of alarms in Chromium, on a server whose disk is said to be low from its first look on. */
import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { join, resolve } from 'node:path';
import { launchChromium } from '../support/chromium.ts';
import { type Server, startServer } from '../support/server.ts';
import { root } from '../support/tools.ts';
import { type House, openAs } from '../support/visit.ts';

setDefaultTimeout(120_000);

let server: Server;
let house: House;

beforeAll(async () => {
  server = await startServer({
    config: '[modems]\ndiscover = false\nvirtual = 2\n[alarms]\ndisk_free_megabytes = 100000000\ndisk_free_percent = 0\n',
  });
  house = { server, browser: await launchChromium(), problems: [], expected: /^$/ };
});
afterAll(async () => {
  await house?.browser.close();
  await server?.stop();
});

/** What happened before, and what stands for the half minute that a modem is given: beside the server, as a command would. */
function seed(): void {
  const db = new Database(join(server.dir, 'data', 'smspin.db'));
  const insert = db.query(
    `INSERT INTO alarms (id, code, subject, severity, text, value, threshold, since_ms, raised_at_ms, told_at_ms, cleared_at_ms, cleared_text)
     VALUES ($id, $code, $subject, $severity, $text, $value, $threshold, $at, $at, $at, $over, $why)`,
  );
  const row = { value: null, threshold: null, at: Date.now() - 600_000, over: null, why: null };
  insert.run({
    ...row,
    id: 'alm_0a',
    code: 'modem_down',
    subject: '1-1.4.2:1.0',
    severity: 'warning',
    text: 'It is unplugged.',
    value: 10,
    threshold: 2,
  });
  insert.run({
    ...row,
    id: 'alm_0b',
    code: 'stock_out',
    subject: 'gb/telegram by vodafone',
    severity: 'warning',
    text: 'No number is free: 12 declined in the last hour, 41 sold in the last day.',
    value: 12,
    threshold: 3,
  });
  insert.run({
    ...row,
    id: 'alm_0c',
    code: 'unresponsive',
    subject: '1-1.4.1:1.0',
    severity: 'notice',
    text: 'It did not answer for 30 s.',
  });
  for (let n = 10; n < 50; n++)
    insert.run({
      ...row,
      id: `alm_00${n}`,
      code: n % 3 === 0 ? 'denied' : 'delivery_slow',
      subject: n % 3 === 0 ? `1-1.${n}` : 'median',
      severity: 'warning',
      text: 'Of 44 messages of the last hour half of them took longer than 6.2 s.',
      over: Date.now() - n * 60_000,
      why: 'It is over.',
    });
  db.close();
}

test('what stands is there, acknowledged by keyboard and without JavaScript, and every open page sees it within seconds', async () => {
  const { context, page } = await openAs(house, 'operator');
  await page.goto(`${server.url}/admin/alarms`);
  const disk = page.locator('[data-alarm="disk_low"]');
  await disk.waitFor();
  expect(await disk.innerText()).toContain('threshold 100,000,000 MB');
  expect(await page.locator('[data-alarm-count]').innerText()).toBe('1');

  const state = await context.storageState();
  const plain = await house.browser.newContext({ javaScriptEnabled: false, storageState: state, viewport: { width: 360, height: 800 } });
  const other = await plain.newPage();
  await other.goto(`${server.url}/admin/alarms`);
  await other.getByRole('link', { name: 'with a note…' }).click();
  await other.getByLabel('Note for other operators').fill('A larger disk is ordered.');
  await other.getByRole('button', { name: 'Acknowledge' }).click();
  expect(await other.locator('main').innerText()).toContain('A larger disk is ordered.');
  // The first page was not touched.
  await page.locator('[data-alarm="disk_low"][data-acknowledged]').waitFor({ timeout: 8000 });
  expect(await page.locator('#alarms-now h2').innerText()).toContain('1 open, 1 acknowledged');

  const back = page.getByRole('button', { name: /^Take back/ });
  await back.focus();
  await page.keyboard.press('Enter');
  await page.getByText('Taken back: it is told again after a while.').waitFor();
  await page.getByRole('button', { name: /^Acknowledge: The disk/ }).click();
  await page.getByText('Acknowledged: it is not told again').waitFor();
  await plain.close();
  await context.close();
  expect(house.problems).toEqual([]);
});

test('on a phone and on a desk, light and dark, nothing is cut off, and the history pages on', async () => {
  seed();
  for (const [name, options] of [
    ['desk', { viewport: { width: 1280, height: 900 } }],
    ['phone-dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
  ] as const) {
    const { context, page } = await openAs(house, 'operator', options);
    await page.goto(`${server.url}/admin/alarms`);
    await page.locator('#alarms-now .alarm').first().waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBeLessThanOrEqual(
      0,
    );
    await page.screenshot({ path: resolve(root, `tests/.artifacts/alarms-${name}.png`), fullPage: true });
    await page.getByRole('link', { name: 'Older' }).click();
    await page.getByRole('link', { name: 'Newest' }).waitFor();
    await page.getByLabel('Kind').selectOption('denied');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL('**code=denied**');
    expect(await page.locator('.alarms-past li').count()).toBe(13);
    await page.locator('.alarms-past a').first().click();
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    await page.screenshot({ path: resolve(root, `tests/.artifacts/alarm-${name}.png`), fullPage: true });
    await context.close();
  }
  expect(house.problems).toEqual([]);
  expect(server.output()).not.toContain('alarm_watch_failed');
});
