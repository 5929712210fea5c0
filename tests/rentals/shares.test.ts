import { expect, test } from 'bun:test';
import { createKey, type Scope } from '../../src/accounts/keys.ts';
import { houseSecret } from '../../src/db/secret.ts';
import { setMailOn } from '../../src/mail/queue.ts';
import { readShareToken, shareUrl } from '../../src/mail/share-link.ts';
import { setRate } from '../../src/rentals/rates.ts';
import { rent } from '../../src/rentals/rentals.ts';
import {
  answer,
  endShare,
  INVITED_DAYS,
  invite,
  leave,
  READERS_MAX,
  requireShared,
  sharedWith,
  sharesOf,
} from '../../src/rentals/shares.ts';
import { changesOf } from '../../src/rentals/view.ts';
import { adminHouse } from '../support/admin-house.ts';
import { makeHouse } from '../support/house.ts';
import { DAY_MS, makeRoom, type Room } from './room.ts';

const BEN = 'ben@example.org';

function scene() {
  const room = makeRoom({}, 2);
  const { house, anna } = room;
  house.write((tx) => setMailOn(tx, true));
  const rental = room.rent();
  const ask = (email: string, userId = anna, rentalId = rental.id) =>
    house.write((tx) => invite(tx, house.terms.random, { userId, rentalId, email }));
  const say = (shareId: string | null, userId: string, email: string, accepts = true) =>
    house.write((tx) => answer(tx, { shareId, userId, email, accepts }));
  const mails = () =>
    house.db
      .query<{ payload: string }, []>("SELECT payload FROM deliveries WHERE topic = 'rental_shared' ORDER BY seq")
      .all()
      .map(({ payload }) => JSON.parse(payload).to);
  return { ...room, rental, ask, say, mails };
}
const nothing = (room: Room, userId: string) => expect(sharedWith(room.house.db, userId, { limit: 9, cursor: null })).toEqual([]);

test('nobody reads before accepting; then all messages, until the share is ended', () => {
  const s = scene();
  const ben = s.house.customer(BEN, 0);
  s.sms('before');
  const share = s.ask(' Ben@Example.org ');
  nothing(s, ben);
  expect(() => requireShared(s.house.db, s.rental.id, ben)).toThrow('No rental with this id is shared');
  expect(s.say(share.id, ben, BEN)).toMatchObject({ state: 'accepted', userId: ben });
  expect(sharedWith(s.house.db, ben, { limit: 9, cursor: null })).toMatchObject([
    { owner: 'anna@example.org', rental: { id: s.rental.id } },
  ]);
  s.house.write((tx) => endShare(tx, { userId: s.anna, rentalId: s.rental.id, shareId: share.id }));
  nothing(s, ben);
  expect(() => requireShared(s.house.db, s.rental.id, ben)).toThrow();
  expect(() => s.say(share.id, ben, BEN)).toThrow('no open invitation');
  expect(
    changesOf(s.house.db, s.rental.id)
      .map(({ reason, detail }) => [reason, detail])
      .slice(0, 3),
  ).toEqual([
    ['share_ended', BEN],
    ['share_accepted', BEN],
    ['share_invited', BEN],
  ]);
  const audit = s.house.db
    .query<{ action: string; userId: string }, []>(
      "SELECT action, user_id AS userId FROM audit WHERE action LIKE 'rental_share%' ORDER BY id",
    )
    .all();
  expect(audit).toEqual([
    { action: 'rental_share_invited', userId: s.anna },
    { action: 'rental_share_accepted', userId: ben },
    { action: 'rental_share_ended', userId: s.anna },
  ]);
});

test('the answer is the same whether or not an account has the address, and a second time', () => {
  const s = scene();
  s.house.customer(BEN, 0);
  const shape = ({ id: _id, email: _email, ...rest }: ReturnType<typeof s.ask>) => rest;
  const [known, unknown] = [s.ask(BEN), s.ask('nobody@example.org')];
  expect(shape(known)).toEqual(shape(unknown));
  expect(s.ask(BEN)).toEqual(known);
  expect(s.mails()).toEqual([BEN, 'nobody@example.org']);
});

