import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type DeliverSms, encodeDeliver } from '../../src/gsm/encode.ts';
import { judgePartial, PARTIAL_AFTER_MS, storeBatch, waitingMessages } from '../../src/messages/inbox.ts';
import { type DecodedPart, decodePart } from '../../src/messages/parts.ts';
import type { ReadPart } from '../../src/modem/source.ts';
import { finishOrder, placeOrder } from '../../src/orders/orders.ts';
import { findOrder, messagesOfOrder } from '../../src/orders/view.ts';
import { type House, MINUTE_MS, makeHouse, START_MS } from '../support/house.ts';

const HOUR_MS = 60 * MINUTE_MS;
const LONG = `Your Telegram login code is 48213. ${'Do not give this code to anyone, even if they say they are from Telegram. '.repeat(5)}`;

/** The parts of an SMS as a modem hands them over at this moment. */
function partsOf(house: House, iccid: string, sms: DeliverSms, changes: Partial<ReadPart> = {}): DecodedPart[] {
  return encodeDeliver(sms).map(({ pdu, length }, index) =>
    decodePart({
      ...{ iccid, imei: '001010000000019', slot: 's', storage: 'SM', index, pdu, length, stat: 0, how: 'urc' as const },
      ...{ arrivedAtMs: house.clock.nowMs(), arrivedMonotonicMs: house.clock.monotonicMs(), ...changes },
    }),
  );
}

const store = (house: House, ...parts: (DecodedPart | undefined)[]) =>
  house.write((tx) =>
    storeBatch(
      tx,
      house.terms,
      parts.flatMap((part) => part ?? []),
    ),
  );

const textsOn = (house: House) =>
  house.db
    .query<{ iccid: string; sender: string; text: string; whole: number }, []>(
      'SELECT iccid, sender, text, parts_have = parts_total AS whole FROM messages ORDER BY iccid, sender, text',
    )
    .all();

