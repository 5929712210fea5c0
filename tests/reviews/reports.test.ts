import { expect, test } from 'bun:test';
import { balanceOf } from '../../src/ledger/ledger.ts';
import { Refusal } from '../../src/lib/errors.ts';
import {
  countUnseenReports,
  listReports,
  reportMessage,
  reportOf,
  SECOND_THOUGHTS_MS,
  seeReport,
  withdrawReport,
} from '../../src/reviews/reports.ts';
import { reviewRoom } from './room.ts';

function delivered() {
  const room = reviewRoom();
  const order = room.order(room.anna, 'telegram');
  const messageId = room.receive({ sender: 'Telegram', text: 'Telegram code: 48213' });
  const { house, anna } = room;
  const word = (userId = anna, expected: string | null = null) =>
    house.write((tx) => reportMessage(tx, { userId, messageId, reason: 'wrong_code', expected }));
  const takeBack = (userId = anna) => house.write((tx) => withdrawReport(tx, { userId, messageId }));
  const see = () => house.write((tx) => seeReport(tx, { operatorId: room.first, messageId, note: 'The site shows it so.' }));
  return { room, house, order, messageId, word, takeBack, see };
}

const refusal = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.type;
    throw thrown;
  }
};

test('a customer says once that a message is wrong; the operator reads it, the money and the order stay as they were', () => {
  const { room, house, order, messageId, word } = delivered();
  const before = [balanceOf(house.db, room.anna, 'USD'), room.shown(order)];
  expect(word(room.anna, ' 99110 ')).toMatchObject({
    reason: 'wrong_code',
    expected: '99110',
    undoUntilMs: house.clock.ms + SECOND_THOUGHTS_MS,
  });
  expect(listReports(house.db, 9)).toMatchObject([
    { messageId, reason: 'wrong_code', expected: '99110', email: 'anna@example.org', seenAtMs: null },
  ]);
  expect([balanceOf(house.db, room.anna, 'USD'), room.shown(order)]).toEqual(before);
  expect(refusal(word)).toBe('already_exists');
  expect(listReports(house.db, 9)).toHaveLength(1);
});

test('only of a message of one’s own', () => {
  const { room, house, word } = delivered();
  expect(refusal(() => word(room.bob))).toBe('not_found');
  const unmatched = room.receive({ sender: 'Google', text: 'G-482913 is your Google verification code.' });
  const foreign = () =>
    house.write((tx) => reportMessage(tx, { userId: room.anna, messageId: unmatched, reason: 'wrong_code', expected: null }));
  expect(refusal(foreign)).toBe('not_found');
  expect(listReports(house.db, 9)).toEqual([]);
});

test('it can be taken back, and said again, within the first five minutes and no longer', () => {
  const { room, house, messageId, word, takeBack } = delivered();
  word();
  expect(refusal(() => takeBack(room.bob))).toBe('not_found');
  house.clock.pass(SECOND_THOUGHTS_MS - 1000);
  takeBack();
  expect([reportOf(house.db, messageId), countUnseenReports(house.db), listReports(house.db, 9)]).toEqual([null, 0, []]);
  expect(refusal(takeBack)).toBe('not_found');
  word();
  expect(reportOf(house.db, messageId)?.undoUntilMs).toBe(house.clock.ms + 1000);
  house.clock.pass(1001);
  expect(refusal(takeBack)).toBe('too_late');
});

test('taken back, it cannot be said again later', () => {
  const { house, word, takeBack } = delivered();
  word();
  takeBack();
  house.clock.pass(SECOND_THOUGHTS_MS + 1);
  expect(refusal(word)).toBe('too_late');
});

test('the operator marks it as seen, once, with a note the customer does not see; then it stands', () => {
  const { room, house, order, messageId, word, takeBack, see } = delivered();
  word();
  expect(countUnseenReports(house.db)).toBe(1);
  expect([see(), see()]).toEqual([true, false]);
  expect(countUnseenReports(house.db)).toBe(0);
  expect(listReports(house.db, 9)).toMatchObject([{ messageId, seenBy: 'first@example.org', note: 'The site shows it so.' }]);
  expect(refusal(takeBack)).toBe('too_late');
  expect(JSON.stringify([reportOf(house.db, messageId), room.shown(order)])).not.toContain('The site');
  expect(house.db.query<object, []>('SELECT action, target, detail FROM audit').all()).toEqual([
    { action: 'report.seen', target: messageId, detail: '' },
  ]);
});
