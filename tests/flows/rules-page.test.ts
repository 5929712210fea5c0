import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { rulesHouse } from '../rules/room.ts';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { freePort } from '../support/server.ts';
import { root } from '../support/tools.ts';

setDefaultTimeout(120_000);

const artifacts = resolve(root, 'tests/.artifacts');
const problems: string[] = [];
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

type Options = NonNullable<Parameters<Browser['newContext']>[0]>;
type House = ReturnType<typeof rulesHouse>;
type Open = (options?: Options) => Promise<{ page: Page; go(path: string): Promise<unknown> }>;

/** The house behind a real port, and a browser in which the operator is signed in. */
async function served(work: (house: House, open: Open) => Promise<void>): Promise<void> {
  const house = rulesHouse();
  const url = `http://127.0.0.1:${freePort()}`;
  house.app.listen({ hostname: '127.0.0.1', port: Number(new URL(url).port) });
  const contexts: BrowserContext[] = [];
  const open: Open = async (options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    contexts.push(context);
    const [name = '', value = ''] = house.operator.split('=');
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    noteProblems(page, problems);
    return { page, go: (path) => page.goto(url + path) };
  };
  try {
    await work(house, open);
  } finally {
    for (const context of contexts) await context.close();
    await house.app.stop(true);
  }
}

const receive = (house: House, code: string) => {
  house.house.clock.pass(1000);
  house.house.receive({ iccid: house.iccid, sender: '7123', text: `Fahrt frei mit ${code}, gute Reise` });
  return house.newest();
};

