import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { expectOk, until } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { root } from '../support/tools.ts';

setDefaultTimeout(120_000);

const artifacts = resolve(root, 'tests/.artifacts');
let server: Server;
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  server = await startServer({ env: { SMSPIN_MODEMS_DISCOVER: 'false' } });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** The sign-in that the first start printed for this role. */
function printedSignIn(role: 'operator' | 'customer'): { email: string; password: string } {
  const found = new RegExp(`as ${role} +(\\S+@\\S+) +(\\S+)`).exec(server.output());
  if (!found?.[1] || !found[2]) throw new Error(`no ${role} sign-in in: ${server.output()}`);
  return { email: found[1], password: found[2] };
}

/** A browser of its own for one person; whatever its console complains about is remembered. */
async function openAs(
  role: 'operator' | 'customer',
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  watch(page);
  const { email, password } = printedSignIn(role);
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(role === 'operator' ? '**/admin' : '**/dashboard');
  return { context, page };
}

function watch(page: Page): void {
  // The refused socket of the polling test is announced by the browser itself.
  noteProblems(page, problems, /WebSocket connection|ERR_CONNECTION/);
  page.on('request', (request) => {
    if (!/^(https?|wss?):\/\/127\.0\.0\.1:/.test(request.url()) && !request.url().startsWith('data:'))
      problems.push(`asked ${request.url()}`);
  });
}

async function buy(page: Page, country: string, service: string): Promise<{ id: string; number: string }> {
  const before = new Set(await orderIds(page));
  await page.goto(`${server.url}/dashboard?country=${country}&service=${service}`);
  await page.locator('#buy-button').click();
  await page.waitForURL('**/dashboard?notice=ordered*');
  const id = (await orderIds(page)).find((one) => !before.has(one)) ?? '';
  const number = (await page.locator(`#order-${id} .number`).innerText()).replaceAll(/\s|-/g, '');
  expect(number).toMatch(/^\+\d{10,}$/);
  return { id, number };
}

async function orderIds(page: Page): Promise<string[]> {
  return page.locator('[data-order-id]').evaluateAll((cards) => cards.map((card) => card.getAttribute('data-order-id') ?? ''));
}

async function sendSms(operator: Page, number: string, sender: string, text: string): Promise<void> {
  await operator.goto(`${server.url}/admin/bank`);
  await operator.locator('#number').selectOption(number);
  await operator.getByLabel('From').fill(sender);
  await operator.locator('#text').fill(text);
  await operator.getByRole('button', { name: 'Send', exact: true }).click();
  await operator.getByText(`Sent to ${number}`).waitFor();
}

const code = (page: Page, id: string) => page.locator(`#order-${id} .code`);
const available = async (page: Page) => Number(await page.locator('[data-available-minor]').getAttribute('data-available-minor'));
const connection = (page: Page, state: string) => page.locator(`#connection[data-connection="${state}"]`).waitFor({ state: 'attached' });

test('the start page says that the bank is virtual and where the first sign-ins are', async () => {
  const page = await browser.newPage();
  watch(page);
  await page.goto(server.url);
  await page.getByText('Virtual bank').first().waitFor();
  const text = await page.locator('main').innerText();
  expect(text).toContain('printed two sign-ins in the terminal');
  expect(text).toContain(printedSignIn('customer').email);
  expect(text).not.toContain(printedSignIn('customer').password);
  await page.close();
});

test('buy, send the SMS from the bank page, and the code appears without a reload; the balance follows', async () => {
  const { context, page } = await openAs('customer');
  const operator = await openAs('operator');
  await connection(page, 'socket');
  const before = await available(page);
  const order = await buy(page, 'gb', 'telegram');
  await connection(page, 'socket');
  expect(await available(page)).toBe(before - 45);
  expect(await page.locator(`#order-${order.id} [data-countdown-text]`).innerText()).toMatch(/^(19|20):\d\d$/);
  await page.evaluate('document.body.setAttribute("data-same-page", "yes")');
  await sendSms(operator.page, order.number, 'Telegram', 'Telegram code: 48213. Do not share it.');
  await code(page, order.id).waitFor();
  expect(await code(page, order.id).innerText()).toBe('48213');
  expect(await page.locator('body').getAttribute('data-same-page')).toBe('yes');
  expect(await page.locator('[data-held-minor]').getAttribute('data-held-minor')).toBe('0');
  await page.screenshot({ path: resolve(artifacts, 'dashboard.png') });

  await sendSms(operator.page, order.number, 'Telegram', 'Telegram code: 99110. Do not share it.');
  await until(async () => (await code(page, order.id).innerText()) === '99110', 'the second code');
  await page.locator(`#order-${order.id}`).getByRole('button', { name: 'Done' }).click();
  await page.waitForURL('**/dashboard?notice=finished');
  await page.goto(`${server.url}/dashboard/history`);
  expect(await page.locator('main').innerText()).toContain('99110');
  await context.close();
  await operator.context.close();
});

