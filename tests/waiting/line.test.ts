import { expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import { removeOffer, setOffer } from '../../src/catalogue/offers.ts';
import { balanceOf, topUp } from '../../src/ledger/ledger.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { cancelOrder, placeOrder } from '../../src/orders/orders.ts';
import { simOffline, simOnline } from '../../src/sims/sims.ts';
import { leaveLine, rejoinLine } from '../../src/waiting/places.ts';
import { MINUTE_MS, testSim } from '../support/house.ts';
import { Model } from './model.ts';
import { makeRoom, type WaitingRoom } from './room.ts';

setDefaultTimeout(120_000);

/** So many histories; more by hand, to search deeper: WAITING_RUNS=2000 bun test tests/waiting/line.test.ts. */
const RUNS = Number(process.env['WAITING_RUNS'] ?? 60);

const SERVICES = ['telegram', 'google', 'any'] as const;
const USERS = 4;
const SIMS = 2;
const PURSE = 130;
const PRICE = 45;

const user = fc.nat(USERS - 1);
const service = fc.constantFrom(...SERVICES);
const weighted = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const step = fc.oneof(
  weighted(
    6,
    fc.record({
      kind: fc.constant('join' as const),
      user,
      service,
      mode: fc.constantFrom('buy' as const, 'notify' as const),
      max: fc.constantFrom(40, 45, 90),
      hours: fc.constantFrom(1, 5),
    }),
  ),
  weighted(6, fc.record({ kind: fc.constant('order' as const), user, service })),
  weighted(6, fc.record({ kind: fc.constant('cancel' as const), n: fc.nat(5) })),
  weighted(3, fc.record({ kind: fc.constantFrom('leave' as const, 'rejoin' as const, 'rejoin' as const), n: fc.nat(5) })),
  weighted(1, fc.record({ kind: fc.constant('top up' as const), user })),
  weighted(1, fc.record({ kind: fc.constantFrom('block' as const, 'unblock' as const), user })),
  weighted(2, fc.record({ kind: fc.constant('price' as const), service, price: fc.constantFrom(null, 40, 45, 60) })),
  weighted(2, fc.record({ kind: fc.constantFrom('off' as const, 'on' as const), sim: fc.nat(SIMS - 1) })),
  weighted(3, fc.record({ kind: fc.constant('time' as const), minutes: fc.constantFrom(1, 9, 11, 30, 61, 301) })),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

test('whoever joins, leaves, orders, pays and waits: the list is served as one that is walked from the front, and money and numbers agree', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(step, fc.constantFrom(true, false, false)), { minLength: 5, maxLength: 40, size: 'max' }),
      fc.constantFrom(0, 10),
      async (steps, rest) => {
        const scene = openScene(rest);
        for (const [one, settles] of steps) {
          await move(scene, one, seen);
          // Sometimes the next thing comes before the house had a turn: nobody may use that.
          if (!settles && one.kind !== 'order') continue;
          await scene.room.settle();
          scene.model.settle();
          agree(scene, one);
        }
        for (const { status } of scene.model.places) seen.set(status, (seen.get(status) ?? 0) + 1);
      },
    ),
    { numRuns: RUNS },
  );
  for (const what of ['join', 'order got one', 'order got none', 'leave', 'rejoin', 'served', 'available', 'expired'])
    expect([what, (seen.get(what) ?? 0) > 0]).toEqual([what, true]);
});

interface Scene {
  room: WaitingRoom;
  model: Model;
  users: string[];
  /** Ids of the model's places and orders, in their order. */
  ids: string[];
}

function openScene(quarantineMinutes: number): Scene {
  const room = makeRoom({ quarantineMinutes });
  const model = new Model(USERS, PURSE, SIMS, quarantineMinutes);
  model.nowMs = room.house.clock.nowMs();
  const users = Array.from({ length: USERS }, (_, n) => room.house.customer(`customer${n}@example.org`, PURSE));
  for (let n = 0; n < SIMS; n++) room.house.sim(n + 1);
  for (const one of SERVICES) {
    room.house.offer(one, PRICE);
    model.prices.set(one, PRICE);
  }
  return { room, model, users, ids: [] };
}

const at = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];