describe('any interleaving of long messages', () => {
  const text = fc
    .record({
      unit: fc.constantFrom('a', 'Ж', '€', '😀', 'code 4821 '),
      length: fc.integer({ min: 140, max: 280 }),
    })
    .map(({ unit, length }) => unit.repeat(Math.ceil(length / unit.length)));
  const message = fc.record({
    sim: fc.integer({ min: 1, max: 3 }),
    sender: fc.constantFrom('Telegram', '+447700900111', '447700900111', 'Bank'),
    // Few, so that SIMs and senders use the same ones at the same time.
    ref: fc.integer({ min: 0, max: 1 }),
    refWidth: fc.constantFrom(8 as const, 8 as const, 16 as const),
    /** Parts of one message are stamped seconds apart. */
    stampedOverSeconds: fc.integer({ min: 0, max: 40 }),
    text,
  });

  test('leaves exactly the texts that were sent, whatever came twice or was judged in between', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 9 }),
        fc.infiniteStream(fc.nat()),
        fc.array(fc.constantFrom('twice', 'judge', 'wait'), { minLength: 60, maxLength: 60 }),
        (sent, picks, doings) => {
          const house = makeHouse();
          const iccids = [1, 2, 3].map((n) => house.sim(n));
          const days = new Map<string, number>();
          const expected: object[] = [];
          const queue = sent.flatMap((sms, at) => {
            const iccid = iccids[sms.sim - 1] ?? '';
            // A sender who uses a reference again does so on another day.
            const key = `${sms.sim}/${sms.sender}/${sms.ref}/${sms.refWidth}`;
            const day = days.get(key) ?? 0;
            days.set(key, day + 1);
            const whole = `${at} ${sms.text}`;
            expected.push({ iccid, sender: sms.sender, text: whole, whole: 1 });
            const stamp = (seq: number) => START_MS + day * 25 * HOUR_MS + seq * sms.stampedOverSeconds * 1000;
            const total = partsOf(house, iccid, { ...sms, text: whole, atMs: START_MS }).length;
            return Array.from({ length: total }, (_, seq) => partsOf(house, iccid, { ...sms, text: whole, atMs: stamp(seq) })[seq]);
          });
          const seen: (DecodedPart | undefined)[] = [];
          for (let step = 0; queue.length > 0; step++) {
            const [part] = queue.splice((picks.next().value ?? 0) % queue.length, 1);
            seen.push(part);
            const doing = doings[step % doings.length];
            store(house, part, ...(doing === 'twice' ? [seen[(picks.next().value ?? 0) % seen.length]] : []));
            if (doing === 'wait') house.clock.pass(PARTIAL_AFTER_MS);
            // What a restart does too: the database alone says what waits.
            if (doing === 'judge')
              for (const { messageId } of waitingMessages(house.db)) house.write((tx) => judgePartial(tx, house.terms, messageId));
          }
          const byText = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
          expect(textsOn(house).sort(byText)).toEqual(expected.sort(byText) as ReturnType<typeof textsOn>);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('parts that come far apart', () => {
  function open() {
    const house = makeHouse();
    const iccid = house.sim(1);
    const at = (text: string, atMs: number, ref = 7) => partsOf(house, iccid, { sender: 'Telegram', text, atMs, ref });
    return { house, iccid, at, texts: () => textsOn(house).map((row) => row.text) };
  }
  const other = LONG.replaceAll('48213', '99110').replaceAll('anyone', 'nobody');

  test('are joined hours later, from another storage, found by a sweep', () => {
    const { house, iccid, texts } = open();
    const sms = { sender: 'Telegram', text: LONG, atMs: START_MS, ref: 7 };
    store(house, partsOf(house, iccid, sms)[0]);
    house.clock.pass(30 * HOUR_MS);
    store(house, ...partsOf(house, iccid, sms, { how: 'sweep', storage: 'ME' }).slice(1));
    expect(texts()).toEqual([LONG]);
  });

  test('are joined when a service centre stamped the rest hours later', () => {
    const { house, at, texts } = open();
    store(house, at(LONG, START_MS)[0]);
    house.clock.pass(5 * HOUR_MS);
    store(house, ...at(LONG, START_MS + 5 * HOUR_MS).slice(1));
    expect(texts()).toEqual([LONG]);
  });

  test('are no longer added to a message that stayed incomplete for three days', () => {
    const { house, at, texts } = open();
    store(house, at(LONG, START_MS)[0]);
    house.clock.pass(73 * HOUR_MS);
    store(house, ...at(LONG, START_MS).slice(1));
    expect(texts()).toHaveLength(2);
    expect(texts()).not.toContain(LONG);
  });

  test('under a reference used again a day later are another message', () => {
    const { house, at, texts } = open();
    store(house, at(LONG, START_MS)[0]);
    house.clock.pass(25 * HOUR_MS);
    const late = at(other, START_MS + 25 * HOUR_MS);
    store(house, late[1]);
    expect(texts()).toHaveLength(2);
    store(house, late[2], late[0]);
    expect(texts()).toContain(other);
    expect(texts()).toHaveLength(2);
  });

  test('go to the message that is nearest in network time', () => {
    const { house, at, texts } = open();
    store(house, at(other, START_MS + HOUR_MS)[0], at(LONG, START_MS)[0]);
    store(house, ...at(other, START_MS + HOUR_MS).slice(1), ...at(LONG, START_MS).slice(1));
    expect(texts().sort()).toEqual([LONG, other].sort());
  });

  test('of the same reference on another SIM are another message', () => {
    const { house, at, texts } = open();
    const second = house.sim(2);
    store(house, at(LONG, START_MS)[0], ...partsOf(house, second, { sender: 'Telegram', text: LONG, atMs: START_MS, ref: 7 }).slice(1));
    expect(texts()).toHaveLength(2);
  });

  test('under a reference used again hours later go to the nearest, and come over when their first part shows it', () => {
    const { house, at, texts } = open();
    store(house, at(LONG, START_MS)[0]);
    house.clock.pass(5 * HOUR_MS);
    const late = at(other, START_MS + 5 * HOUR_MS);
    store(house, ...late.slice(1).toReversed());
    store(house, late[0]);
    expect(texts()).toContain(other);
    store(house, ...at(LONG, START_MS).slice(1));
    expect(texts().sort()).toEqual([LONG, other].sort());
  });

  test('are not added across another order on the SIM unless they were stamped together', () => {
    const { house, at, texts } = open();
    house.offer('telegram', 45);
    store(house, at(LONG, START_MS)[0]);
    house.clock.pass(10 * MINUTE_MS);
    const userId = house.customer('anna@example.org');
    house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
    store(house, at(LONG, START_MS + 10 * MINUTE_MS)[1]);
    expect(texts()).toHaveLength(2);
    store(house, ...at(LONG, START_MS).slice(1));
    expect(texts()).toContain(LONG);
  });

  test('with the same place but other bytes open a message of their own', () => {
    const { house, at, texts } = open();
    store(house, at(LONG, START_MS)[0], at(other, START_MS + 3000)[0]);
    store(house, ...at(LONG, START_MS).slice(1), ...at(other, START_MS + 3000).slice(1));
    expect(texts().every((text) => !text.includes('…'))).toBe(true);
    expect(texts()).toHaveLength(2);
  });

  test('a total of one is whole at once', () => {
    const { house, iccid, texts } = open();
    const pdu = '00440C9144770009103200006211220261750009050003070101E8721E';
    const batch = store(
      house,
      decodePart({
        ...{ iccid, imei: '1', slot: 's', storage: 'SM', index: 1, pdu, length: null, stat: 0, how: 'urc' },
        ...{ arrivedAtMs: house.clock.nowMs(), arrivedMonotonicMs: 0 },
      }),
    );
    expect(batch).toMatchObject({ stored: 1, waiting: [] });
    expect(texts()).toHaveLength(1);
  });

  test('senders of different types of number are different senders', () => {
    const { house, iccid, texts } = open();
    const parts = partsOf(house, iccid, { sender: '447700900111', text: LONG, atMs: START_MS, ref: 7 });
    // The second part comes from the same digits as a national number (type 0xA1).
    const national = partsOf(house, iccid, { sender: '447700900111', text: LONG, atMs: START_MS, ref: 7 }).map(({ read }) =>
      decodePart({ ...read, pdu: read.pdu.replace('0C81', '0CA1') }),
    );
    store(house, parts[0], national[1]);
    expect(texts()).toHaveLength(2);
  });
});

describe('a partial text that an order was given', () => {
  function received(text: string) {
    const house = makeHouse();
    const iccid = house.sim(1);
    house.offer('telegram', 45);
    const userId = house.customer('anna@example.org');
    const order = house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
    const parts = partsOf(house, iccid, { sender: 'Telegram', text, atMs: START_MS, ref: 7 });
    const judge = () => {
      house.clock.pass(PARTIAL_AFTER_MS);
      for (const { messageId } of waitingMessages(house.db)) house.write((tx) => judgePartial(tx, house.terms, messageId));
    };
    const captures = () =>
      house.db.query<{ n: number }, []>("SELECT count(*) AS n FROM ledger_transactions WHERE kind = 'capture'").get()?.n;
    return { house, userId, order, parts, judge, captures, now: () => findOrder(house.db, order.id) };
  }

  test('is updated by each further part and charged once, and its message keeps its id', () => {
    const { house, order, parts, judge, captures, now } = received(LONG);
    store(house, parts[0]);
    judge();
    expect(now()).toMatchObject({ status: 'received', code: '48213' });
    const [early] = messagesOfOrder(house.db, order.id);
    for (const part of parts.slice(1)) store(house, part);
    const [whole, ...others] = messagesOfOrder(house.db, order.id);
    expect([whole?.id, whole?.text, others.length]).toEqual([early?.id, LONG, 0]);
    expect(captures()).toBe(1);
    // One event for the code, one for each part after it.
    expect(house.db.query('SELECT 1 FROM events WHERE type = ?').all('order.received')).toHaveLength(parts.length);
  });

  test('brings no code that may go on in the missing part, and the whole one when that comes', () => {
    const head = 'Telegram code: 4821';
    const cut = `${'Keep it to yourself. '.repeat(7).slice(0, 153 - head.length)}${head}`;
    const { house, parts, judge, captures, now } = received(`${cut}35 Telegram`);
    expect(parts[0]?.decoded.text).toEndWith('4821');
    store(house, parts[0]);
    judge();
    expect(now()).toMatchObject({ status: 'pending', code: null });
    store(house, parts[1]);
    expect(now()).toMatchObject({ status: 'received', code: '482135' });
    expect(captures()).toBe(1);
  });

  test('is left alone by a rest that comes after the order ended', () => {
    const { house, userId, order, parts, judge, captures, now } = received(LONG);
    store(house, parts[0]);
    judge();
    house.write((tx) => finishOrder(tx, house.terms, { userId, orderId: order.id }));
    const before = [now(), messagesOfOrder(house.db, order.id)];
    house.clock.pass(MINUTE_MS);
    store(house, ...parts.slice(1));
    judge();
    expect([now(), messagesOfOrder(house.db, order.id)]).toEqual(before);
    expect(captures()).toBe(1);
    expect(textsOn(house)).toHaveLength(2);
  });

  test('is judged a few seconds after its first part, however slowly the rest trickles in', () => {
    const { house, parts } = received(LONG);
    const due = house.clock.nowMs() + PARTIAL_AFTER_MS;
    expect(store(house, parts[2]).waiting).toMatchObject([{ atMs: due }]);
    house.clock.pass(PARTIAL_AFTER_MS - 1000);
    expect(store(house, parts[1]).waiting).toMatchObject([{ atMs: due }]);
  });
});

test('a damaged part shows the text that came; one cut off before its text, or meant for the SIM, is kept raw for the operator', () => {
  const house = makeHouse();
  const iccid = house.sim(1);
  const read = (pdu: string) =>
    decodePart({
      ...{ iccid, imei: '1', slot: 's', storage: 'SM', index: 1, pdu, length: null, stat: 0, how: 'sweep' },
      ...{ arrivedAtMs: START_MS, arrivedMonotonicMs: 0 },
    });
  const head = '00040C914477000910320000621122026175000A';
  expect(store(house, read(`${head}E8329BFD46`), read(head.replace('6175', '6275')), read(head.replace('320000', '327F00')))).toMatchObject(
    {
      stored: 3,
      setAside: 2,
    },
  );
  expect(textsOn(house)).toMatchObject([{ text: 'hello' }]);
  const reasons = house.db
    .query<{ reason: string }, []>('SELECT set_aside AS reason FROM parts WHERE set_aside IS NOT NULL ORDER BY id')
    .all();
  expect(reasons.map(({ reason }) => reason)).toEqual([
    'deliver.user_data at octet 20: length 10 needs 9 octets, 0 there',
    'deliver.user_data at octet 20: length 10 needs 9 octets, 0 there',
  ]);
});

test('a message that replaces another (PID 0x41 to 0x47) is stored beside it, and its code is the newest', () => {
  const house = makeHouse();
  const iccid = house.sim(1);
  house.offer('telegram', 45);
  const userId = house.customer('anna@example.org');
  const order = house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  const sms = (code: string, atMs: number) =>
    partsOf(house, iccid, { sender: 'Telegram', text: `Telegram code: ${code}`, atMs, pid: 0x41 });
  store(house, ...sms('11111', START_MS));
  house.clock.pass(2000);
  expect(store(house, ...sms('22222', START_MS + 2000))).toMatchObject({ stored: 1, matched: 1 });
  expect(messagesOfOrder(house.db, order.id).map(({ code }) => code)).toEqual(['22222', '11111']);
  expect(findOrder(house.db, order.id)?.code).toBe('22222');
});
