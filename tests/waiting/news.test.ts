import { expect, test } from 'bun:test';
import { silentLog } from '../../src/lib/log.ts';
import { openTroubles } from '../../src/lib/troubles.ts';
import { compose } from '../../src/mail/compose.ts';
import { mailPreferences, setWanted } from '../../src/mail/preferences.ts';
import { setMailOn } from '../../src/mail/queue.ts';
import type { Delivery } from '../../src/outbox/deliveries.ts';
import { startWaiting } from '../../src/waiting/watch.ts';
import { START_MS } from '../support/house.ts';
import { HandTimers, makeRoom, type WaitingRoom } from './room.ts';

const deps = {
  links: { publicUrl: 'https://pin.example.org', secret: new Uint8Array(32) },
  nameOf: () => 'Telegram',
  nowMs: () => START_MS,
};

/** The mails that are queued about waiting lists, written as they would leave now. */
function mails({ house }: WaitingRoom): string[] {
  return house.db
    .query<{ payload: string; userId: string }, []>(
      "SELECT payload, user_id AS userId FROM deliveries WHERE topic = 'waiting_list' ORDER BY seq",
    )
    .all()
    .map((row) => {
      const composed = compose(house.db, { ...deps, nowMs: house.clock.nowMs }, 'waiting_list', row as unknown as Delivery);
      return 'moot' in composed ? composed.moot : composed.content.subject;
    });
}

test('each thing is told by mail from the start, as it is when the mail leaves, and not to whom it is turned off', async () => {
  const room = makeRoom();
  const { house } = room;
  house.write((tx) => setMailOn(tx, true));
  house.offer('telegram', 45);
  const anna = house.customer('anna@example.org');
  const ben = house.customer('ben@example.org');
  const cora = house.customer('cora@example.org');
  expect(mailPreferences(house.db, anna).waiting_list).toBe(true);
  house.write((tx) => setWanted(tx, ben, 'waiting_list', false));
  await room.join(anna);
  await room.join(ben);
  await room.join(cora, { mode: 'notify', maxPriceMinor: null });
  const dear = await room.join(house.customer('dora@example.org'), { hours: 1 });
  house.db.run('UPDATE waiting_places SET max_price_minor = 10 WHERE id = ?', [dear.id]);
  for (let n = 1; n <= 3; n++) house.sim(n);
  await room.door.write(() => {});
  await room.settle();
  expect(mails(room)).toEqual([
    'You were passed over for Telegram in United Kingdom',
    'Your number for Telegram in United Kingdom is here',
    'There are numbers for Telegram in United Kingdom',
  ]);
  house.clock.pass(3_600_000);
  await room.settle();
  // What was told of a place that has ended since is not told any more.
  expect(mails(room)[0]).toBe('the place has ended since');
  expect(mails(room).at(-1)).toBe('You do not wait for Telegram in United Kingdom any more');
});

test('when serving fails, the operator sees it until it works again, and it is tried again', async () => {
  const { house, door, terms, join } = makeRoom();
  house.offer('telegram', 45);
  await join(house.customer('anna@example.org'));
  const timers = new HandTimers();
  const troubles = openTroubles(house.clock.nowMs);
  let isBroken = true;
  const write: typeof door.write = (verb) => (isBroken ? Promise.reject(new Error('the disk is full')) : door.write(verb));
  const { beforeSale: _unused, ...plain } = terms;
  startWaiting({ db: house.db, door: { write, onCommit: () => {} }, clock: house.clock, timers, log: silentLog, troubles, terms: plain });
  house.sim(1);
  const turn = async (): Promise<void> => {
    timers.turn(house.clock.nowMs());
    await door.idle();
    await Bun.sleep(0);
  };
  await turn();
  expect(troubles.standing()).toMatchObject([{ code: 'waiting_list', text: expect.stringContaining('the disk is full') }]);
  isBroken = false;
  house.clock.pass(5000);
  await turn();
  expect(house.db.query('SELECT status FROM waiting_places').values()).toEqual([['served']]);
  expect(troubles.standing()).toEqual([]);
});
