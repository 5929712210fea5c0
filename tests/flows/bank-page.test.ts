import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { setSim } from '../../src/sims/correct.ts';
import { modemCardId } from '../../views/ids.ts';
import { slotPath } from '../../views/paths.ts';
import { type AdminHouse, adminHouse, snapshot } from '../support/admin-house.ts';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { until } from '../support/client.ts';
import { START_MS } from '../support/house.ts';
import { freePort } from '../support/server.ts';
import { root } from '../support/tools.ts';

setDefaultTimeout(120_000);

const artifacts = resolve(root, 'tests/.artifacts');
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

/** The pages over modems that only pretend, so that a test says what each of them does. */
async function pretended(work: (admin: AdminHouse, open: (options?: Options) => Promise<Tab>) => Promise<void>): Promise<void> {
  const admin = adminHouse();
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  admin.app.listen({ hostname: '127.0.0.1', port });
  const [name = '', value = ''] = admin.operator.split('=');
  const contexts: BrowserContext[] = [];
  const open = async (options: Options = {}): Promise<Tab> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    contexts.push(context);
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    noteProblems(page, problems);
    return { page, go: async (path) => void (await page.goto(url + path)) };
  };
  try {
    await work(admin, open);
  } finally {
    for (const context of contexts) await context.close();
    await admin.app.stop(true);
  }
}

type Options = Parameters<Browser['newContext']>[0];
interface Tab {
  page: Page;
  go(path: string): Promise<void>;
}

const isLive = (page: Page) => page.locator('#connection[data-connection="socket"]').waitFor({ state: 'attached' });
const card = (page: Page, n: number) => page.locator(`#${modemCardId(`/dev/test${n}`)}`);

test('the bank shows by itself what changes, and takes no focus and no place away', async () => {
  await pretended(async (admin, open) => {
    for (let n = 1; n <= 6; n++) admin.house.sim(n);
    admin.bank.modems = [1, 2, 3, 4, 5, 6].map((n) => snapshot(n));
    const { page, go } = await open();
    await go('/admin/bank');
    await isLive(page);
    await page.evaluate('document.body.setAttribute("data-same-page", "yes")');
    await card(page, 2).locator('h3 a').focus();
    const placeOf = async () => card(page, 5).boundingBox();
    const before = await placeOf();
    const alarms = [{ code: 'storage_full' as const, text: 'No place is left.', sinceMs: START_MS }];
    admin.bank.modems = admin.bank.modems.map((modem, index) =>
      index === 5 ? { ...modem, alarms, signalDbm: -105 } : { ...modem, roundTripMs: 9, partsByUrc: 777 },
    );
    await card(page, 6).locator('[data-alarm="storage_full"]').waitFor();
    await card(page, 2).getByText('777 / 1').waitFor();
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('+44 7700 900002');
    expect((await placeOf())?.x).toBe(before?.x as number);
    expect((await placeOf())?.y).toBe(before?.y as number);
    expect(await page.locator('.bank-filter [data-show="attention"]').innerText()).toBe('Needs attention 1');
    await page.locator('.bank-filter [data-show="attention"]').click();
    await page.waitForURL('**/admin/bank?show=attention');
    await isLive(page);
    expect(await page.locator('.modem').count()).toBe(1);
    admin.bank.modems = admin.bank.modems.map((modem) => ({ ...modem, alarms: [] }));
    await page.getByText('Nothing needs attention.').first().waitFor();
    expect(await page.locator('.modem').count()).toBe(0);
  });
});

test('256 modems are shown as tiles; with the socket down the page asks', async () => {
  await pretended(async (admin, open) => {
    admin.bank.modems = Array.from({ length: 256 }, (_, n) =>
      snapshot(n, { number: `+44770090${String(n).padStart(4, '0')}`, iccid: null }),
    );
    const { page, go } = await open();
    await page.routeWebSocket('**/admin/live', (socket) => socket.close({ code: 1012, reason: 'service restart' }));
    await go('/admin/bank');
    expect(await page.locator('.tile').count()).toBe(256);
    admin.bank.modems = admin.bank.modems.map((modem, index) => (index === 200 ? { ...modem, state: 'gone' } : modem));
    await page.locator('.tile[data-state="gone"]').waitFor();
    expect(await page.locator('.tile').count()).toBe(256);
  });
});

