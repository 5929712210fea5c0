import { describe, expect, test } from 'bun:test';
import { rulesHouse, seenOn } from './room.ts';

const HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(1)> \u202e١٢٣٤ кодe {code} קוד 4829';

/** A house whose operator has begun rules for Acme Taxi. */
async function withAcme(fields: Record<string, string> = {}) {
  const house = rulesHouse();
  await house.postAndFollow('/admin/rules/new', { name: 'Acme Taxi', slug: '', category: 'rides' });
  if (Object.keys(fields).length > 0)
    await house.postAndFollow('/admin/rules/services/acme-taxi', { name: 'Acme Taxi', category: 'rides', ...fields });
  return house;
}

const GOOD = {
  templates: 'Fahrt frei mit {code}, gute Reise{any}',
  e0_text: 'Fahrt frei mit 7731, gute Reise wünscht Ihr Team',
  e0_sender: '7123',
  e0_verdict: 'accept',
  e0_code: '7731',
  e1_text: 'Ihre Fahrt kostet 7731 Punkte',
  e1_verdict: 'reject',
};

async function publish(house: Awaited<ReturnType<typeof withAcme>>, note = 'Acme Taxi learns its wording'): Promise<string> {
  const seen = seenOn(await house.text('/admin/rules/draft'));
  return house.postAndFollow('/admin/rules/draft/publish', { note, seen, untried: '1' });
}

