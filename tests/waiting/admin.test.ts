import { expect, test } from 'bun:test';
import { adminWaitingView } from '../../src/waiting/present.ts';
import { makeRoom } from './room.ts';

test('with more than a hundred lines the page says that there are more', async () => {
  const room = makeRoom({ waitingPlacesMax: 200 });
  const { db, clock } = room.house;
  const anna = room.house.customer('anna@example.org');
  const view = () => adminWaitingView({ db, terms: room.terms, nowMs: clock.nowMs });
  const service = (n: number) => `service-${n}`;
  for (let n = 0; n <= 100; n++) room.house.offer(service(n), 45);
  for (let n = 0; n < 100; n++) await room.join(anna, { service: service(n) });
  expect([view().lines.length, view().isCut]).toEqual([100, false]);
  await room.join(anna, { service: service(100) });
  expect([view().lines.length, view().isCut]).toEqual([100, true]);
});