test('the pages work without JavaScript', async () => {
  await pretended(async (admin, open) => {
    const iccid = admin.house.sim(1);
    admin.bank.modems = [snapshot(1)];
    const { page, go } = await open({ javaScriptEnabled: false });
    await go('/admin/bank');
    await card(page, 1).locator('h3 a').click();
    await page.locator('#confirm-reset summary').click();
    await page.getByRole('button', { name: 'Restart the modem now' }).click();
    await page.getByText('It was done.').first().waitFor();
    expect(admin.bank.asked).toEqual(['reset /dev/test1']);
    await page.getByLabel('AT command').fill('AT+CSQ');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('#console-answer').getByText('+CSQ: 20,99').waitFor();
    await page.goto(page.url().replace(/\/admin.*/, slotPath('/dev/test1')));
    await page.getByLabel('Number').fill('+447700900777');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The number is +447700900777 now.').first().waitFor();
    expect(admin.house.db.query('SELECT number FROM sims WHERE iccid = ?').get(iccid)).toEqual({ number: '+447700900777' });
  });
});

test.each([true, false])('a number that the network is long in telling arrives by itself (JavaScript: %p)', async (javaScriptEnabled) => {
  await pretended(async (admin, open) => {
    admin.house.sim(1);
    admin.bank.modems = [snapshot(1)];
    admin.bank.answer = { ok: true, detail: 'The network says +447700900001.' };
    const { promise, resolve: tell } = Promise.withResolvers<void>();
    admin.bank.gate = promise;
    const { page, go } = await open({ javaScriptEnabled });
    await go(slotPath('/dev/test1'));
    await page.getByRole('button', { name: 'Ask the network for the number' }).click();
    const progress = page.locator('.progress');
    await progress.getByText('under way for').waitFor();
    expect(await page.getByRole('button', { name: 'Ask the network for the number' }).isDisabled()).toBe(true);
    const seconds = async () => Number(/(\d+) s/.exec(await progress.innerText())?.[1]);
    if (javaScriptEnabled) {
      admin.house.clock.pass(3000);
      await until(async () => (await seconds()) >= 3, 'the seconds go on');
    }
    tell();
    await page.getByText('The network says +447700900001.').first().waitFor({ timeout: 15_000 });
    expect(await progress.count()).toBe(0);
    expect(admin.bank.asked).toEqual(['number /dev/test1']);
  });
});

test('the AT console says that it waits, and takes no second command meanwhile', async () => {
  await pretended(async (admin, open) => {
    admin.house.sim(1);
    admin.bank.modems = [snapshot(1)];
    const { promise, resolve: answer } = Promise.withResolvers<void>();
    admin.bank.gate = promise;
    const { page, go } = await open();
    await go(slotPath('/dev/test1'));
    await page.getByLabel('AT command').fill('AT+CSQ');
    await page.getByLabel('AT command').press('Enter');
    const waiting = page.locator('#console-waiting');
    await waiting.waitFor({ state: 'visible' });
    const send = page.getByRole('button', { name: 'Send', exact: true });
    expect(await send.isDisabled()).toBe(true);
    await waiting.getByText('2 s').waitFor();
    answer();
    await page.locator('#console-answer').getByText('+CSQ: 20,99').waitFor();
    expect(await waiting.isVisible()).toBe(false);
    expect(await send.isDisabled()).toBe(false);
  });
});

const LONG = 'A carrier with a very long name <b>and markup</b> '.repeat(12) + 'w'.repeat(300);

