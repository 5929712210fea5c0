/** In a browser: choosing mails, writing to the operator without scripts, and the operator's answer. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startSession } from '../../src/accounts/sessions.ts';
import { houseSecret } from '../../src/db/secret.ts';
import { unsubscribeUrl } from '../../src/mail/links.ts';
import { mailPreferences } from '../../src/mail/preferences.ts';
import { setMailOn } from '../../src/mail/queue.ts';
import { type AdminHouse, adminHouse } from '../support/admin-house.ts';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { seededRandom } from '../support/house.ts';
import { freePort } from '../support/server.ts';
import { choose } from '../support/visit.ts';

setDefaultTimeout(120_000);

const problems: string[] = [];
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  expect(problems).toEqual([]);
});

type Options = NonNullable<Parameters<Browser['newContext']>[0]>;
interface Scene {
  admin: AdminHouse;
  anna: string;
  annaCookie: string;
  open(cookie: string, options?: Options): Promise<{ page: Page; go(path: string): Promise<unknown> }>;
}

async function served(work: (scene: Scene) => Promise<void>): Promise<void> {
  const admin = adminHouse();
  const { house } = admin;
  house.write((tx) => setMailOn(tx, true));
  const anna = house.customer('anna@example.org');
  const annaCookie = `smspin_session=${house.write((tx) => startSession(tx, seededRandom(31), anna, 'test'))}`;
  const url = `http://127.0.0.1:${freePort()}`;
  admin.app.listen({ hostname: '127.0.0.1', port: Number(new URL(url).port) });
  const contexts: BrowserContext[] = [];
  const open: Scene['open'] = async (cookie, options = {}) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 800 }, ...options });
    contexts.push(context);
    const [name = '', value = ''] = cookie.split('=');
    if (name !== '') await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    // A refused form is answered 422, which the console of a browser calls an error.
    noteProblems(page, problems, /status of 4(22|10)/);
    return { page, go: (path) => page.goto(url + path) };
  };
  try {
    await work({ admin, anna, annaCookie, open });
  } finally {
    for (const context of contexts) await context.close();
    await admin.app.stop(true);
  }
}

test('somebody without an account and without scripts writes; the operator answers; both see it', async () => {
  await served(async ({ admin, open }) => {
    const { page, go } = await open('', { javaScriptEnabled: false });
    await go('/');
    await page.getByRole('link', { name: 'Contact' }).click();
    await page.getByLabel('Your e-mail').focus();
    await page.keyboard.type('eve@example.org');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Balance');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('I was told that the money goes back.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    // By our clock no time has passed.
    expect(await page.getByRole('alert').innerText()).toContain('faster than people write');
    expect(await page.getByLabel('Your message').inputValue()).toBe('I was told that the money goes back.');
    admin.house.clock.pass(3000);
    await page.getByRole('button', { name: 'Send' }).click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/^Ticket \d{4}-\d{4}$/);
    const place = page.url();

    const operator = await open(admin.operator, { viewport: { width: 1280, height: 900 } });
    await operator.go('/admin/bank');
    await choose(operator.page, 'Customers', 'Support');
    expect(await operator.page.locator('[data-ticket-count]').innerText()).toBe('1');
    await operator.page.locator('[data-ticket-id] a').first().click();
    await operator.page.getByLabel('Your answer').fill('It went back at noon, please look.');
    await operator.page.getByRole('button', { name: 'Send the answer' }).click();
    await operator.page.getByText('It went back at noon').waitFor();
    expect(await operator.page.locator('[data-ticket-count]').count()).toBe(0);
    await operator.page.getByText('Note for operators…').click();
    await operator.page.getByLabel(/Note; the writer never sees it/).fill('Paid by hand.');
    await operator.page.getByRole('button', { name: 'Keep the note' }).click();
    await operator.page.getByText('Paid by hand.').waitFor();

    await page.goto(place);
    expect(await page.locator('.thread').innerText()).toContain('It went back at noon');
    expect(await page.locator('body').innerText()).not.toContain('Paid by hand');
  });
});

test('a program that fills every field it finds is refused, and a person never meets that field', async () => {
  await served(async ({ admin, open }) => {
    const { page, go } = await open('');
    await go('/contact');
    expect(Number(await page.evaluate('document.querySelector("#website").getBoundingClientRect().right'))).toBeLessThan(0);
    admin.house.clock.pass(3000);
    await page.evaluate(`for (const field of document.querySelectorAll('.talk input:not([type=hidden]), .talk textarea')) field.value = 'https://spam.example';
      document.querySelector('#email').value = 'x@example.org'; document.querySelector('#topic').value = 'other'; document.querySelector('#order').value = '';`);
    await page.getByRole('button', { name: 'Send' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('there for programs');
    expect(admin.house.db.query('SELECT count(*) AS n FROM tickets').get()).toEqual({ n: 0 });
  });
});

test('mails are chosen by keyboard, ended by a link and turned on again', async () => {
  await served(async ({ admin, anna, annaCookie, open }) => {
    const { page, go } = await open(annaCookie);
    await go('/dashboard');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('A code has arrived').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.getByRole('button', { name: 'Keep' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('What you chose holds from now on').waitFor();
    expect(await page.getByLabel('With the code and the SMS').isChecked()).toBe(true);
    expect(mailPreferences(admin.house.db, anna)).toMatchObject({ code_received: true, codeInMail: true });
    const links = { publicUrl: '', secret: houseSecret(admin.house.db, 'links', seededRandom(1), 0) };
    const stranger = await open('', { javaScriptEnabled: false });
    await stranger.go(unsubscribeUrl(links, anna, 'code_received'));
    await stranger.page.getByRole('button', { name: 'Turn them off' }).click();
    expect(mailPreferences(admin.house.db, anna).code_received).toBe(false);
    await stranger.page.getByRole('button', { name: 'Undo' }).click();
    expect(await stranger.page.getByRole('heading', { level: 1 }).innerText()).toBe('Turned on again');
    expect(mailPreferences(admin.house.db, anna).code_received).toBe(true);
  });
});

test('no page is wider than a telephone', async () => {
  await served(async ({ admin, annaCookie, open }) => {
    for (const [cookie, path] of [
      ...['/contact', '/reset', '/reset/x', '/unsubscribe/x', '/contact/ticket/x'].map((one) => ['', one]),
      ...['/settings/notifications', '/contact', '/contact/tickets'].map((one) => [annaCookie, one]),
      ...['/settings/notifications', '/admin/support', '/admin/support?q=x'].map((one) => [admin.operator, one]),
    ] as [string, string][]) {
      const { page, go } = await open(cookie, { viewport: { width: 320, height: 600 } });
      if (/\/x$/.test(path)) page.removeAllListeners('console');
      await go(path);
      expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 320]);
    }
  });
});
