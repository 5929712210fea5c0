/** The search of the console: what is found, how it is bounded, that nothing secret is shown, and who may search. */
import { describe, expect, test } from 'bun:test';
import { SEARCHES, searchHouse } from '../../src/admin/search.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { pagesFor } from '../../views/admin/found.ts';
import { OPERATOR_MENU } from '../../views/menu.ts';
import { adminHouse } from '../support/admin-house.ts';
import { makeHouse } from '../support/house.ts';
import { plansOf } from '../support/plans.ts';
import { seen } from '../views/markup.ts';

function peopled() {
  const admin = adminHouse();
  const { house } = admin;
  for (let n = 1; n <= 12; n++) house.sim(n);
  house.offer('telegram', 40);
  const anna = house.customer('anna@example.org');
  house.customer('annabel@example.org');
  house.write((tx) => placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  const one = (sql: string) => house.db.query<{ id: string }, []>(sql).get()?.id ?? '';
  const iccid = one('SELECT iccid AS id FROM orders');
  house.clock.pass(5000);
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48291' });
  return { ...admin, iccid, order: one('SELECT id FROM orders'), message: one('SELECT id FROM messages') };
}

describe('what is typed', () => {
  const { house, iccid, order, message } = peopled();
  const found = (typed: string) => searchHouse(house.db, typed).found;
  test.each([
    ['the beginning of an e-mail, in any case', 'ANNA', ['customer anna@example.org', 'customer annabel@example.org']],
    ['an order by its id', order, [`order ${order}`]],
    ['a message by the beginning of its id', message.slice(0, 12), [`message ${message}`]],
    ['a number as people write it', '+44 7700 900 003', ['sim 8944010000000000003']],
    ['a number without its plus', '447700900003', ['sim 8944010000000000003']],
    ['the last digits of a number', '0012', ['sim 8944010000000000012']],
    ['an ICCID', '8944010000000000007', ['sim 8944010000000000007']],
    ['a slot', 'test11', ['slot /dev/test11']],
    ['nothing there is', 'zzz', []],
    ['one letter', 'a', []],
    ['wildcards of the database', '%_', []],
  ])('%s', (_what, typed, expected) => {
    const names = found(typed).map(
      (one) =>
        `${one.kind} ${'email' in one ? one.email : 'slot' in one && one.kind === 'slot' ? one.slot : 'id' in one ? one.id : one.iccid}`,
    );
    expect(names).toEqual(expected);
  });

  test('too much is cut, and said to be', () => {
    const { found: some, isCut } = searchHouse(house.db, '+44770090');
    expect({ some: some.length, isCut }).toEqual({ some: 8, isCut: true });
  });

  test('nothing secret is among it', () => {
    for (const typed of [iccid, order, message, 'anna', '48291'])
      expect(JSON.stringify(found(typed))).not.toMatch(/48291|Telegram code|hash/);
  });
});

test('each search is a range of an index; only cards are looked through', () => {
  const { db } = makeHouse();
  for (const [name, sql] of Object.entries(SEARCHES)) {
    for (const step of plansOf(db, sql)) {
      if (name === 'end' || name === 'slot') expect(step).toMatch(/ sims|USE TEMP B-TREE/);
      else
        expect({ name, step }).toEqual({
          name,
          step: expect.stringMatching(/^SEARCH \w+ USING (PRIMARY KEY|(COVERING )?INDEX \w+) \(\w+>\? AND \w+<\?\)$/),
        });
    }
  }
});

test('pages are found by name, group and what people call them; names first', () => {
  expect(pagesFor('rev').map(({ label }) => label)[0]).toBe('Reviews');
  expect(pagesFor('incidents').map(({ label }) => label)).toEqual(['Status']);
  expect(pagesFor('')).toEqual([]);
  const all = OPERATOR_MENU.flatMap(({ pages }) => pages);
  expect(new Set(all.map(({ path }) => path)).size).toBe(all.length);
  for (const { label } of all) expect(pagesFor(label).map((one) => one.label)).toContain(label);
});

describe('/admin/search', () => {
  const admin = peopled();
  const text = async (path: string, headers = {}) => seen(await (await admin.get(path, headers)).text()).text;
  test('is a page with groups, a hint when nothing was typed, and a word when nothing is found', async () => {
    expect(await text('/admin/search?q=anna')).toContain('Customers');
    expect(await text('/admin/search')).toContain('Type the beginning of an e-mail address');
    expect(await text('/admin/search?q=%3Cscript%3E')).toContain('Nothing begins like “<script>”');
  });

  test('is a fragment for the box over other pages, which stands on each of them', async () => {
    const fragment = await (await admin.get('/admin/search?q=anna', { 'hx-request': 'true' })).text();
    expect(fragment).toStartWith('<div data-for="anna">');
    expect(await (await admin.get('/admin/bank')).text()).toContain('<dialog id="jump"');
    expect(await (await admin.get('/dashboard', { cookie: admin.signIn('customer') })).text()).not.toContain('<dialog id="jump"');
  });
});