test('only who has the link and the address answers it, once and in time', () => {
  const s = scene();
  const [ben, eve] = [s.house.customer(BEN, 0), s.house.customer('eve@example.org', 0)];
  const share = s.ask(BEN);
  expect(() => s.say(share.id, eve, 'eve@example.org')).toThrow('no open invitation');
  expect(() => s.say(null, ben, BEN)).toThrow('no open invitation');
  s.house.clock.pass(INVITED_DAYS * DAY_MS);
  expect(() => s.say(share.id, ben, BEN)).toThrow('no open invitation');
  const again = s.ask(BEN);
  expect(again.id).not.toBe(share.id);
  expect(s.say(again.id, ben, BEN, false).state).toBe('declined');
  nothing(s, ben);
});

test('a link is made here, for this purpose, and ends', () => {
  const house = makeHouse();
  const secret = houseSecret(house.db, 'links', house.terms.random, 0);
  const url = shareUrl({ publicUrl: 'https://pin.example.org', secret }, { id: 'shr_1', untilMs: 1000 });
  const token = decodeURIComponent(url.split('/').at(-1) ?? '');
  expect([readShareToken(secret, token, 999), readShareToken(secret, token, 1000)]).toEqual(['shr_1', null]);
  expect(readShareToken(secret, `${token.slice(0, -1)}A`, 0)).toBeNull();
});

test('a reader leaves by own choice and nothing but the inbox goes with a share', () => {
  const s = scene();
  const ben = s.house.customer(BEN, 0);
  s.say(s.ask(BEN).id, ben, BEN);
  expect(() => s.ask('carl@example.org', ben)).toThrow('You have no rental with this id.');
  s.house.write((tx) => leave(tx, { userId: ben, rentalId: s.rental.id }));
  nothing(s, ben);
  expect(() => s.house.write((tx) => leave(tx, { userId: ben, rentalId: s.rental.id }))).toThrow('No rental with this id');
  expect(s.say(s.ask(BEN).id, ben, BEN).state).toBe('accepted');
});

test('is refused for oneself, for what is no address, for another’s rental, and past the limits; no mailbox is filled', () => {
  const s = scene();
  const ben = s.house.customer(BEN, 5000);
  expect(() => s.ask('ANNA@example.org')).toThrow('your own address');
  expect(() => s.ask('no address')).toThrow('Type an e-mail address');
  expect(() => s.ask('x@example.org', ben)).toThrow('You have no rental');
  for (let n = 0; n < READERS_MAX; n++) s.ask(`reader${n}@example.org`);
  expect(() => s.ask(BEN)).toThrow(`at most ${READERS_MAX} people`);
  const end = (id: string) => s.house.write((tx) => endShare(tx, { userId: s.anna, rentalId: s.rental.id, shareId: id }));
  for (const { id } of sharesOf(s.house.db, s.rental.id, s.house.clock.nowMs())) end(id);
  for (let n = 0; n < 10; n++) end(s.ask('victim@example.org').id);
  expect(s.mails().filter((to) => to === 'victim@example.org')).toHaveLength(3);
  expect(() => s.ask('one-more@example.org')).toThrow('20 people are invited in a day');
});