test('an operator pastes an SMS, writes rules, mends an example, tries them on history, publishes, and takes them back', async () => {
  await served(async (house, open) => {
    house.order();
    expect(receive(house, '7731')).toMatchObject({ verdict: 'reject', order_id: null });
    const { page, go } = await open();
    // Paste.
    await go('/admin/rules');
    await page.getByRole('link', { name: 'Try an SMS' }).click();
    await page.getByLabel('Text of the SMS').fill('Fahrt frei mit 9912, gute Reise');
    await page.getByLabel('Ordered service').fill('acme-taxi');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.locator('.explained[data-verdict="reject"]').waitFor();
    // Write rules for a service that had none.
    await page.getByRole('link', { name: 'Write some' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Acme Taxi');
    await page.getByRole('button', { name: 'Write its rules' }).click();
    await page.getByText('Rules of Acme Taxi').waitFor();
    // The preview follows what is typed.
    await page.getByLabel('Text', { exact: true }).fill('Fahrt frei mit 9912, gute Reise');
    await page.locator('#rule-preview .explained[data-verdict="reject"]').first().waitFor();
    await page.getByLabel('Templates').fill('Fahrt frei mit {code}, gute Reise');
    await page.locator('#rule-preview .explained[data-verdict="accept"] mark[data-kind="code"]', { hasText: '9912' }).waitFor();
    // The message that nobody got while an order of it was open.
    expect(await page.locator('#rule-preview [data-differs="yes"]').count()).toBe(1);
    // A wrong example keeps it from being published; then it is mended.
    await page.getByLabel('Text of example 1').fill('Fahrt frei mit 4410, gute Reise');
    await page.getByLabel('Code', { exact: true }).first().fill('4411');
    await page.locator('#rule-preview [data-failing]').waitFor();
    await page.screenshot({ path: resolve(artifacts, 'rules-editor.png'), fullPage: true });
    await page.getByRole('button', { name: 'Keep in draft' }).click();
    await page.getByText('Kept in your draft.').waitFor();
    await page.getByRole('link', { name: /Your draft/ }).click();
    await page.locator('[data-trials="fail"]').waitFor();
    expect(await page.getByRole('button', { name: 'Publish version 1' }).isDisabled()).toBe(true);
    await page.locator('.diffs a').click();
    await page.getByLabel('Code', { exact: true }).first().fill('4410');
    await page.getByRole('button', { name: 'Keep in draft' }).click();
    await page.getByText('Kept in your draft.').waitFor();
    // On what came in before.
    await page.getByRole('link', { name: /Your draft/ }).click();
    await page.locator('[data-trials="pass"]').waitFor();
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.locator('[data-rerun="done"]').waitFor();
    expect(await page.locator('[data-count="newly delivered"]').innerText()).toBe('1');
    await page.screenshot({ path: resolve(artifacts, 'rules-draft.png'), fullPage: true });
    await page.getByLabel('What changes, and why').fill('Acme Taxi writes so');
    await page.getByRole('button', { name: 'Publish version 1' }).click();
    await page.getByText('Published: messages are judged by it from now on.').waitFor();
    expect(receive(house, '8842')).toMatchObject({
      verdict: 'accept',
      code: '8842',
      rule: 'template',
      rule_version: expect.stringMatching(/\+1-/),
    });
    // And back.
    await page.getByText('Bring back the rules that come with the program').click();
    await page.getByLabel('Why').fill('too early');
    await page.getByRole('button', { name: 'Publish it as version 2' }).click();
    await page.getByText('Brought back').waitFor();
    expect(receive(house, '9953')).toMatchObject({ verdict: 'reject', rule_version: expect.stringMatching(/\+2-/) });
    expect(problems).toEqual([]);
  });
});

test('without JavaScript the preview comes by its button, and publishing works', async () => {
  await served(async (house, open) => {
    await house.postAndFollow('/admin/rules/new', { name: 'Acme Taxi', slug: '', category: '' });
    const { page, go } = await open({ javaScriptEnabled: false });
    await go('/admin/rules/services/acme-taxi');
    await page.getByLabel('Text', { exact: true }).fill('Fahrt frei mit 9912, gute Reise');
    await page.getByLabel('Templates').fill('Fahrt frei mit {code}, gute Reise');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.locator('.explained[data-verdict="accept"]').waitFor();
    expect(await page.getByLabel('Templates').inputValue()).toBe('Fahrt frei mit {code}, gute Reise');
    await page.getByRole('button', { name: 'Keep in draft' }).click();
    await go('/admin/rules/draft');
    await page.getByLabel('What changes, and why').fill('by hand');
    await page.getByLabel('Publish without trying').check();
    await page.getByRole('button', { name: 'Publish version 1' }).click();
    await page.getByText('Published: messages').waitFor();
    expect(house.house.db.query('SELECT note FROM rule_versions').all()).toEqual([{ note: 'by hand' }]);
  });
});

test('a long run over history shows how far it is, stops when canceled, and the list comes by itself when it ends', async () => {
  await served(async (house, open) => {
    // It rests by the time that goes by, which must be the real one here.
    house.house.clock.monotonicMs = () => performance.now();
    const insert = house.house.db.query(
      `INSERT INTO messages (id, iccid, sender, text, parts_have, parts_total, arrived_at_ms, stored_at_ms, live, verdict, confidence, reason, rule)
       VALUES ($id, $iccid, '7123', $text, 1, 1, $atMs, $atMs, 1, 'reject', 0.5, 'x', 'not_otp')`,
    );
    const text = (i: number) => `Fahrt frei mit ${1000 + i}, gute Reise. ${'Wir freuen uns auf Sie. '.repeat(40)}`;
    house.house.write(() => {
      for (let i = 0; i < 1500; i++)
        insert.run({ id: `old-${i}`, iccid: house.iccid, text: text(i), atMs: house.house.clock.nowMs() - 60_000 + i });
    });
    await house.postAndFollow('/admin/rules/new', { name: 'Acme Taxi', slug: '', category: '' });
    await house.postAndFollow('/admin/rules/services/acme-taxi', { name: 'Acme Taxi', templates: 'Fahrt frei mit {code}, gute Reise' });
    const { page, go } = await open();
    await go('/admin/rules/draft');
    const start = () => page.getByRole('button', { name: 'Run again' }).click();
    await start();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('[data-rerun="canceled"]').waitFor();
    await start();
    await page.locator('progress').waitFor();
    await page.locator('[data-rerun="done"]').waitFor();
    expect(await page.locator('[data-count="newly delivered"]').innerText()).toBe('1500');
    expect(await page.getByText('The first 200 are shown.').count()).toBe(1);
    expect(problems).toEqual([]);
  });
});

const sizes = [360, 1280] as const;
const schemes = ['light', 'dark'] as const;
test.each(sizes.flatMap((width) => schemes.map((scheme) => [width, scheme] as const)))(
  'the pages fit %d px in %s',
  async (width, colorScheme) => {
    await served(async (house, open) => {
      house.order();
      receive(house, '7731');
      const id = house.newest()?.id ?? '';
      await house.postAndFollow('/admin/rules/new', { name: 'Acme Taxi', slug: '', category: 'rides' });
      const fields = {
        name: 'Acme Taxi',
        category: 'rides',
        templates: 'Fahrt frei mit {code}, gute Reise',
        aliases: 'أكمي تاكسي\nАкме Такси',
      };
      const example = {
        e0_text: 'رمز التحقق الخاص بك في أكمي تاكسي هو 4829',
        e0_verdict: 'accept',
        e0_code: '4829',
        e1_text: 'Fahrt frei mit 7731, gute Reise',
        e1_verdict: 'reject',
        e1_code: '',
      };
      await house.postAndFollow('/admin/rules/services/acme-taxi', { ...fields, ...example });
      await house.post('/admin/rules/draft/rerun', { days: '30' });
      const { page, go } = await open({ viewport: { width, height: 900 }, colorScheme });
      const shot = async (name: string) => {
        const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
        expect([name, wide]).toEqual([name, 0]);
        await page.screenshot({ path: resolve(artifacts, `rules-${name}-${width}-${colorScheme}.png`), fullPage: true });
      };
      await go('/admin/rules?changed=1');
      await shot('list');
      await go('/admin/rules/try');
      await page
        .getByLabel('Text of the SMS')
        .fill('‏رمز التحقق الخاص بك في Telegram هو ٤٨٢٩١. لا تشارك الرمز. المبلغ 500 ريال https://t.me/x?a=1');
      await page.getByLabel('Ordered service').fill('telegram');
      await page.getByRole('button', { name: 'Explain' }).click();
      await page.locator('.explained').waitFor();
      await page.locator('.explained summary').click();
      await shot('try');
      await go(`/admin/rules/services/acme-taxi?message=${id}`);
      await shot('editor');
      await go('/admin/rules/draft');
      await shot('draft');
      await house.postAndFollow('/admin/rules/services/acme-taxi', fields);
      const seen = /name="seen" value="([0-9a-f]{8})"/.exec(await house.text('/admin/rules/draft'))?.[1] ?? '';
      await house.postAndFollow('/admin/rules/draft/publish', { note: 'Acme Taxi writes so', seen, untried: '1' });
      await go('/admin/rules/versions');
      await shot('versions');
      await go('/admin/rules/versions/1');
      await shot('version');
      expect(problems).toEqual([]);
    });
  },
);
