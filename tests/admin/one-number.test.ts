/** One number, one SIM that is sold: what the operator is refused, and what is said when a card brings a number that is there already. */
import { expect, test } from 'bun:test';
import { Refusal } from '../../src/lib/errors.ts';
import { setSim } from '../../src/sims/correct.ts';
import { twinsOf } from '../../src/sims/one-number.ts';
import { listSims, simIdentified, simOffline, simOnline } from '../../src/sims/sims.ts';
import { simPagePath, simPath } from '../../views/paths.ts';
import { adminHouse, snapshot } from '../support/admin-house.ts';
import { makeHouse, testSim } from '../support/house.ts';
import { seen } from '../views/markup.ts';

const NUMBER = '+447700900001';
const numberOf = (house: ReturnType<typeof makeHouse>, iccid: string) => listSims(house.db).find((sim) => sim.iccid === iccid)?.number;

function two() {
  const house = makeHouse();
  const [first, second] = [house.sim(1), house.sim(2)];
  const give = (change: Parameters<typeof setSim>[2] = { number: NUMBER }) => house.write((tx) => setSim(tx, second, change));
  return { house, first, second, give };
}

test('a second SIM does not get the number of one that is active and read; the refusal names that one and says what to do', () => {
  const { house, first, second, give } = two();
  try {
    give();
    throw new Error('it was not refused');
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Refusal);
    expect(thrown).toMatchObject({ type: 'already_exists', extra: { iccid: first } });
    expect((thrown as Refusal).detail).toMatch(new RegExp(`SIM ${first} in /dev/test1.*pause that one.*--state paused.*take it out`));
  }
  expect(numberOf(house, second)).toBe('+447700900002');
});

test.each([
  ['is gone (a lost card and its replacement)', (t: ReturnType<typeof two>) => t.house.write((tx) => simOffline(tx, testSim(1)))],
  ['is paused', (t: ReturnType<typeof two>) => void t.house.write((tx) => setSim(tx, t.first, { state: 'paused' }))],
  ['was corrected', (t: ReturnType<typeof two>) => void t.house.write((tx) => setSim(tx, t.first, { number: '+447700900777' }))],
  ['makes room while this one is paused', (t: ReturnType<typeof two>) => void t.give({ state: 'paused' })],
])('it gets it when the other %s', (_name, makeRoom) => {
  const t = two();
  makeRoom(t);
  t.give();
  expect(numberOf(t.house, t.second)).toBe(NUMBER);
  expect(twinsOf(t.house.db)).toEqual([]);
});

test('a paused SIM is not put back on sale beside another one of its number', () => {
  const { house, first, give } = two();
  house.write((tx) => setSim(tx, first, { state: 'paused' }));
  give();
  expect(() => house.write((tx) => setSim(tx, first, { state: 'active' }))).toThrow('already_exists');
});

test('its country may still be set, and its own number again', () => {
  const { first, house } = two();
  house.write((tx) => setSim(tx, first, { number: NUMBER, country: 'gb' }));
  expect(house.write((tx) => setSim(tx, first, { country: 'ie' }))).toEqual({ number: NUMBER, country: 'ie', carrier: 'test' });
});

test('a card that brings the number itself raises an alarm at both until one of them is paused', async () => {
  const { house, bank, get } = adminHouse();
  const first = house.sim(1);
  const twin = { ...testSim(2), number: NUMBER };
  house.write((tx) => simIdentified(tx, twin, undefined));
  expect(twinsOf(house.db)).toEqual([]);
  house.write((tx) => simOnline(tx, twin));
  expect(twinsOf(house.db).map(({ iccid }) => iccid)).toEqual([first, twin.iccid]);
  bank.modems = [snapshot(1), snapshot(2)];
  expect(seen(await (await get('/admin/bank')).text()).text.match(/Two SIMs with one number/g)).toHaveLength(2);
  expect(seen(await (await get(simPagePath(first))).text()).text).toContain(
    `SIM ${twin.iccid} in /dev/test2 has the number ${NUMBER} too.`,
  );
  house.write((tx) => setSim(tx, first, { state: 'paused' }));
  expect(twinsOf(house.db)).toEqual([]);
});