test.each([
  ['phone', 360, 'light'],
  ['phone', 360, 'dark'],
  ['desktop', 1280, 'light'],
  ['desktop', 1280, 'dark'],
] as const)('the bank fits a %s of %i pixels in %s: many, none, long texts', async (name, width, colorScheme) => {
  await pretended(async (admin, open) => {
    const { page, go } = await open({ viewport: { width, height: 800 }, colorScheme });
    const shoot = async (path: string, file: string) => {
      await go(path);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect({ file, overflow }).toEqual({ file, overflow: 0 });
      await page.screenshot({ path: resolve(artifacts, `${file}-${name}-${colorScheme}.png`), fullPage: true });
    };
    await shoot('/admin/bank', 'bank-none');
    for (let n = 0; n < 64; n++) admin.house.sim(n);
    const alarms = (['deaf', 'pin', 'storage_filling', 'cloned_imei'] as const).map((code) => ({
      code: code === 'deaf' ? ('denied' as const) : code,
      text: 'In plain words, what is the matter.',
      sinceMs: START_MS - 7_000_000,
    }));
    admin.bank.modems = Array.from({ length: 64 }, (_, n) =>
      snapshot(n, {
        state: n % 9 === 4 ? 'gone' : 'ready',
        signalDbm: n % 7 === 3 ? null : -113 + n,
        alarms: n % 8 === 0 ? alarms.slice(0, 1 + (n % 3)) : [],
        storage: { name: 'SM', used: n % 21, total: 20 },
      }),
    );
    await shoot('/admin/bank', 'bank-tiles');
    await shoot('/admin/bank?view=cards&show=attention', 'bank-cards');
    admin.bank.modems = [
      snapshot(1, {
        carrier: LONG,
        lastError: LONG,
        detail: LONG,
        manufacturer: LONG,
        profile: LONG,
        alarms: [{ code: 'denied', text: LONG, sinceMs: START_MS }],
      }),
      snapshot(2, { number: null, iccid: null, slot: `/dev/serial/by-path/${'pci-0000:00:14.0-usb-'.repeat(6)}`, state: 'failed' }),
    ];
    await shoot('/admin/bank', 'bank-long');
    admin.bank.lines = Array.from({ length: 80 }, (_, n) => ({
      atMs: START_MS + n * 7,
      direction: n % 2 ? '<' : '>',
      text: n === 9 ? LONG : 'AT+CSQ',
    }));
    admin.bank.on.add('deaf');
    const page2 = `${slotPath('/dev/test1')}`;
    await shoot(page2, 'slot-long');
    admin.bank.modems = [
      snapshot(1, { state: 'pin_required', alarms: [{ code: 'pin', text: 'The SIM asks for its PIN.', sinceMs: START_MS }] }),
    ];
    await shoot(page2, 'slot');
    const iccid = admin.bank.modems[0]?.iccid ?? '';
    admin.house.write((tx) => setSim(tx, iccid, { country: 'io' }));
    for (const [path, file] of [
      [`/admin/sims/${iccid}`, 'sim'],
      ['/admin/bank?view=cards', 'bank-country'],
    ] as const) {
      await shoot(path, file);
      const clipped =
        "[...document.querySelectorAll('.country')].some((one) => one.scrollWidth > one.parentElement.clientWidth || one.getBoundingClientRect().right > one.closest('.panel').getBoundingClientRect().right - 8)";
      expect({ file, clipped: await page.evaluate(clipped) }).toEqual({ file, clipped: false });
      expect(await page.locator('.country').first().innerText()).toContain('British Indian Ocean Territory');
    }
    await shoot('/nowhere', 'problem');
    expect((await page.locator('.request-id').boundingBox())?.height).toBeLessThan(32);
  });
});

test('no page complained in the console or broke its policy', () => {
  expect(problems.filter((problem) => !/status of 422|nowhere: .* status of 404|WebSocket connection/.test(problem))).toEqual([]);
});
