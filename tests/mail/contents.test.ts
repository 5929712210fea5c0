/** Every kind of mail with strangers' words in every place: nothing of them becomes markup, a header, or a line of ours. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { resolve } from 'node:path';
import fc from 'fast-check';
import type { Browser } from 'playwright-core';
import { parseSmtpUrl } from '../../src/lib/smtp-url.ts';
import { MAIL_KINDS } from '../../src/mail/kinds.ts';
import { smtpTransport } from '../../src/mail/transport.ts';
import { passwordChanged } from '../../views/mail/account.ts';
import { headerLine, type MailContent } from '../../views/mail/model.ts';
import { codeReceived } from '../../views/mail/orders.ts';
import { MailPage } from '../../views/mail/page.tsx';
import { mailText } from '../../views/mail/text.ts';
import { markup } from '../../views/parts/text.tsx';
import { MAIL_WORDS } from '../../views/settings/mail-words.ts';
import { launchChromium } from '../support/chromium.ts';
import { startSmtp } from '../support/smtp.ts';
import { root } from '../support/tools.ts';
import { seen } from '../views/markup.ts';
import { hostileTexts, nowMs } from '../views/sample.ts';
import { everyMail, footer, niceOrder, PUBLIC_URL } from './sample.ts';

const html = (content: MailContent, text = 'evt_1') => markup(MailPage({ content, footer: footer(text) }));

/** The first thing in a mail that fetches, runs, or leads elsewhere. */
function mailDanger(page: string): string | null {
  const { tags, attributes } = seen(page);
  const foreign = tags.find((tag) => /^(script|img|iframe|object|embed|base|link|form|input|button|svg|video|audio)$/.test(tag));
  if (foreign !== undefined) return `<${foreign}>`;
  const bad = attributes.find(({ name }) => /^on|^src|^srcset$|^background$|^action$|^formaction$|^hx-/.test(name));
  if (bad !== undefined) return `${bad.name} on <${bad.tag}>`;
  const url = attributes.find(({ name, value }) => name === 'href' && !value.startsWith(`${PUBLIC_URL}/`));
  if (url !== undefined) return `href="${url.value}"`;
  const style = attributes.find(({ name, value }) => name === 'style' && /url\(|expression|import/i.test(value));
  return style === undefined ? null : `style="${style.value}"`;
}

describe.each(everyMail)('%s', (_kind, content) => {
  test.each(hostileTexts)('stays whole with %s', (_name, text) => {
    const page = html(content(text), text);
    expect(mailDanger(page)).toBeNull();
    expect(seen(page).tags).toEqual(seen(html(content('plain'), 'plain')).tags);
    const { subject } = content(text);
    expect(headerLine(subject)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    expect([...headerLine(subject)].length).toBeLessThanOrEqual(120);
    const plain = mailText(content(text), footer(text));
    expect(plain).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202d\u202e]/);
  });

  test('says in text what it says in HTML', () => {
    const shown = seen(html(content('words'))).text.replace(/\s+/g, ' ');
    const plain = mailText(content('words'), footer('evt_1')).replace(/[\u2068\u2069]/g, '');
    for (const line of plain.split('\n').flatMap((one) => one.replace(/^[*>\s]+|:$/g, '').split(': ')))
      if (line !== '' && line.trim() !== '--' && !line.startsWith('https:') && !line.startsWith('SMSPin. Event'))
        expect(shown).toContain(line.trim().slice(0, 40));
  });
});

test('every kind has words for the page on which mails are chosen', () => {
  expect(Object.keys(MAIL_WORDS).toSorted()).toEqual([...MAIL_KINDS].toSorted());
});

test('whatever a subject is made of, it is one line that turns no direction', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const line = headerLine(text);
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      expect(line.isWellFormed()).toBe(true);
    }),
  );
});

