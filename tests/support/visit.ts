import type { Browser, BrowserContext, Page } from 'playwright-core';
import { noteProblems } from './chromium.ts';
import type { Server } from './server.ts';

/** A browser on a server that prints its first sign-ins, and where what goes wrong in its pages is noted. */
export interface House {
  server: Server;
  browser: Browser;
  problems: string[];
  /** What the browser itself says of refusals that a test means to get. */
  expected: RegExp;
}

/** Signs in as the operator or customer that the server printed, in a context of its own; the caller closes it. */
export async function openAs(
  { server, browser, problems, expected }: House,
  role: 'operator' | 'customer',
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  noteProblems(page, problems, expected);
  const [, email = '', password = ''] = new RegExp(`as ${role} +(\\S+@\\S+) +(\\S+)`).exec(server.output()) ?? [];
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(role === 'operator' ? '**/admin' : '**/dashboard');
  return { context, page };
}

/** The operator sends an SMS to a virtual number, by the form of the bank. */
export async function sendSms(
  operator: Page,
  { server }: Pick<House, 'server'>,
  number: string,
  sender: string,
  text: string,
): Promise<void> {
  await operator.goto(`${server.url}/admin/bank`);
  await operator.locator('#number').selectOption(number);
  await operator.getByLabel('From').fill(sender);
  await operator.locator('#text').fill(text);
  await operator.getByRole('button', { name: 'Send', exact: true }).click();
  await operator.getByText(`Sent to ${number}`).waitFor();
}

/** The operator chooses a page in the grouped menu. */
export async function choose(page: Page, group: string, label: string): Promise<void> {
  const menu = page.getByRole('navigation', { name: 'Main' });
  await menu.locator('summary', { hasText: group }).click();
  await menu.getByRole('link', { name: new RegExp(`^${label}( \\d+ (open|to decide|to answer))?$`) }).click();
}
