import { expect, test } from 'bun:test';
import { Refusal } from '../../src/lib/errors.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { makeRoom } from './room.ts';

/** As many who wait as come free, and as many who order in the same moment; how many orders were tried in the commit of those, and what came of them. */
async function rush(waiting: number, free: number, ordering: number, minor: number) {
  let tries = 0;
  const room = makeRoom({ refuseNew: () => void tries++ });
  const { house, door, terms } = room;
  house.offer('telegram', 45);
  for (let n = 0; n < waiting; n++) await room.join(house.customer(`waiter${n}@example.org`));
  for (let n = 1; n <= free; n++) house.sim(n);
  const users = Array.from({ length: ordering }, (_, n) => house.customer(`rusher${n}@example.org`, minor));
  const { commits } = door.counts;
  tries = 0;
  const asked = users.map((userId) =>
    door
      .write((tx) => placeOrder(tx, terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }))
      .then(
        () => 'got one',
        (thrown: unknown) => (thrown instanceof Refusal ? thrown.type : String(thrown)),
      ),
  );
  const came = await Promise.all(asked);
  const inOneCommit = door.counts.commits === commits + 1;
  const triedInIt = tries;
  await room.settle();
  const served = house.db.query("SELECT count(*) FROM waiting_places WHERE status = 'served'").values();
  return { inOneCommit, tries: triedInIt, came: [...new Set(came)], served: Number(served[0]?.[0]) };
}

test('however many order in one moment, those who wait are served once for all of them and not once for each', async () => {
  // More could be served than in one transaction.
  expect(await rush(20, 20, 100, 1000)).toEqual({ inOneCommit: true, tries: 16 + 100, came: ['out_of_stock'], served: 20 });
  // All are, and then there is none for who ordered: it is undone each time.
  expect(await rush(5, 5, 100, 1000)).toEqual({ inOneCommit: true, tries: 16 + 100, came: ['out_of_stock'], served: 5 });
  // There are some left, but not for who cannot pay.
  const { came, ...poor } = await rush(5, 9, 100, 10);
  expect(poor).toEqual({ inOneCommit: true, tries: 16 + 100, served: 5 });
  expect(came.toSorted()).toEqual(['insufficient_balance', 'out_of_stock']);
});