async function move(scene: Scene, one: Step, seen: Map<string, number>): Promise<void> {
  const { room, model, users } = scene;
  const { house, door, terms } = room;
  const note = (what: string) => void seen.set(what, (seen.get(what) ?? 0) + 1);
  // Nothing happens in the same millisecond: who was sold last is then beyond doubt.
  house.clock.pass(1);
  model.nowMs = house.clock.nowMs();
  const tried = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (thrown: unknown) => {
        if (thrown instanceof Refusal) return thrown.type;
        throw thrown;
      },
    );
  switch (one.kind) {
    case 'join': {
      const isThere = model.prices.get(one.service) != null && model.free(one.service).length > 0;
      const has = model.places.some((place) => place.user === one.user && place.service === one.service && place.status === 'waiting');
      const expected =
        model.prices.get(one.service) == null
          ? 'not_found'
          : has
            ? 'already_exists'
            : one.mode === 'notify' && isThere
              ? 'in_stock'
              : 'done';
      const joined = room.join(users[one.user] ?? '', {
        service: one.service,
        mode: one.mode,
        maxPriceMinor: one.mode === 'buy' ? one.max : null,
        hours: one.hours,
      });
      expect(await tried(joined)).toBe(expected);
      if (expected !== 'done') return;
      note('join');
      scene.ids.push((await joined).id);
      const place = { seq: model.places.length, user: one.user, service: one.service, mode: one.mode, max: one.max, leftAtMs: 0 };
      model.places.push({ ...place, expiresAtMs: model.nowMs + one.hours * 60 * MINUTE_MS, status: 'waiting' });
      if (one.mode === 'buy') model.serve(one.service === 'any' ? SERVICES : [one.service, 'any']);
      return;
    }
    case 'order': {
      const got = model.order(one.user, one.service);
      const order = { userId: users[one.user] ?? '', country: 'gb', service: one.service, maxPriceMinor: null };
      expect([one, (await tried(door.write((tx) => placeOrder(tx, terms, order)))) === 'done']).toEqual([one, got]);
      note(got ? 'order got one' : 'order got none');
      return;
    }
    case 'cancel': {
      const order = at(
        model.orders.filter(({ endedAtMs }) => endedAtMs === null),
        one.n,
      );
      if (order === undefined) return;
      const row = house.db
        .query<{ id: string; userId: string }, [string, string]>(
          "SELECT id, user_id AS userId FROM orders WHERE iccid = ? AND service = ? AND status = 'pending'",
        )
        .get(testSim(order.sim + 1).iccid, order.service);
      expect(row?.userId).toBe(users[order.user] ?? '');
      await door.write((tx) => cancelOrder(tx, terms, { userId: row?.userId ?? '', orderId: row?.id ?? '' }));
      model.cancel(order);
      return;
    }
    case 'leave': {
      const place = at(
        model.places.filter(({ status }) => status === 'waiting'),
        one.n,
      );
      if (place === undefined) return;
      await door.write((tx) => leaveLine(tx, terms, { userId: users[place.user] ?? '', id: scene.ids[place.seq] ?? '' }));
      Object.assign(place, { status: 'left', leftAtMs: model.nowMs });
      note('leave');
      return;
    }
    case 'rejoin': {
      const place = at(
        model.places.filter(({ status }) => status === 'left'),
        one.n,
      );
      if (place === undefined) return;
      const has = model.places.some((other) => other.user === place.user && other.service === place.service && other.status === 'waiting');
      const late = model.nowMs >= place.leftAtMs + 10 * MINUTE_MS || model.nowMs >= place.expiresAtMs;
      const expected = late ? 'too_late' : model.prices.get(place.service) == null ? 'not_found' : has ? 'already_exists' : 'done';
      const back = door.write((tx) => rejoinLine(tx, terms, { userId: users[place.user] ?? '', id: scene.ids[place.seq] ?? '' }));
      expect(await tried(back)).toBe(expected);
      if (expected !== 'done') return;
      note('rejoin');
      place.status = 'waiting';
      if (place.mode === 'buy') model.serve(place.service === 'any' ? SERVICES : [place.service, 'any']);
      return;
    }
    case 'top up':
      await door.write((tx) => topUp(tx, terms, { userId: users[one.user] ?? '', amountMinor: 50, reference: null }));
      model.purses[one.user] = (model.purses[one.user] ?? 0) + 50;
      return;
    case 'block':
    case 'unblock':
      await door.write((tx) =>
        tx.db.run('UPDATE users SET state = ? WHERE id = ?', [one.kind === 'block' ? 'blocked' : 'active', users[one.user] ?? '']),
      );
      if (one.kind === 'block') model.blocked.add(one.user);
      else model.blocked.delete(one.user);
      return;
    case 'price': {
      const { price } = one;
      if (price === null && model.prices.get(one.service) == null) return;
      await door.write((tx) =>
        price === null
          ? removeOffer(tx, 'gb', one.service)
          : setOffer(tx, { country: 'gb', service: one.service, priceMinor: price, windowMinutes: null }),
      );
      model.prices.set(one.service, price);
      return;
    }
    case 'off':
    case 'on': {
      await door.write((tx) => (one.kind === 'off' ? simOffline : simOnline)(tx, testSim(one.sim + 1)));
      const sim = model.sims[one.sim];
      if (sim) sim.online = one.kind === 'on';
      return;
    }
    case 'time':
      house.clock.pass(one.minutes * MINUTE_MS);
      model.nowMs = house.clock.nowMs();
      return;
  }
}

function agree({ room, model, users, ids }: Scene, one: Step): void {
  const { db } = room.house;
  const open = db
    .query<{ iccid: string; service: string; userId: string }, []>(
      "SELECT iccid, service, user_id AS userId FROM orders WHERE status = 'pending' ORDER BY iccid, service",
    )
    .all();
  expect({
    one,
    places: ids.map((id) => room.place(id).status),
    open,
    purses: users.map((id) => balanceOf(db, id, 'USD').availableMinor),
  }).toEqual({
    one,
    places: model.places.map(({ status }) => status),
    open: model.orders
      .filter(({ endedAtMs }) => endedAtMs === null)
      .map(({ sim, service, user }) => ({ iccid: testSim(sim + 1).iccid, service, userId: users[user] ?? '' }))
      .toSorted((a, b) => (`${a.iccid} ${a.service}` < `${b.iccid} ${b.service}` ? -1 : 1)),
    purses: model.purses,
  });
}
