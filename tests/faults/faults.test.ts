/** Each fault for a moment; `bun run bench faults` has them at full length and on real disks. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clockBack, clockForward } from './clock-stories.ts';
import { devicesGone, fullByLimit, lockedByOther, readOnlyByPragma } from './inner-faults.ts';
import { tell } from './story.ts';
import { openInnerWorld } from './world.ts';

setDefaultTimeout(60_000);

const dir = mkdtempSync(join(tmpdir(), 'smspin-faults-'));
let world: Awaited<ReturnType<typeof openInnerWorld>>;
beforeAll(async () => {
  world = await openInnerWorld(dir);
});
afterAll(async () => {
  await world?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('disk full: orders are refused with when to try again, the SMS stays on the modem, and all comes right by itself', async () => {
  const told = await tell(world, fullByLimit(world, 500), 'gb');
  expect(told).toMatchObject({ order: '503 unavailable', retryAfter: '30', reading: 'as ever (order pending)', onModems: 1, wrong: [] });
});

test('read-only: the same', async () => {
  const told = await tell(world, readOnlyByPragma(world, 500), 'us');
  expect(told).toMatchObject({ order: '503 unavailable', retryAfter: '30', reading: 'as ever (order pending)', onModems: 1, wrong: [] });
});

test('locked by another program for a second: orders and messages wait, and nobody is refused', async () => {
  const fault = lockedByOther(world, 1000);
  // Its order waits for the end of the lock, so the lock must end meanwhile.
  setTimeout(fault.off, 1000);
  const told = await tell(world, { ...fault, waiting: null, off: () => {} }, 'de');
  expect(told).toMatchObject({ order: '201', wrong: [] });
  expect(told.orderMs).toBeWithin(500, 3000);
});

test('every modem vanishes: nothing is for sale and nothing is charged, and the code comes when they are back', async () => {
  const told = await tell(world, devicesGone(world, 200), 'fr');
  expect(told).toMatchObject({ order: '409 out_of_stock', reading: 'as ever (order pending)', wrong: [] });
});

test('the clock is set by an hour and back: each order ends once, and no code is lost', async () => {
  // A house of its own: numbers of orders that ended in the future rest until then.
  const other = await openInnerWorld(mkdtempSync(join(dir, 'clock-')));
  expect((await clockForward(other)).wrong).toEqual([]);
  expect((await clockBack(other)).wrong).toEqual([]);
  await other.stop();
});
