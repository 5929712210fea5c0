/** Every page of the product, as each kind of person sees it, on a desktop by day and on a phone by night: no violation that axe-core finds, nothing wider than the screen. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startSession } from '../../src/accounts/sessions.ts';
import { requireUserByEmail } from '../../src/accounts/users.ts';
import { houseSecret } from '../../src/db/secret.ts';
import { signClaim } from '../../src/lib/signed.ts';
import { passwordMark } from '../../src/mail/reset-link.ts';
import { invite } from '../../src/rentals/shares.ts';
import { subscribe } from '../../src/status/subscribers.ts';
import { openTicket } from '../../src/support/tickets.ts';
import { slotPath } from '../../views/paths.ts';
import { withIds } from '../support/addresses.ts';
import { adminHouse } from '../support/admin-house.ts';
import { launchChromium, noteProblems } from '../support/chromium.ts';
import { type FilledHouse, openFilledHouse } from '../support/filled-house.ts';
import { type House, makeHouse } from '../support/house.ts';
import { root } from '../support/tools.ts';

setDefaultTimeout(240_000);

/** What answers a GET and is no page, with the reason. A route that leads elsewhere whoever asks is none either, and shows that by itself. */
const NO_PAGE: readonly (readonly [path: RegExp, reason: string])[] = [
  [/:verb$/, 'leads back to what the verb is done to'],
  [/^\/(api|health|metrics|\.well-known)(\/|$)|^\/swagger\/json$/, 'for programs'],
  [/^\/static\/|^\/exports\/|\.(json|csv|txt|atom|pem)$/, 'a file'],
  [
    /\/(now|poll|table|quote|rerun)$|^\/dashboard\/offers$|\/exports\/list$|\/shared\/:id\/messages$|\/rules\/preview$/,
    'a piece of a page, which is looked at within its page',
  ],
];
const isNoPage = (path: string): boolean => NO_PAGE.some(([pattern]) => pattern.test(path));
const VIEWS = [
  { name: '1280 light', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: '360 dark', viewport: { width: 360, height: 780 }, colorScheme: 'dark' },
] as const;

interface Violation {
  id: string;
  help: string;
  nodes: { target: unknown[]; any: { message: string }[] }[];
}

/** Scripts follow a change of colours a frame or two later, and what fades into its colour has not got it yet. */
const SETTLED = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => {
  for (const one of document.getAnimations()) if (one.effect.getComputedTiming().endTime !== Infinity) one.finish();
})`;
/** What is wrong with modems of the bank while it is looked at: the page of the last one is walked. */
const FAULTS = [
  { modem: 1, name: 'unplug' },
  { modem: 3, name: 'pin' },
];

const folder = mkdtempSync(join(tmpdir(), 'smspin-axe-'));
const problems: string[] = [];
let house: House;
let filled: FilledHouse;
let browser: Browser;
let axe = '';

beforeAll(async () => {
  house = makeHouse({}, `${folder}/smspin.db`);
  filled = await openFilledHouse(house, folder, {
    env: { SMSPIN_MODEMS_VIRTUAL: '4' },
    self: [process.execPath, resolve(root, 'src/main.ts')],
  });
  for (const { modem, name } of FAULTS) await setFault(`${folder}/virtual/tty${modem}`, name);
  browser = await launchChromium();
  axe = await Bun.file(resolve(root, 'node_modules/axe-core/axe.min.js')).text();
});

afterAll(async () => {
  await browser?.close();
  await filled?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function setFault(slot: string, name: string): Promise<void> {
  const headers = { cookie: filled.operator, origin: filled.url, 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(filled.url + slotPath(slot, 'fault'), {
    method: 'POST',
    headers,
    redirect: 'manual',
    body: `name=${name}&on=yes`,
  });
  if (answer.status !== 303) throw new Error(`${name} of ${slot}: ${answer.status} ${(await answer.text()).slice(-300)}`);
}

/** Signed links as mails carry them, by the path before the word, and the cookie of somebody who is invited. */
function letters(): { tokens: Record<string, string>; invited: string } {
  const { db, terms, write } = house;
  const { random } = terms;
  house.clock.ms = Date.now();
  const secret = houseSecret(db, 'links', random, house.clock.ms);
  const sign = (purpose: string, subject: string) => signClaim(secret, { purpose, subject, expiresAtMs: Date.now() + 3_600_000 });
  const anna = requireUserByEmail(db, 'anna@example.org').id;
  const ben = house.customer('ben@example.org');
  const rentalId = withIds(house, '/rentals/:id').slice(9);
  const share = write((tx) => invite(tx, random, { userId: anna, rentalId, email: 'ben@example.org' }));
  const text = 'How do I get an account here?';
  const ticket = write((tx) =>
    openTicket(tx, random, { userId: null, email: 'x@example.org', topic: 'other', orderId: null, text, formKey: 'z' }),
  );
  write((tx) => subscribe(tx, random, 'reader@example.org'));
  const subscriber = db.prepare<{ id: string }, []>('SELECT id FROM status_subscribers').get()?.id ?? '';
  return {
    invited: `smspin_session=${write((tx) => startSession(tx, random, ben, 'test'))}`,
    tokens: {
      '/reset': sign('reset', `${anna} ${passwordMark(db, anna)}`),
      '/unsubscribe': sign('unsubscribe', `${anna} code_received`),
      '/status/confirm': sign('status-confirm', subscriber),
      '/status/unsubscribe': sign('status-unsubscribe', subscriber),
      '/contact/ticket': sign('ticket', ticket.id),
      '/dashboard/shared/invitation': sign('share', share.id),
    },
  };
}

/** What is wrong with the page as it stands in the browser, each as one line. */
async function complaints(page: Page): Promise<string[]> {
  const found = await page.evaluate<Violation[]>(
    `axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) => violations)`,
  );
  const wide = await page.evaluate<string[]>(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const past = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > clientWidth + 0.5);
    return past.slice(0, 3).map((one) => one.tagName.toLowerCase() + '.' + one.className + ' ends at ' + one.getBoundingClientRect().right);
  })()`);
  return [
    ...found.flatMap(({ id, help, nodes }) =>
      nodes.slice(0, 5).map(({ target, any }) => `${id} (${help}): ${target.join(' ')}${any[0] ? `: ${any[0].message}` : ''}`),
    ),
    ...wide.map((what) => `wider than the screen: ${what}`),
  ];
}

