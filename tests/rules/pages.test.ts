import { describe, expect, test } from 'bun:test';
import { placeOrder } from '../../src/orders/orders.ts';
import { formOf, GOOD, rulesHouse, withAcme } from './room.ts';

const HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(1)> \u202e١٢٣٤ кодe {code} קוד 4829';

test('the list is searched and filtered', async () => {
  const { text } = rulesHouse();
  expect(await text('/admin/rules')).toContain('In force: the rules that come with the program');
  expect(await text('/admin/rules?q=телеграм')).toContain('data-slug="telegram"');
  expect(await text('/admin/rules?q=nobody-knows-it')).toContain('None fits.');
  expect(await text('/admin/rules?category=messengers')).not.toContain('data-slug="amazon"');
});

test('the list comes in pages of 50, and keeps its search from page to page', async () => {
  const { text } = rulesHouse();
  const slugs = (page: string) => [...page.matchAll(/data-slug="([^"]+)"/g)].map(([, slug]) => slug);
  const [first, second] = [await text('/admin/rules'), await text('/admin/rules?page=2')];
  expect([slugs(first).length, slugs(second).length]).toEqual([50, 50]);
  expect(slugs(first).filter((slug) => slugs(second).includes(slug))).toEqual([]);
  expect(first).toContain('rel="next"');
  expect(first).not.toContain('rel="prev"');
  const searched = await text('/admin/rules?q=a&page=9999');
  expect(searched).toMatch(/rel="prev" href="[^"]*q=a&amp;[^"]*page=\d+"/);
  expect(searched).not.toContain('rel="next"');
  expect(await text('/admin/rules?q=telegram')).not.toContain('Pages of services');
  expect(slugs(await text('/admin/rules?page=x'))).toEqual(slugs(first));
});

test.each(['', '/try', '/new', '/draft', '/draft/rerun', '/versions', '/versions/1', '/services/telegram'])(
  '%j is refused to customers, and to those who are not signed in sent away',
  async (path) => {
    const { get, signIn } = rulesHouse();
    expect((await get(`/admin/rules${path}`, { cookie: signIn('customer') })).status).toBe(403);
    expect([303, 401]).toContain((await get(`/admin/rules${path}`, { cookie: '' })).status);
  },
);

