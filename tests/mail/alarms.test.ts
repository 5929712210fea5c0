/** Which alarms operators are told of, when, and together with which others. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { addUser } from '../../src/accounts/users.ts';
import { noticesOf } from '../../src/mail/alarm-notices.ts';
import type { MailMessage } from '../../src/mail/transport.ts';
import type { ModemEvent } from '../../src/modem/source.ts';
import { recordEvents } from '../../src/sims/history.ts';
import { MINUTE_MS, seededRandom } from '../support/house.ts';
import { mailHouse } from './room.ts';

function scene() {
  const sent: MailMessage[] = [];
  const mail = mailHouse({
    send: async (message) => {
      sent.push(message);
      return { outcome: 'delivered', status: 250, detail: 'ok', fault: null };
    },
  });
  const { house } = mail;
  const user = { passwordHash: null, role: 'operator', state: 'active', purpose: null, acceptedTerms: true } as const;
  const operator = house.write((tx) => addUser(tx, seededRandom(4), { ...user, email: 'op@example.org' })).id;
  house.write((tx) => addUser(tx, seededRandom(5), { ...user, email: 'other@example.org' }));
  mail.want(operator, { alarms: true });
  const event = (kind: ModemEvent['kind'], alarm?: string, slot = '1-1', detail = `${kind} ${alarm ?? ''}`): void =>
    house.write((tx) =>
      recordEvents(tx, [{ atMs: tx.nowMs, kind, slot, port: '/dev/x', imei: null, iccid: null, detail, ...(alarm ? { alarm } : {}) }]),
    );
  const pass = async (minutes: number) => {
    house.clock.pass(minutes * MINUTE_MS);
    mail.look();
    await Bun.sleep(80);
  };
  return { mail, house, sent, event, pass };
}

test('an alarm is told within a minute or two, with what to do and where, to those who want it alone', async () => {
  const { mail, sent, event, pass } = scene();
  event('alarm_raised', 'storage_full', '1-1.4:1.0', '20 of 20 places of SM are taken');
  await pass(2);
  expect(sent.map(({ to }) => to)).toEqual(['op@example.org']);
  expect(sent[0]?.subject).toBe('Modem bank: Storage full: 1-1.4:1.0');
  expect(sent[0]?.text).toContain('20 of 20 places');
  expect(sent[0]?.text).toContain('/admin/bank/1-1.4%3A1.0');
  expect(sent[0]?.headers['List-Unsubscribe']).toStartWith('<https://pin.example.org/unsubscribe/');
  await mail.stop();
});

test('what befalls many modems at once is one mail, and their recovery another', async () => {
  const { mail, sent, event, pass } = scene();
  for (let n = 0; n < 40; n++) event('lost', undefined, `1-1.${n}`, 'the device is gone');
  await pass(4);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.subject).toBe('Modem bank: 40 alarms');
  for (let n = 0; n < 40; n++) event('ready', undefined, `1-1.${n}`);
  await pass(16);
  expect(sent.map(({ subject }) => subject)).toEqual(['Modem bank: 40 alarms', 'Modem bank: 40 over']);
  await mail.stop();
});

test('a modem that is back within two minutes, a stop of the server and a pause by the operator are no news', async () => {
  const { mail, sent, event, pass } = scene();
  event('lost', undefined, 'a');
  await pass(1);
  event('ready', undefined, 'a');
  event('lost', undefined, 'b', 'stopping');
  event('lost', undefined, 'c', 'paused by the operator');
  event('paused', undefined, 'c');
  await pass(30);
  expect(sent).toEqual([]);
  expect(mail.deliveries().every(({ state }) => state === 'delivered')).toBe(true);
  await mail.stop();
});

test('one that comes and goes is told once an hour', async () => {
  const { mail, sent, event, pass } = scene();
  for (let minute = 0; minute < 120; minute += 4) {
    event('alarm_raised', 'unplugging');
    await pass(2);
    event('alarm_cleared', 'unplugging');
    await pass(2);
  }
  const raised = sent.filter(({ subject }) => !subject.includes('over'));
  expect(raised.length).toBeGreaterThanOrEqual(2);
  expect(raised.length).toBeLessThanOrEqual(3);
  await mail.stop();
});

test('an alarm that was raised again after a restart is told again after an hour', async () => {
  const { mail, sent, event, pass } = scene();
  event('alarm_raised', 'pin');
  await pass(2);
  event('alarm_raised', 'pin');
  await pass(2);
  expect(sent).toHaveLength(1);
  await pass(61);
  event('alarm_raised', 'pin');
  await pass(2);
  expect(sent).toHaveLength(2);
  await mail.stop();
});

test('whatever alarms do, the same of a slot is told at most once an hour, and what was told as over stood before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ raise: fc.boolean(), minutes: fc.integer({ min: 0, max: 50 }) }), { minLength: 1, maxLength: 60 }),
      (steps) => {
        const { house, event } = scene();
        for (const { raise, minutes } of steps) {
          event(raise ? 'alarm_raised' : 'alarm_cleared', 'denied');
          house.clock.pass(minutes * MINUTE_MS);
        }
        const told = house.db
          .query<{ what: string; mailAtMs: number }, [number]>(
            'SELECT what, mail_at_ms AS mailAtMs FROM alarm_notices WHERE mail_at_ms <= ? ORDER BY id',
          )
          .all(house.clock.nowMs());
        const raised = told.filter(({ what }) => what === 'raised').map(({ mailAtMs }) => mailAtMs);
        for (const [index, atMs] of raised.entries())
          if (index > 0) expect(atMs - (raised[index - 1] ?? 0)).toBeGreaterThanOrEqual(60 * MINUTE_MS);
        for (const [index, { what }] of told.entries()) if (what === 'cleared') expect(told[index - 1]?.what).toBe('raised');
        expect(noticesOf(house.db, raised[0] ?? 0).length).toBe(raised.length > 0 ? 1 : 0);
      },
    ),
    { numRuns: 60 },
  );
});
