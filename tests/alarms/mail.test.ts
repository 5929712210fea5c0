/** Which alarms operators are told of, when, and together with which others. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { addUser } from '../../src/accounts/users.ts';
import { acknowledgeAlarm } from '../../src/alarms/alarms.ts';
import { noticesOf } from '../../src/alarms/notices.ts';
import { clearAlarm, raiseAlarm, remindOperators } from '../../src/alarms/tell.ts';
import type { AlarmKindCode } from '../../src/lib/alarm-kinds.ts';
import type { MailMessage } from '../../src/mail/transport.ts';
import { mailHouse } from '../mail/room.ts';
import { MINUTE_MS, seededRandom } from '../support/house.ts';

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
  const raise = (code: AlarmKindCode, subject = '1-1', text: string = code) =>
    house.write((tx) => raiseAlarm(tx, house.terms.random, { code, subject, text }, tx.nowMs));
  const clear = (code: AlarmKindCode, subject = '1-1') =>
    house.write((tx) => {
      const row = tx.db
        .query<{ id: string }, [string, string]>('SELECT id FROM alarms WHERE code = ? AND subject = ? AND cleared_at_ms IS NULL')
        .get(code, subject);
      if (row !== null) clearAlarm(tx, house.terms.random, row.id, 'It is over.');
    });
  const pass = async (minutes: number) => {
    house.clock.pass(minutes * MINUTE_MS);
    mail.look();
    await Bun.sleep(80);
  };
  return { mail, house, sent, raise, clear, pass, operator };
}

test('an alarm is told within a minute or two, with what to do and where, to those who want it alone', async () => {
  const { mail, sent, raise, pass } = scene();
  const alarm = raise('storage_full', '1-1.4:1.0', '20 of 20 places of SM are taken');
  await pass(2);
  expect(sent.map(({ to }) => to)).toEqual(['op@example.org']);
  expect(sent[0]?.subject).toBe('SMSPin: Storage full: 1-1.4:1.0');
  expect(sent[0]?.text).toContain('20 of 20 places');
  expect(sent[0]?.text).toContain(`/admin/alarms/${alarm?.id}`);
  expect(sent[0]?.text).toContain('Reconnect the modem');
  expect(sent[0]?.headers['List-Unsubscribe']).toStartWith('<https://pin.example.org/unsubscribe/');
  await mail.stop();
});

test('what befalls many modems at once is one mail, and their recovery another', async () => {
  const { mail, sent, raise, clear, pass } = scene();
  for (let n = 0; n < 40; n++) raise('modem_down', `1-1.${n}`, 'It is unplugged.');
  await pass(4);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.subject).toBe('SMSPin: 40 alarms');
  for (let n = 0; n < 40; n++) clear('modem_down', `1-1.${n}`);
  await pass(16);
  expect(sent.map(({ subject }) => subject)).toEqual(['SMSPin: 40 alarms', 'SMSPin: 40 over']);
  await mail.stop();
});

test('what is over before its mail leaves is not told, and its mail says nothing', async () => {
  const { mail, sent, raise, clear, pass } = scene();
  raise('denied');
  clear('denied');
  await pass(30);
  expect(sent).toEqual([]);
  expect(mail.deliveries().every(({ state }) => state === 'delivered')).toBe(true);
  await mail.stop();
});

test('what nobody acknowledges is told again after its time, by mail and event; what somebody did is not', async () => {
  const { mail, house, sent, raise, clear, pass, operator } = scene();
  const remind = (hours: number): number => house.write((tx) => remindOperators(tx, house.terms.random, hours));
  const one = raise('disk_low', '', '500 MB are free.');
  const two = raise('denied');
  await pass(2);
  house.write((tx) => acknowledgeAlarm(tx, { id: two?.id ?? '', userId: operator, note: 'asked the carrier' }));
  expect([remind(24), remind(0)]).toEqual([0, 0]);
  await pass(24 * 60);
  expect(remind(24)).toBe(1);
  expect(remind(24)).toBe(0);
  await pass(2);
  expect(sent.map(({ subject }) => subject)).toEqual(['SMSPin: 2 alarms', 'SMSPin: The disk is filling (still)']);
  const events = house.db
    .query<{ data: string }, [string]>("SELECT data FROM events WHERE type = 'alarm.raised' AND user_id = ? ORDER BY seq")
    .all(operator)
    .map(({ data }) => JSON.parse(data) as { id: string; reminder: boolean });
  expect(events.map(({ id, reminder }) => [id, reminder])).toEqual([
    [one?.id ?? '', false],
    [two?.id ?? '', false],
    [one?.id ?? '', true],
  ]);
  clear('disk_low', '');
  await pass(16);
  expect(sent.at(-1)?.subject).toBe('SMSPin: The disk is filling (over)');
  await mail.stop();
});

test('one that comes and goes is told once an hour', async () => {
  const { mail, house, sent, raise, clear, pass } = scene();
  for (let minute = 0; minute < 120; minute += 4) {
    raise('unplugging');
    house.clock.pass(2 * MINUTE_MS);
    clear('unplugging');
    house.clock.pass(2 * MINUTE_MS);
  }
  await pass(16);
  const raised = sent.filter(({ subject }) => !subject.includes('over'));
  expect(raised.length).toBeGreaterThanOrEqual(2);
  expect(raised.length).toBeLessThanOrEqual(3);
  await mail.stop();
});

test('whatever alarms do, the same of a slot is told at most once an hour, and what was told as over stood before', () => {
  const { mail, house, raise: raiseIt, clear } = scene();
  let run = 0;
  fc.assert(
    fc.property(
      fc.array(fc.record({ raise: fc.boolean(), minutes: fc.integer({ min: 0, max: 50 }) }), { minLength: 1, maxLength: 30 }),
      (steps) => {
        const subject = `slot ${run++}`;
        house.clock.pass(MINUTE_MS);
        for (const { raise, minutes } of steps) {
          if (raise) raiseIt('denied', subject);
          else clear('denied', subject);
          house.clock.pass(minutes * MINUTE_MS);
        }
        const told = house.db
          .query<{ what: string; mailAtMs: number }, [number, string]>(
            'SELECT what, mail_at_ms AS mailAtMs FROM alarm_notices WHERE mail_at_ms <= ? AND subject = ? ORDER BY id',
          )
          .all(house.clock.nowMs(), subject);
        const raised = told.filter(({ what }) => what === 'raised').map(({ mailAtMs }) => mailAtMs);
        for (const [index, atMs] of raised.entries())
          if (index > 0) expect(atMs - (raised[index - 1] ?? 0)).toBeGreaterThanOrEqual(60 * MINUTE_MS);
        for (const [index, { what }] of told.entries()) if (what === 'cleared') expect(told[index - 1]?.what).toBe('raised');
        expect(noticesOf(house.db, raised[0] ?? 0).filter((one) => one.subject === subject).length).toBe(raised.length > 0 ? 1 : 0);
      },
    ),
    { numRuns: 60 },
  );
  return mail.stop();
});
