// The steps of the test, for any test runner that drives Playwright's `page`.
import type { Page } from 'playwright-core';
import { OrderEndedError, type SmsPin } from 'smspin/client';

/**
 * Signs up at `siteUrl` with a number of SMSPin. A number that gets no code costs nothing: when the window ends without one, the price goes back by itself.
 */
export async function signUp(page: Page, smspin: SmsPin, siteUrl: string, codeTimeout = 60_000): Promise<string> {
  const order = await smspin.orders.create({ country: 'gb', service: 'telegram', max_price: 100 });
  try {
    await page.goto(siteUrl);
    await page.getByLabel('Phone number').fill(order.number);
    await page.getByRole('button', { name: 'Send me a code' }).click();

    const { code } = await smspin.orders.waitForCode(order.id, { timeout: codeTimeout });

    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await smspin.orders.finish(order.id);
    return code;
  } catch (error) {
    // It failed before a code came: give the number back for others, and the money with it. After one it stays paid.
    if (!(error instanceof OrderEndedError)) await smspin.orders.cancel(order.id).catch(() => {});
    throw error;
  }
}