test('the list is searched and filtered', async () => {
  const { text } = rulesHouse();
  expect(await text('/admin/rules')).toContain('In force: the rules that come with the program');
  expect(await text('/admin/rules?q=телеграм')).toContain('data-slug="telegram"');
  expect(await text('/admin/rules?q=nobody-knows-it')).toContain('None fits.');
  expect(await text('/admin/rules?category=messengers')).not.toContain('data-slug="amazon"');
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
    const { house, iccid, order, text, newest, get } = rulesHouse();
    order();
    house.receive({ iccid, sender: '7123', text: 'Fahrt frei mit 7731, gute Reise' });
    const id = newest()?.id ?? '';
    expect(await text('/admin/unmatched')).toContain(`/admin/rules/try?message=${id}`);
    expect(await text(`/admin/reviews/${id}`)).toContain(`/admin/rules/try?message=${id}`);
    const page = await text(`/admin/rules/try?message=${id}`);
    expect(page).toContain('Fahrt frei');
    expect(page).toContain('value="acme-taxi"');
    expect((await get('/admin/rules/try?message=none')).status).toBe(404);
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

describe('publishing', () => {
  test('a new message is judged by the new version, and undone by the former one', async () => {
    const house = await withAcme(GOOD);
    const { order, newest, iccid, audit } = house;
    order();
    const receive = (code: string) => {
      house.house.clock.pass(1000);
      house.house.receive({ iccid, sender: '7123', text: `Fahrt frei mit ${code}, gute Reise` });
      return newest();
    };
    expect(receive('7731')).toMatchObject({ verdict: 'reject', order_id: null });
    expect(await publish(house)).toContain('Published: messages are judged by it from now on.');
    expect(receive('8842')).toMatchObject({
      verdict: 'accept',
      code: '8842',
      rule: 'template',
      rule_version: expect.stringMatching(/\+1-[0-9a-f]{8}$/),
    });
    const back = await house.postAndFollow('/admin/rules/versions/0/restore', { base: '1', note: 'too early' });
    expect(back).toContain('Brought back');
    expect(receive('9953')).toMatchObject({ verdict: 'reject', rule_version: expect.stringMatching(/\+2-[0-9a-f]{8}$/) });
    await house.postAndFollow('/admin/rules/versions/1/restore', { base: '2', note: 'and again' });
    expect(receive('1164')).toMatchObject({ verdict: 'accept', code: '1164', rule_version: expect.stringMatching(/\+3-/) });
    expect(
      audit()
        .filter(({ action }) => action === 'rules.publish')
        .map(({ detail }) => detail.slice(0, 40)),
    ).toHaveLength(3);
    expect(await house.text('/admin/rules/versions/1')).toContain('new service');
  });
  test('is refused while an example fails, saying what it would become', async () => {
    const house = await withAcme({ ...GOOD, e0_code: '7732' });
    const page = await house.text('/admin/rules/draft');
    expect(page).toContain('must be <b>accept 7732</b>, would be <b>accept 7731 (rule template)</b>');
    const answer = await house.post('/admin/rules/draft/publish', { note: 'x', seen: seenOn(page), untried: '1' });
    expect(answer.status).toBe(409);
    expect(house.house.db.query('SELECT count(*) AS n FROM rule_versions').get()).toEqual({ n: 0 });
  });
  test('is refused while an example of another service fails', async () => {
    const house = await withAcme({ templates: 'verification code: {code}' });
    expect(await house.text('/admin/rules/draft')).toContain('comes with the program');
    const answer = await house.post('/admin/rules/draft/publish', {
      note: 'x',
      seen: seenOn(await house.text('/admin/rules/draft')),
      untried: '1',
    });
    expect(answer.status).toBe(409);
  });
  test('needs a note, a trial or a word that there is none, and the draft that was seen', async () => {
    const house = await withAcme(GOOD);
    const seen = seenOn(await house.text('/admin/rules/draft'));
    expect((await house.post('/admin/rules/draft/publish', { note: ' ', seen, untried: '1' })).status).toBe(422);
    expect((await house.post('/admin/rules/draft/publish', { note: 'x', seen })).status).toBe(422);
    expect((await house.post('/admin/rules/draft/publish', { note: 'x', seen: '00000000', untried: '1' })).status).toBe(409);
  });
  test('by two operators at once: the second is told, and may go on', async () => {
    const house = await withAcme(GOOD);
    const { cookie } = house.secondOperator();
    await house.post(
      '/admin/rules/services/telegram',
      { ...formOf(await house.text('/admin/rules/services/telegram', { cookie })), blockedSenders: 'TGPROMO' },
      { cookie },
    );
    const seen = seenOn(await house.text('/admin/rules/draft', { cookie }));
    await publish(house);
    const answer = await house.post('/admin/rules/draft/publish', { note: 'mine', seen, untried: '1' }, { cookie });
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('Version 1 was published meanwhile');
    await house.post('/admin/rules/draft/rebase', {}, { cookie });
    const page = await house.text('/admin/rules/draft', { cookie });
    expect(page).toContain('data-slug="telegram"');
    expect(page).not.toContain('data-slug="acme-taxi"');
    expect((await house.post('/admin/rules/draft/publish', { note: 'mine', seen: seenOn(page), untried: '1' }, { cookie })).status).toBe(
      303,
    );
    const both = JSON.parse(
      house.house.db.query<{ changes: string }, []>('SELECT changes FROM rule_versions WHERE number = 2').get()?.changes ?? '{}',
    );
    expect(Object.keys(both.services)).toEqual(['acme-taxi', 'telegram']);
  });
  test('bringing back is refused after another version, without a reason, and for what is in force', async () => {
    const house = await withAcme(GOOD);
    await publish(house);
    expect((await house.post('/admin/rules/versions/0/restore', { base: '0', note: 'x' })).status).toBe(409);
    expect((await house.post('/admin/rules/versions/0/restore', { base: '1', note: '' })).status).toBe(422);
    expect((await house.post('/admin/rules/versions/1/restore', { base: '1', note: 'x' })).status).toBe(409);
    expect((await house.post('/admin/rules/versions/7/restore', { base: '1', note: 'x' })).status).toBe(404);
  });
});

test('a run over what came in lists what would change and touches nothing', async () => {
  const house = await withAcme(GOOD);
  house.order();
  house.house.receive({ iccid: house.iccid, sender: '7123', text: 'Fahrt frei mit 7731, gute Reise' });
  house.house.receive({ iccid: house.iccid, sender: 'Telegram', text: 'Telegram code: 48213' });
  const before = JSON.stringify(house.house.db.query('SELECT * FROM messages').all());
  const events = house.house.db.query('SELECT count(*) AS n FROM events').get();
  await house.post('/admin/rules/draft/rerun', { days: '30' });
  await Bun.sleep(20);
  const page = await house.text('/admin/rules/draft');
  expect(page).toContain('data-rerun="done"');
  expect(page).toContain('data-count="newly delivered">1<');
  expect(page).toContain('2 of 2 messages');
  expect(JSON.stringify(house.house.db.query('SELECT * FROM messages').all())).toBe(before);
  expect(house.house.db.query('SELECT count(*) AS n FROM events').get()).toEqual(events);
  expect(await house.postAndFollow('/admin/rules/draft/publish', { note: 'tried', seen: seenOn(page) })).toContain('Published');
  expect((await house.post('/admin/rules/draft/rerun', { days: '0' })).status).toBe(422);
});

test('the draft is dropped service by service, reset, and thrown away', async () => {
  const house = await withAcme(GOOD);
  await publish(house);
  await house.post('/admin/rules/services/acme-taxi/reset', {});
  expect(await house.text('/admin/rules/draft')).toContain('removed');
  await house.post('/admin/rules/services/acme-taxi/drop', {});
  expect(await house.text('/admin/rules/draft')).toContain('Nothing is changed.');
  await house.postAndFollow('/admin/rules/services/acme-taxi', { name: 'Acme Taxi', category: 'rides', ...GOOD, aliases: 'Acmetaxi AG' });
  expect(await house.postAndFollow('/admin/rules/draft/discard', {})).toContain('The draft is thrown away.');
});

/** The fields of a page's editor as a browser would send them back. */
function formOf(page: string): Record<string, string> {
  const plain = (text: string) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#34;', '"')
      .replaceAll('&quot;', '"')
      .replaceAll('&#x27;', "'")
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
  const fields: Record<string, string> = {};
  const form = page.slice(page.indexOf('class="rule-editor"'), page.indexOf('class="rule-preview"'));
  for (const [, name = '', value = ''] of form.matchAll(/<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<\/textarea>/g))
    fields[name] = plain(value);
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(tag)?.[1];
    if (name) fields[name] = plain(/value="([^"]*)"/.exec(tag)?.[1] ?? '');
  }
  for (const [, name = '', options = ''] of form.matchAll(/<select[^>]* name="([^"]+)"[^>]*>(.*?)<\/select>/gs))
    fields[name] = /<option value="([^"]*)" selected/.exec(options)?.[1] ?? '';
  return fields;
}
