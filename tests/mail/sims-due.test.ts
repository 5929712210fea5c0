/** Reminders of days that were typed for cards: when, how often, to whom, and what is left out when the day was changed. */
import { expect, test } from 'bun:test';
import { addUser } from '../../src/accounts/users.ts';
import { compose } from '../../src/mail/compose.ts';
import { setWanted } from '../../src/mail/preferences.ts';
import { setMailOn } from '../../src/mail/queue.ts';
import type { Delivery } from '../../src/outbox/deliveries.ts';
import { dayAfter, setCare } from '../../src/sims/care.ts';
import { remindOfSims } from '../../src/sims/reminders.ts';
import { makeHouse, START_MS, seededRandom } from '../support/house.ts';
import { PUBLIC_URL } from './room.ts';

const DAY_MS = 86_400_000;

function houseWithOperator() {
  const house = makeHouse();
  const { id } = house.write((tx) =>
    addUser(tx, seededRandom(3), {
      email: 'olga@example.com',
      passwordHash: null,
      role: 'operator',
      state: 'active',
      purpose: null,
      acceptedTerms: true,
    }),
  );
  const iccid = house.sim(1);
  house.write((tx) => setCare(tx, iccid, { expiresOn: dayAfter(START_MS, 20) }));
  const remind = () => house.write(remindOfSims);
  const mails = () =>
    house.db
      .query<Delivery & { payload: string }, []>(
        "SELECT id, topic, payload, user_id AS userId, created_at_ms AS createdAtMs FROM deliveries WHERE topic = 'sim_due' ORDER BY seq",
      )
      .all();
  const written = (delivery: Delivery) =>
    compose(
      house.db,
      { links: { publicUrl: PUBLIC_URL, secret: new Uint8Array(32) }, nameOf: String, nowMs: house.clock.nowMs },
      'sim_due',
      delivery,
    );
  return { ...house, id, iccid, remind, mails, written };
}

test('a day is told two weeks ahead, three days ahead and on it, once each, to operators who want it', () => {
  const { clock, write, id, remind, mails, written } = houseWithOperator();
  write((tx) => setMailOn(tx, true));
  clock.ms += 7 * DAY_MS;
  expect(remind()).toBe(0);
  write((tx) => setWanted(tx, id, 'sim_due', true));
  const told: [number, number][] = [];
  for (let day = 7; day <= 25; day++) {
    clock.ms = START_MS + day * DAY_MS;
    const days = remind();
    if (days > 0) told.push([day, days]);
    expect(remind()).toBe(0);
  }
  expect(told).toEqual([
    [7, 1],
    [17, 1],
    [20, 1],
  ]);
  expect(mails()).toHaveLength(3);
  const [first] = mails();
  expect(JSON.stringify(first && written(first))).toContain('+44 7700 900001 expires');
});

test('nothing is told, and nothing noted as told, while no mail server is set up', () => {
  const { clock, write, id, remind, mails } = houseWithOperator();
  write((tx) => setWanted(tx, id, 'sim_due', true));
  clock.ms += 19 * DAY_MS;
  expect(remind()).toBe(0);
  write((tx) => setMailOn(tx, true));
  expect(remind()).toBe(1);
  // Two weeks and three days ahead were both overdue: one mail tells of both.
  expect(mails()).toHaveLength(1);
});

test('another day is reminded of anew; a mail of the old one is not sent any more', () => {
  const { clock, write, id, iccid, remind, mails, written } = houseWithOperator();
  write((tx) => {
    setMailOn(tx, true);
    setWanted(tx, id, 'sim_due', true);
  });
  clock.ms += 10 * DAY_MS;
  expect(remind()).toBe(1);
  write((tx) => setCare(tx, iccid, { expiresOn: dayAfter(START_MS, 22) }));
  const [old] = mails();
  expect(old && written(old)).toEqual({ moot: 'the days were changed before' });
  expect(remind()).toBe(1);
});