describe('trying an SMS', () => {
  test('shows the verdict, the rule, the version and each stretch', async () => {
    const { post } = rulesHouse();
    const answer = await post('/admin/rules/try', {
      text: 'Your Telegram code: 48213. It costs $5.00',
      sender: 'Telegram',
      service: 'telegram',
      alone: '',
    });
    const page = await answer.text();
    expect(answer.status).toBe(200);
    for (const part of [
      'data-verdict="accept"',
      'rule sender',
      'data-kind="code"',
      'data-kind="brand"',
      'data-kind="keyword"',
      'data-kind="other"',
      'an amount',
    ])
      expect(page).toContain(part);
    expect(page).toContain('Edit the rules of');
  });
  test('takes hostile text for text', async () => {
    const { post } = rulesHouse();
    const page = await (await post('/admin/rules/try', { text: HOSTILE, sender: '<b>', service: '<i>' })).text();
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img src=x');
    expect(page.slice(page.indexOf('class="panel explained"'))).not.toContain('\u202e');
  });
  test('asks for a text', async () => {
    const { post } = rulesHouse();
    const answer = await post('/admin/rules/try', { text: '  ' });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('Paste the text of an SMS.');
  });
  test('a stored message is pasted from reviews and unmatched', async () => {
    const { house, iccid, order, text, newest, get, audit } = rulesHouse();
    order();
    house.receive({ iccid, sender: '7123', text: 'Fahrt frei mit 7731, gute Reise' });
    const id = newest()?.id ?? '';
    const page = await text(`/admin/rules/try?message=${id}`);
    expect(page).toContain('Fahrt frei');
    expect(page).toContain('value="acme-taxi"');
    expect(audit()).toContainEqual({ action: 'message.reveal', target: id, detail: 'Its text was shown explained by the rules.' });
    expect(await text('/admin/unmatched')).toContain(`/admin/rules/try?message=${id}`);
    expect(await text(`/admin/reviews/${id}`)).toContain(`/admin/rules/try?message=${id}`);
    expect((await get('/admin/rules/try?message=none')).status).toBe(404);
  });
  test('a stored message is judged for any of the orders that were open when it came, and for none that came later', async () => {
    const { house, iccid, anna, text, newest } = rulesHouse();
    for (const service of ['telegram', 'uber', 'discord']) house.offer(service, 40);
    const place = (service: string) =>
      house.write((tx) => placeOrder(tx, house.terms, { userId: anna, country: 'gb', service, maxPriceMinor: null }));
    place('telegram');
    house.clock.pass(1000);
    place('uber');
    house.clock.pass(1000);
    house.receive({ iccid, sender: '7123', text: 'Your code is 482913' });
    const id = newest()?.id ?? '';
    house.clock.pass(1000);
    place('discord');
    const first = await text(`/admin/rules/try?message=${id}`);
    const nav = /<nav aria-label="Orders of its SIM then"[\s\S]*?<\/nav>/.exec(first)?.[0] ?? '';
    expect([...nav.matchAll(/service=([a-z]+)"/g)].map(([, slug]) => slug)).toEqual(['telegram', 'uber']);
    expect(first).toContain('name="service" value="telegram"');
    const second = await text(`/admin/rules/try?message=${id}&service=uber`);
    expect(second).toContain('name="service" value="uber"');
    expect(second).toContain('the SIM has several orders');
  });
});

describe('the editor', () => {
  test('refuses what is wrong, by field and line, and keeps what was typed', async () => {
    const { post, house } = await withAcme();
    const answer = await post('/admin/rules/services/acme-taxi', {
      name: 'Acme Taxi',
      aliases: 'Acme\nTelegram\ncode',
      senders: 'ACME*\n*',
      domains: 'https://acme.example/x',
      templates: 'Code \\d{6}\nhi {code}',
      shortest: '2',
      minConfidence: '7',
    });
    const page = await answer.text();
    expect(answer.status).toBe(422);
    for (const part of [
      'Line 2: &quot;Telegram&quot; is a name of Telegram already',
      'Line 3: &quot;code&quot; is a word of ordinary code messages',
      'Line 2: &quot;*&quot; fits almost every sender',
      'is no host',
      'reads like a regular expression',
      'says too little of its own',
      'The shortest code must have',
      'The least confidence must be a number from 0 to 1.',
      'Code \\d{6}',
    ])
      expect(page).toContain(part);
    expect(house.db.query('SELECT changes FROM rule_drafts').get()).toEqual({
      changes: '{"services":{"acme-taxi":{"category":"rides","name":"Acme Taxi"}}}',
    });
  });
  test('has the SMS to try and its preview before its fields', async () => {
    const page = await (await withAcme()).text('/admin/rules/services/acme-taxi');
    expect(page.indexOf('name="try_text"')).toBeGreaterThan(0);
    expect(page.indexOf('name="try_text"')).toBeLessThan(page.indexOf('name="aliases"'));
  });
  test('keeps only what differs from what comes with the program', async () => {
    const { text, post, house } = rulesHouse();
    const page = await text('/admin/rules/services/telegram');
    const fields = formOf(page);
    await post('/admin/rules/services/telegram', fields);
    expect(house.db.query('SELECT changes FROM rule_drafts').get()).toEqual({ changes: '{"services":{}}' });
    await post('/admin/rules/services/telegram', { ...fields, blockedSenders: 'TGPROMO' });
    expect(house.db.query('SELECT changes FROM rule_drafts').get()).toEqual({
      changes: '{"services":{"telegram":{"blockedSenders":["TGPROMO"]}}}',
    });
    expect(await text('/admin/rules?changed=1')).toContain('in your draft');
  });
  test('previews what is typed beside the rules in force, as a page and as a fragment', async () => {
    const { post, house, iccid, order } = await withAcme();
    order();
    house.receive({ iccid, sender: '7123', text: 'Fahrt frei mit 7731, gute Reise' });
    const typed = { name: 'Acme Taxi', ...GOOD, try_text: 'Fahrt frei mit 9912, gute Reise, alle', try_sender: '' };
    const fragment = await (await post('/admin/rules/services/acme-taxi/preview', typed, { 'hx-request': 'true' })).text();
    expect(fragment).not.toContain('<html');
    expect(fragment).toContain('2 of 2 examples pass.');
    expect(fragment.indexOf('By this draft')).toBeLessThan(fragment.indexOf('data-verdict="reject"'));
    expect(fragment).toContain('data-verdict="accept"');
    const page = await (await post('/admin/rules/services/acme-taxi/preview', typed)).text();
    expect(page).toContain('<html');
    expect(page).toContain('Fahrt frei mit {code}, gute Reise{any}');
    const wrong = await (
      await post('/admin/rules/services/acme-taxi/preview', { ...typed, templates: '{code}' }, { 'hx-request': 'true' })
    ).text();
    expect(wrong).toContain('cannot be tried');
  });
  test('is no way around [access] allow', async () => {
    const { post } = await withAcme();
    const bank = await post('/admin/rules/services/acme-taxi', { name: 'Acme Bank', denied: '' });
    expect(bank.status).toBe(422);
    expect(await bank.text()).toContain('choose that kind under');
    const paypal = await post('/admin/rules/services/paypal', { name: 'PayPal', denied: '' });
    expect(paypal.status).toBe(422);
    expect(await paypal.text()).toContain('[access] allow');
  });
  test('knows only services that have rules', async () => {
    const { get, post } = rulesHouse();
    expect((await get('/admin/rules/services/nobody')).status).toBe(404);
    expect((await post('/admin/rules/services/nobody', { name: 'x' })).status).toBe(404);
    expect((await post('/admin/rules/new', { name: 'Telegram' })).status).toBe(422);
    expect((await post('/admin/rules/new', { name: '' })).status).toBe(422);
  });
});