test('no word of a stranger becomes a header on the wire', async () => {
  const smtp = await startSmtp();
  const target = parseSmtpUrl(smtp.url);
  if (!target) throw new Error(smtp.url);
  const send = smtpTransport(target, 5);
  const texts = [
    ...hostileTexts.map(([, text]) => text),
    'x\r\nBcc: eve@example.org\r\n\r\nbody',
    'x\nX-Evil: 1',
    '=?utf-8?q?=0D=0ABcc:_eve?=',
  ];
  for (const text of texts) {
    const content = codeReceived({ ...niceOrder, code: text, serviceName: text }, { withCode: true, publicUrl: PUBLIC_URL });
    const sent = await send(
      {
        ...{ from: { name: 'SMSPin', address: 'pin@example.org' }, to: 'anna@example.org', subject: headerLine(content.subject) },
        ...{ text: mailText(content, footer(text)), html: html(content, text), messageId: 'mail.1@example.org', atMs: nowMs },
        headers: { 'X-SMSPin-Event': headerLine(text) },
      },
      AbortSignal.timeout(5000),
    );
    expect(sent).toMatchObject({ outcome: 'delivered' });
  }
  const names = new Set(smtp.mails.flatMap(({ headers }) => [...headers.keys()]));
  expect([...names].toSorted()).toEqual(['content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to', 'x-smspin-event']);
  expect(smtp.mails.every(({ to }) => to === 'anna@example.org')).toBe(true);
  expect(smtp.mails.map(({ subject }) => subject)).toEqual(
    texts.map((text) =>
      headerLine(codeReceived({ ...niceOrder, code: text, serviceName: text }, { withCode: true, publicUrl: '' }).subject),
    ),
  );
  await smtp.stop();
});

describe('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test.each(['light', 'dark'] as const)('it can be read in %s, on a telephone too, and fetches nothing', async (colorScheme) => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 700 }, javaScriptEnabled: false });
    const page = await context.newPage();
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(request.url()));
    const [, hostile = ''] = hostileTexts.find(([name]) => name === 'right-to-left text') ?? [];
    const mails: [string, MailContent][] = [
      ['code', codeReceived(niceOrder, { withCode: true, publicUrl: PUBLIC_URL })],
      [
        'hostile',
        codeReceived(
          { ...niceOrder, message: { sender: 'w'.repeat(300), text: `${hostile}\n\n${'w'.repeat(500)}`, receivedAtMs: nowMs } },
          { withCode: true, publicUrl: PUBLIC_URL },
        ),
      ],
      ...everyMail
        .filter(([kind]) => ['alarms', 'new_browser', 'order_expired'].includes(kind))
        .map(([kind, content]): [string, MailContent] => [kind, content(hostile)]),
    ];
    for (const [name, content] of mails) {
      await page.setContent(html(content));
      await page.screenshot({ path: resolve(root, `tests/.artifacts/mail-${name}-${colorScheme}.png`), fullPage: true });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      expect(Number(await page.evaluate(LEAST_CONTRAST))).toBeGreaterThanOrEqual(4.5);
    }
    expect(fetched.filter((url) => url !== 'about:blank')).toEqual([]);
    await context.close();
  });
});

/** The least contrast (WCAG 2.2) between a text and what lies behind it, over all elements with text of their own. */
const LEAST_CONTRAST = `(() => {
  const parts = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parts(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  let least = 21;
  for (const element of document.body.querySelectorAll('*')) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '') || element.offsetParent === null) continue;
    const [a, b] = [light(parts(getComputedStyle(element).color)), light(behind(element))];
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return least;
})()`;

test('the notice of a new password says what it does not end, and leads there', () => {
  const page = html(passwordChanged(nowMs, { publicUrl: PUBLIC_URL }));
  expect(page).toContain('API keys and webhooks go on working');
  expect(page).toContain(`href="${PUBLIC_URL}/settings/keys"`);
  expect(page).toContain(`href="${PUBLIC_URL}/reset"`);
});
