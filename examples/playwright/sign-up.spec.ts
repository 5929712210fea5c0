// Run by `npx playwright test`, with SMSPIN_URL, SMSPIN_KEY and SITE_URL in the environment.
import { expect, test } from '@playwright/test';
import { SmsPin } from 'smspin/client';
import { signUp } from './sign-up.ts';

const { SMSPIN_URL = '', SMSPIN_KEY = '', SITE_URL = '' } = process.env;
const smspin = new SmsPin({ baseUrl: SMSPIN_URL, apiKey: SMSPIN_KEY });

test('somebody new can sign up with a phone number', async ({ page }) => {
  test.setTimeout(120_000);
  expect(await signUp(page, smspin, SITE_URL)).toMatch(/^\d+$/);
});
