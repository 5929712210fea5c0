import { expect, test } from 'bun:test';
import type { StoredEvent } from '../../src/db/events.ts';
import { moveNeighbours } from '../../src/waiting/neighbours.ts';
import { makeRoom } from './room.ts';

test('those who move up are shown it once for a crowd; when that fails it is logged, the server runs on, and the next time is shown', async () => {
  const room = makeRoom();
  room.house.offer('telegram', 45);
  const users = ['anna', 'ben'].map((name) => room.house.customer(`${name}@example.org`));
  for (const userId of users) await room.join(userId);
  const tell: ((event: StoredEvent) => void)[] = [];
  const later: (() => void)[] = [];
  const errors: string[] = [];
  const shown: string[][] = [];
  let isBroken = true;
  const renew = (of: Iterable<string>): void => {
    if (isBroken) throw new Error('disk I/O error');
    shown.push([...of].toSorted());
  };
  moveNeighbours({
    ...{ db: room.house.db, hub: { isClosed: false, onEvent: (listener) => void tell.push(listener) }, channels: [{ renew }] },
    ...{ log: { error: (event) => void errors.push(event) }, later: (work) => void later.push(work) },
  });
  const happen = (): void => {
    const data = JSON.stringify({ country: 'gb', service: 'telegram', carrier: null });
    for (const type of ['waiting.left', 'waiting.joined', 'waiting.passed_over', 'order.created'])
      for (const listener of tell) listener({ type, data } as StoredEvent);
  };
  happen();
  expect(later).toHaveLength(1);
  later.pop()?.();
  expect(errors).toEqual(['neighbours_not_shown']);
  isBroken = false;
  happen();
  later.pop()?.();
  expect(shown).toEqual([users.toSorted()]);
});