test('what the configuration says of a number holds, and the alarm tells of the other card', () => {
  const { house, second } = two();
  house.write((tx) => simIdentified(tx, testSim(2), { iccid: second, number: NUMBER }));
  house.write((tx) => simOnline(tx, testSim(2)));
  expect(numberOf(house, second)).toBe(NUMBER);
  expect(twinsOf(house.db)).toHaveLength(2);
});

function openForm() {
  const admin = adminHouse();
  const iccid = admin.house.sim(1);
  admin.bank.modems = [snapshot(1)];
  const set = (form: { number: string; country?: string }) => admin.post(`${simPagePath(iccid)}/set`, { country: 'gb', ...form });
  const said = async (form: Parameters<typeof set>[0]) =>
    seen(await admin.postAndFollow(`${simPagePath(iccid)}/set`, { country: 'gb', ...form })).text;
  return { ...admin, iccid, set, said };
}

test('the form refuses it in the page, with what was typed, and resuming too', async () => {
  const { house, set, post, iccid, audit } = openForm();
  const other = house.sim(2);
  const answer = await set({ number: '+44 7700 900002' });
  expect(answer.status).toBe(409);
  const html = await answer.text();
  expect(seen(html).text).toContain(`SIM ${other} in /dev/test2, which is active.`);
  expect(seen(html).attributes).toContainEqual({ tag: 'input', name: 'value', value: '+44 7700 900002' });
  await post(simPath(iccid, 'pause'), {});
  await set({ number: '+447700900002' });
  const resumed = await post(simPath(iccid, 'resume'), {});
  expect(resumed.status).toBe(409);
  expect(seen(await resumed.text()).text).toContain(`SIM ${other} in /dev/test2`);
  expect(audit().map(({ action }) => action)).toEqual(['sim.pause', 'sim.set']);
});

test('an emptied number takes back what was set, and says so', async () => {
  const { house, iccid, said, audit } = openForm();
  expect(await said({ number: '+447700900777' })).toContain('The number is +447700900777 now.');
  expect(await said({ number: '' })).toContain(`The number +447700900777 was removed; now it is ${NUMBER}, as the SIM tells.`);
  expect(numberOf(house, iccid)).toBe(NUMBER);
  expect(audit()).toHaveLength(2);
});

test('an emptied number that the SIM itself tells is no success', async () => {
  const { house, iccid, set, audit } = openForm();
  const answer = await set({ number: '' });
  expect(answer.status).toBe(422);
  expect(seen(await answer.text()).text).toContain(`${NUMBER} is what the SIM itself tells, so it cannot be removed`);
  expect(numberOf(house, iccid)).toBe(NUMBER);
  expect(audit()).toEqual([]);
});

test('with no number known, an empty one changes nothing, and a country alone can be set', async () => {
  const { house, set, said, iccid } = openForm();
  house.db.run('UPDATE sims SET number_read = NULL');
  expect(await said({ number: '' })).toContain('Nothing was changed');
  expect(await said({ number: '', country: 'ie' })).toContain('The country is ie now.');
  expect((await set({ number: 'none', country: 'ie' })).status).toBe(422);
  expect(numberOf(house, iccid)).toBeNull();
});

test('a number that is left as it was stays what the SIM tells', async () => {
  const { house, iccid, said } = openForm();
  expect(await said({ number: NUMBER, country: 'ie' })).toContain('The country is ie now.');
  expect(house.db.query('SELECT number_set, country_set FROM sims WHERE iccid = ?').get(iccid)).toEqual({
    number_set: null,
    country_set: 'ie',
  });
  expect(await said({ number: NUMBER, country: '' })).toContain('The country ie was removed; now it is gb, as the SIM tells.');
});