test('by page and API: invited, accepted, read, not more than read, ended', async () => {
  const s = adminHouse();
  const { house } = s;
  house.sim(7);
  house.sim(8);
  const cookie = s.signIn('customer');
  const me = house.db.query<{ id: string; email: string }, []>("SELECT id, email FROM users WHERE role = 'customer'").get();
  if (!me) throw new Error('no customer');
  const anna = house.customer('anna@example.org', 5000);
  house.write((tx) => setRate(tx, 'gb', { hour: 80, day: null, week: null }));
  const asked = {
    userId: anna,
    country: 'gb',
    service: null,
    term: { unit: 'hour' as const, periods: 1 },
    startsAtMs: null,
    name: '<b>',
    autoCapMinor: null,
    maxPriceMinor: null,
  };
  const [rental, other] = [house.write((tx) => rent(tx, house.terms, asked)), house.write((tx) => rent(tx, house.terms, asked))];
  house.receive({ iccid: rental.iccid, sender: 'Mum', text: 'Dinner <script>?' });
  house.receive({ iccid: other.iccid, sender: 'Mum', text: 'A secret' });
  const keyOf = (userId: string, scopes: Scope[]) =>
    house.write((tx) => createKey(tx, house.terms.random, { userId, name: 'x', scopes })).secret;
  const all: Scope[] = ['rentals:read', 'rentals:write', 'messages:read'];
  const [annas, mine] = [keyOf(anna, all), keyOf(me.id, all)];
  const api = async (key: string, method: string, path: string, body?: unknown) => {
    const answered = await s.app.handle(
      new Request(`http://localhost/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const said = answered.status === 204 ? {} : await answered.json();
    return { status: answered.status, body: said as { id: string; url: string; data: { text: string }[] } };
  };
  const made = await api(annas, 'POST', `/rentals/${rental.id}/shares`, { email: me.email });
  expect(made).toMatchObject({ status: 201, body: { state: 'invited', email: me.email } });
  expect((await api(mine, 'GET', `/rentals/${rental.id}/shares`)).status).toBe(404);
  const path = new URL(made.body.url).pathname;
  const inbox = `/dashboard/shared/${rental.id}`;
  expect((await s.get(inbox, { cookie })).status).toBe(404);
  const page = await (await s.get(path, { cookie })).text();
  expect(page).toContain('anna@example.org');
  expect(page).not.toContain(rental.number);
  expect((await s.get(path)).status).toBe(404);
  expect((await s.post(path, { do: 'accept' }, { cookie })).headers.get('location')).toStartWith(inbox);
  expect((await s.get(path, { cookie })).status).toBe(404);
  const html = await (await s.get(inbox, { cookie })).text();
  expect(html).toContain('Dinner &lt;script&gt;?');
  expect(html).not.toContain('A secret');
  expect(await (await s.get(`${inbox}?q=lunch`, { cookie })).text()).toContain('No message matches.');
  expect(await (await s.get('/dashboard/shared', { cookie })).text()).toContain('&lt;b&gt;');
  expect((await api(mine, 'GET', '/shared-rentals')).body).toMatchObject({
    data: [{ id: rental.id, shared_by: 'anna@example.org' }],
    next_cursor: null,
  });
  expect((await api(mine, 'GET', `/shared-rentals/${rental.id}/messages`)).body.data.map(({ text }) => text)).toEqual(['Dinner <script>?']);
  for (const [method, to, body] of [
    ['GET', `/rentals/${rental.id}`, undefined],
    ['POST', `/rentals/${rental.id}/extend`, { hours: 1 }],
    ['POST', `/rentals/${rental.id}/end`, {}],
    ['PATCH', `/rentals/${rental.id}`, { name: 'mine' }],
    ['POST', `/rentals/${rental.id}/shares`, { email: 'x@example.org' }],
    ['GET', `/shared-rentals/${other.id}/messages`, undefined],
    ['GET', `/messages?rental_id=${rental.id}&q=dinner`, undefined],
  ] as const) {
    const { status, body: said } = await api(mine, method, to, body);
    if (to.startsWith('/messages')) expect(said.data).toEqual([]);
    else expect([method, to, status]).toEqual([method, to, 404]);
  }
  expect((await api(annas, 'GET', `/rentals/${rental.id}/shares`)).body.data).toMatchObject([{ state: 'accepted', url: null }]);
  expect((await api(annas, 'DELETE', `/rentals/${rental.id}/shares/${made.body.id}`)).status).toBe(204);
  expect((await api(annas, 'DELETE', `/rentals/${rental.id}/shares/${made.body.id}`)).status).toBe(204);
  expect((await s.get(inbox, { cookie })).status).toBe(404);
  expect((await api(mine, 'DELETE', `/shared-rentals/${rental.id}`)).status).toBe(404);
});
