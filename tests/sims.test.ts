import { expect, test } from 'bun:test';
import { setSim } from '../src/sims/correct.ts';
import { listSims, simIdentified, simOffline, simOnline } from '../src/sims/sims.ts';
import { makeHouse, testSim } from './support/house.ts';

const first = (house: ReturnType<typeof makeHouse>) => listSims(house.db)[0];

test('a SIM that was moved stays online when its former modem notices that it is gone', () => {
  const house = makeHouse();
  house.sim(1);
  const moved = { ...testSim(1), imei: '001010000000777', slot: '/dev/test7' };
  house.write((tx) => simIdentified(tx, moved, undefined));
  house.write((tx) => simOnline(tx, moved));
  house.write((tx) => simOffline(tx, testSim(1)));
  expect(first(house)).toMatchObject({ online: true, slot: '/dev/test7' });
  house.write((tx) => simOffline(tx, moved));
  expect(first(house)).toMatchObject({ online: false });
});

test('what the operator sets wins over what the SIM tells, also after a reconnect', () => {
  const house = makeHouse();
  const iccid = house.sim(1);
  house.write((tx) => setSim(tx, iccid, { number: '+12025550123' }));
  expect(first(house)).toMatchObject({ number: '+12025550123' });
  house.write((tx) => simIdentified(tx, testSim(1), undefined));
  expect(first(house)).toMatchObject({ number: '+12025550123' });
});

test('a country the operator set stays when only the number is corrected; one that followed from the number follows it', () => {
  const house = makeHouse();
  house.write((tx) => simIdentified(tx, testSim(1), undefined));
  const { iccid } = testSim(1);
  expect(first(house)?.country).toBe('gb');
  house.write((tx) => setSim(tx, iccid, { number: '+12025550123' }));
  expect(first(house)?.country).toBe('us');
  house.write((tx) => setSim(tx, iccid, { country: 'ca' }));
  house.write((tx) => setSim(tx, iccid, { number: '+447700900123' }));
  expect(first(house)?.country).toBe('ca');
});

test('another SIM in the same modem means the first one is not there any more', () => {
  const house = makeHouse();
  house.sim(1);
  const other = { ...testSim(2), imei: testSim(1).imei };
  house.write((tx) => simIdentified(tx, other, undefined));
  expect(listSims(house.db).find((sim) => sim.iccid === testSim(1).iccid)).toMatchObject({ online: false, slot: null });
});

test.each([[''], ['000000000000000']])('modems that tell no IMEI of their own (%j) do not put each other out', (imei) => {
  const house = makeHouse();
  for (const n of [1, 2, 3]) {
    const sim = { ...testSim(n), imei };
    house.write((tx) => simIdentified(tx, sim, undefined));
    house.write((tx) => simOnline(tx, sim));
  }
  expect(listSims(house.db).map((sim) => sim.online)).toEqual([true, true, true]);
  house.write((tx) => simOffline(tx, { ...testSim(2), imei }));
  expect(listSims(house.db).map((sim) => sim.online)).toEqual([true, true, false]);
});