test('an order left alone expires by itself, says so, and the money is back, all without a reload', async () => {
  await expectOk(server.run(['offer', 'set', 'gb', 'google', '--price', '30', '--window-minutes', '0.1']));
  const { context, page } = await openAs('customer');
  const before = await available(page);
  const order = await buy(page, 'gb', 'google');
  await connection(page, 'socket');
  expect(await available(page)).toBe(before - 30);
  await page.locator(`#order-${order.id}[data-status="expired"]`).waitFor({ timeout: 15_000 });
  expect(await page.locator(`#order-${order.id}`).innerText()).toContain('$0.30 is back on your balance.');
  expect(await available(page)).toBe(before);
  await context.close();
});

test('with the socket down the dashboard polls and the code still arrives; polling stops when the socket is back', async () => {
  const { context, page } = await openAs('customer');
  const operator = await openAs('operator');
  let refuse = true;
  const restarting = { code: 1012, reason: 'service restart' };
  const sockets: { close(how: typeof restarting): Promise<void> }[] = [];
  await page.routeWebSocket('**/dashboard/live', async (socket) => {
    if (refuse) await socket.close(restarting);
    else {
      socket.connectToServer();
      sockets.push(socket);
    }
  });
  let polls = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/dashboard/poll')) polls++;
  });
  const order = await buy(page, 'us', 'telegram');
  await connection(page, 'polling');
  await sendSms(operator.page, order.number, 'Telegram', 'Telegram code: 31415');
  await code(page, order.id).waitFor({ timeout: 10_000 });
  expect(await code(page, order.id).innerText()).toBe('31415');
  expect(polls).toBeGreaterThan(0);
  refuse = false;
  await page.locator('#connection[data-connection="socket"]').waitFor({ state: 'attached', timeout: 30_000 });
  const pollsThen = polls;
  await Bun.sleep(4000);
  expect(polls).toBe(pollsThen);
  refuse = true;
  for (const socket of sockets) await socket.close(restarting);
  await connection(page, 'polling');
  await context.close();
  await operator.context.close();
});

test('a tab more than the server keeps up to date says so, polls, and does not try the socket again', async () => {
  const { context, page } = await openAs('customer');
  let sockets = 0;
  await page.routeWebSocket('**/dashboard/live', async (socket) => {
    sockets++;
    await socket.close({ code: 4429, reason: 'too many sockets of this account' });
  });
  let polls = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/dashboard/poll')) polls++;
  });
  await page.reload();
  await page.getByText('many tabs are open, checking every 3 s').waitFor();
  await until(() => polls >= 2, 'two polls');
  expect(await page.locator('#connection').innerText()).toBe('many tabs are open, checking every 3 s');
  expect(sockets).toBe(1);
  await context.close();
});

test('without JavaScript a number can be bought, its code read, and an order canceled', async () => {
  const { context, page } = await openAs('customer', { javaScriptEnabled: false });
  const operator = await openAs('operator');
  const order = await buy(page, 'de', 'telegram');
  await sendSms(operator.page, order.number, 'Telegram', 'Telegram code: 27182');
  await until(async () => {
    await page.goto(`${server.url}/dashboard`);
    return (await code(page, order.id).count()) === 1;
  }, 'the code after a reload');
  expect(await code(page, order.id).innerText()).toBe('27182');
  const second = await buy(page, 'de', 'google');
  await page.locator(`#order-${second.id}`).getByRole('button', { name: 'Cancel' }).click();
  await page.waitForURL('**/dashboard?notice=canceled');
  expect(await page.locator(`#order-${second.id}`).getAttribute('data-status')).toBe('canceled');
  await context.close();
  await operator.context.close();
});

