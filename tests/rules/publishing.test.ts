import { describe, expect, test } from 'bun:test';
import { formOf, GOOD, publish, seenOn, withAcme } from './room.ts';

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
  test('is refused while an example that comes with the program fails', async () => {
    const house = await withAcme();
    const telegram = '/admin/rules/services/telegram';
    await house.postAndFollow(telegram, { ...formOf(await house.text(telegram)), notKeywords: 'code' });
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

test('services of two drafts that cannot stand together are told apart before either is published over the other', async () => {
  const house = await withAcme({ aliases: 'Acmetaxi AG' });
  const { cookie } = house.secondOperator();
  await house.post('/admin/rules/new', { name: 'Beta Cab', slug: '', category: '' }, { cookie });
  await house.post('/admin/rules/services/beta-cab', { name: 'Beta Cab', aliases: 'Acmetaxi AG' }, { cookie });
  await publish(house);
  await house.post('/admin/rules/draft/rebase', {}, { cookie });
  const page = await house.text('/admin/rules/draft', { cookie });
  expect(page).toContain('is a name of Acme Taxi already');
  expect((await house.post('/admin/rules/draft/publish', { note: 'x', seen: seenOn(page), untried: '1' }, { cookie })).status).toBe(409);
});

test('an own service of a denied kind is not sold, and cannot be published without its kind', async () => {
  const house = await withAcme({ denied: 'bank' });
  const sold = () => house.text('/').then((page) => page.includes('Acme Taxi'));
  expect(await sold()).toBe(true);
  await publish(house);
  house.house.offer('signal', 30);
  expect(() => house.order()).toThrow(expect.objectContaining({ type: 'service_denied' }));
  await house.postAndFollow('/admin/rules/new', { name: 'Nordbank', slug: '', category: '' });
  const page = await house.text('/admin/rules/draft');
  expect(page).toContain('says that it is a bank');
  expect((await house.post('/admin/rules/draft/publish', { note: 'x', seen: seenOn(page), untried: '1' })).status).toBe(409);
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