async function lookAt(page: Page, address: string): Promise<string[]> {
  const said: string[] = [];
  for (const { name, viewport, colorScheme } of VIEWS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    if (name === VIEWS[0].name) {
      await page.goto(address);
      // What is folded away is part of the page too; the menu lies over it.
      await page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true");
      await page.evaluate(axe);
    }
    await page.evaluate(SETTLED);
    said.push(...(await complaints(page)).map((line) => `${name}: ${line}`));
  }
  return said;
}

/** Documents that were looked at: what is the same for several people needs one look. */
const known = new Set<string>();

/** What a route answers to each of them: a page, one that was looked at, a way to one, a refusal, or something that the list above has to name. */
async function ask(path: string, cookie: string): Promise<'page' | 'known page' | 'elsewhere' | 'refused' | 'no page'> {
  const answer = await fetch(filled.url + path, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
  const text = await answer.text();
  const isDocument = /^\s*<!doctype html/i.test(text);
  if (answer.status >= 300 && answer.status < 400) return 'elsewhere';
  if (answer.status === 403) return 'refused';
  if (answer.status !== 200 || !isDocument) return 'no page';
  if (known.has(text)) return 'known page';
  known.add(text);
  return 'page';
}

test('axe-core finds no violation on any page, nothing is wider than a phone, and the console stays clean', async () => {
  const { tokens, invited } = letters();
  const people = { nobody: '', customer: filled.customer, operator: filled.operator, invited };
  const routes = new Set(adminHouse().app.routes.flatMap(({ method, path }) => (method === 'GET' && !isNoPage(path) ? [path] : [])));
  const answers = new Map([...routes].map((route) => [route, new Map<string, string>()]));
  const said: string[] = [];
  const context = await browser.newContext();
  const page = await context.newPage();
  // Who leaves a page leaves its socket too.
  noteProblems(page, problems, /WebSocket connection/);
  for (const [who, cookie] of Object.entries(people)) {
    const [name = '', value = ''] = cookie.split('=');
    await context.clearCookies();
    if (cookie !== '') await context.addCookies([{ name, value, url: filled.url }]);
    for (const [route, answered] of answers) {
      if ((who === 'invited') !== route.includes('/invitation/')) continue;
      const path = withIds(house, route, tokens);
      answered.set(who, await ask(path, cookie));
      if (answered.get(who) === 'page') said.push(...(await lookAt(page, filled.url + path)).map((line) => `${route} as ${who}, ${line}`));
    }
  }
  await context.close();
  expect(said).toEqual([]);
  expect(problems).toEqual([]);
  const looked = [...answers.values()].flatMap((answered) => [...answered.values()].filter((one) => one === 'page'));
  expect(looked.length).toBeGreaterThan(100);
  // Nobody got a page: it leads elsewhere, or the walk did not reach it.
  expect([...answers].filter(([, answered]) => ![...answered.values()].some((one) => one === 'page' || one === 'elsewhere'))).toEqual([]);
});

test('pages of refusals hold too', async () => {
  const page = await browser.newPage();
  expect([...(await lookAt(page, `${filled.url}/nowhere`)), ...(await lookAt(page, `${filled.url}/reset/none`))]).toEqual([]);
  await page.close();
});