test('an SMS of somebody else changes nothing for the customer and waits on the operator’s page; hostile text stays text', async () => {
  const { context, page } = await openAs('customer');
  const operator = await openAs('operator');
  const order = await buy(page, 'fr', 'telegram');
  await sendSms(operator.page, order.number, 'Evil', '<script>document.title="owned"</script><b id="bold">no code here</b>');
  await operator.page.goto(`${server.url}/admin/unmatched`);
  await operator.page.getByText('no code here').first().waitFor();
  expect(await operator.page.locator('#bold').count()).toBe(0);
  expect(await page.locator(`#order-${order.id}`).getAttribute('data-status')).toBe('pending');
  await sendSms(operator.page, order.number, 'Telegram', 'رمز Telegram: 16180 <b id="bold">x</b> لا تشاركه');
  await code(page, order.id).waitFor();
  expect(await code(page, order.id).innerText()).toBe('16180');
  expect(await page.locator('#bold').count()).toBe(0);
  await page.screenshot({ path: resolve(artifacts, 'right-to-left.png') });
  await context.close();
  await operator.context.close();
});

test('sign-up says what is wrong, then lets the customer in with an empty balance', async () => {
  const page = await browser.newPage();
  watch(page);
  await page.goto(`${server.url}/sign-up`);
  await page.locator('form[action="/sign-up"]').evaluate((form) => form.setAttribute('novalidate', ''));
  await page.getByLabel('E-mail').fill('nobody');
  await page.getByRole('button', { name: 'Create the account' }).click();
  const text = await page.locator('main').innerText();
  for (const words of ['name@example.org', 'at least 10 characters', 'what you will use', 'Accept the terms'])
    expect(text).toContain(words);
  await page.getByLabel('E-mail').fill('carol@example.org');
  await page.getByLabel('Password').fill('a long enough password');
  await page.getByLabel('What will you use it for?').fill('Testing our own sign-up.');
  await page.locator('#terms').check();
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.waitForURL('**/dashboard?notice=welcome');
  expect(await available(page)).toBe(0);
  await page.goto(`${server.url}/admin/bank`);
  expect(await page.locator('main').innerText()).toContain('Only the operator');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto(`${server.url}/dashboard`);
  expect(page.url()).toContain('/sign-in?next=');
  await page.close();
});

test.each([
  ['phone', 360, 'light'],
  ['phone', 360, 'dark'],
  ['desktop', 1280, 'light'],
  ['desktop', 1280, 'dark'],
] as const)('pages fit a %s of %i pixels in %s', async (name, width, colorScheme) => {
  const customer = await openAs('customer', { viewport: { width, height: 800 }, colorScheme });
  const operator = await openAs('operator', { viewport: { width, height: 800 }, colorScheme });
  for (const [page, path] of [
    [customer.page, '/'],
    [customer.page, '/dashboard'],
    [customer.page, '/dashboard/history'],
    [operator.page, '/admin/bank'],
    [operator.page, '/admin/unmatched'],
    [operator.page, '/nothing-here'],
  ] as const) {
    await page.goto(server.url + path);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect({ path, overflow }).toEqual({ path, overflow: 0 });
    const file = `${path.slice(1).replaceAll('/', '-') || 'start'}-${name}-${colorScheme}.png`;
    await page.screenshot({ path: resolve(artifacts, file), fullPage: true });
  }
  await customer.context.close();
  await operator.context.close();
});

test('the API page works without anybody else and shows the calls', async () => {
  const page = await browser.newPage();
  watch(page);
  await page.goto(`${server.url}/swagger`);
  await page.getByText('/api/v1/orders/{id}/cancel').first().waitFor();
  await page.screenshot({ path: resolve(artifacts, 'swagger.png') });
  await page.close();
});

test('no page complained in the console, broke its policy or asked another host', () => {
  expect(problems.filter((problem) => !/status of (404|403|422)/.test(problem))).toEqual([]);
});
