import { expect, test } from 'bun:test';
import { BUILT_IN } from '../../src/codes/book.ts';
import { judgePast, pastMessages, pastWindows, servicesThen } from '../../src/rules/history.ts';
import { HOUR_MS, makeRoom } from '../rentals/room.ts';

/** What the rules make of every stored message, as it would have been matched when it came. */
function rerun({ house }: ReturnType<typeof makeRoom>) {
  return pastMessages(house.db, { arrivedAtMs: 0, id: '' }, 20).map((message) => {
    const windows = pastWindows(house.db, house.terms, message);
    const { verdict, code, orderId } = judgePast(message, windows, BUILT_IN, { ...house.terms, deny: [] });
    return {
      kinds: windows.map(({ kind, endedAtMs }) => `${kind} ${endedAtMs === null ? 'open' : 'ended'}`),
      services: servicesThen(windows),
      verdict,
      code,
      orderId,
    };
  });
}

test('history is run again among the rental of its time, which takes everything, also after it has ended', () => {
  const room = makeRoom();
  const rental = room.rent({ term: { unit: 'hour', periods: 1 } });
  room.house.clock.pass(1000);
  room.sms('Are you coming to dinner tonight?');
  room.house.clock.pass(1000);
  room.sms('Your Uber code is 4829', '32665');
  const before = rerun(room);
  expect(before).toMatchObject([
    { kinds: ['rental open'], services: ['any'], orderId: rental.id },
    { kinds: ['rental open'], verdict: 'accept', code: '4829', orderId: rental.id },
  ]);
  room.house.db.run('UPDATE rentals SET status = ?, ended_at_ms = ? WHERE id = ?', [
    'ended',
    room.house.clock.nowMs() + HOUR_MS,
    rental.id,
  ]);
  room.house.clock.pass(2 * HOUR_MS);
  expect(rerun(room)).toEqual(before);
});

test('a message of before the rental, and one of long after it, are not its', () => {
  const room = makeRoom();
  room.sms('Are you coming to dinner tonight?');
  room.house.clock.pass(60_000);
  const rental = room.rent({ term: { unit: 'hour', periods: 1 } });
  const endedAtMs = room.house.clock.nowMs() + HOUR_MS;
  room.house.db.run('UPDATE rentals SET status = ?, ended_at_ms = ? WHERE id = ?', ['ended', endedAtMs, rental.id]);
  room.house.clock.pass(5 * HOUR_MS);
  room.sms('Your Uber code is 2222', '32665');
  expect(rerun(room)).toMatchObject([
    { kinds: [], services: ['any'], orderId: null },
    { kinds: [], services: ['any'], orderId: null },
  ]);
});

test('a rental of one service has its messages alone', () => {
  const room = makeRoom();
  const rental = room.rent({ service: 'telegram', term: { unit: 'hour', periods: 1 } });
  room.house.clock.pass(1000);
  room.sms('Telegram code: 48213', 'Telegram');
  room.house.clock.pass(1000);
  room.sms('Your Uber code is 4829', '32665');
  expect(rerun(room)).toMatchObject([
    { services: ['telegram'], verdict: 'accept', code: '48213', orderId: rental.id },
    { services: ['telegram'], code: null, orderId: null },
  ]);
});
