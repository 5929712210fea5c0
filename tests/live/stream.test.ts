import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import { appendEvent, type EventType, newEventId } from '../../src/db/events.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openHub } from '../../src/live/hub.ts';
import type { Socket } from '../../src/live/socket.ts';
import { placeNow, REPLAY_EVENTS_MAX, type Reader, SOCKETS_OF_ACCOUNT_MAX, START, StreamChannel } from '../../src/live/stream.ts';
import { TICKETS_OF_ACCOUNT_MAX, Tickets } from '../../src/live/tickets.ts';
import { makeHouse, seededRandom } from '../support/house.ts';

setDefaultTimeout(60_000);

/** A socket whose reader takes what it is sent only when the test says so. */
class FakeSocket implements Socket {
  frames: { id: string; type: string; data: unknown }[] = [];
  closed: { code: number; reason: string } | null = null;
  reads = true;
  #unread = 0;
  send(text: string): number {
    this.frames.push(JSON.parse(text));
    if (this.reads) return text.length;
    this.#unread += text.length;
    return -1;
  }
  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }
  terminate(): void {}
  getBufferedAmount(): number {
    return this.#unread;
  }
  take(): void {
    this.#unread = 0;
  }
  get ids(): string[] {
    return this.frames.map(({ id }) => id);
  }
}

/** Lets one turn of the event loop pass. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
/** Lets every replay that can go on come to its end: of 10,000 events it takes 50 turns. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 100; turns++) await turn();
}

/** Many events at once, not yet published. */
function burst(house: ReturnType<typeof makeHouse>, userId: string, from: number, count = 250): string[] {
  const ids = Array.from({ length: count }, (_, i) => `evt_burst_${from + i}`);
  house.write((tx) => {
    for (const id of ids) appendEvent(tx, { id, type: 'order.received', userId, orderId: null, data: {} });
  });
  return ids;
}

function setUp() {
  const house = makeHouse();
  const { db, clock } = house;
  const hub = openHub(db, silentLog);
  const channel = new StreamChannel(db, hub, clock.nowMs);
  const random = seededRandom(3);
  const anna = house.customer('anna@example.org', 0);
  const ben = house.customer('ben@example.org', 0);
  const happen = (userId: string, type: EventType = 'order.received', data: unknown = {}, publish = true): string => {
    const id = house.write((tx) => {
      const eventId = newEventId(tx, random);
      appendEvent(tx, { id: eventId, type, userId, orderId: null, data });
      return eventId;
    });
    if (publish) hub.drain();
    return id;
  };
  const open = (reader: Partial<Reader> = {}): FakeSocket => {
    const socket = new FakeSocket();
    const userId = reader.userId ?? anna;
    channel.open(socket, {
      userId,
      keyId: 'key_1',
      holds: () => true,
      sees: () => true,
      after: placeNow(house.db, userId),
      heartbeat: false,
      ...reader,
    });
    return socket;
  };
  return { house, hub, channel, anna, ben, happen, open };
}

test('each event of the account comes once on every socket, and nobody else sees it', () => {
  const { anna, ben, happen, open } = setUp();
  happen(anna);
  const first = open();
  const second = open();
  const others = open({ userId: ben });
  const id = happen(anna, 'order.received', { code: '048213' });
  expect(first.frames).toEqual([{ id, type: 'order.received', created_at: '2026-11-22T12:00:00.000Z', data: { code: '048213' } } as never]);
  expect(second.ids).toEqual([id]);
  expect(others.ids).toEqual([]);
});

describe('resuming', () => {
  test('after an event, what came since is sent first and in order, then what comes', async () => {
    const { anna, ben, happen, open } = setUp();
    const ids = Array.from({ length: 450 }, (_, i) => happen(i % 3 === 2 ? ben : anna));
    const own = ids.filter((_, i) => i % 3 !== 2);
    const socket = open({ after: own[0] ?? '' });
    await settled();
    expect(socket.ids).toEqual(own.slice(1));
    const next = happen(anna);
    expect(socket.ids.at(-1)).toBe(next);
  });

  test('from the start, everything of the account is sent', () => {
    const { anna, ben, happen, open } = setUp();
    happen(ben);
    const early = open({ after: START });
    const ids = [happen(anna), happen(anna)];
    expect(early.ids).toEqual(ids);
    expect(open({ after: START }).ids).toEqual(ids);
  });

  test('the place a stream began at is one to resume from, with or without events', () => {
    const { house, anna, happen, open } = setUp();
    expect(placeNow(house.db, anna)).toBe(START);
    const first = happen(anna);
    expect(placeNow(house.db, anna)).toBe(first);
    const after = placeNow(house.db, anna);
    const missed = happen(anna);
    expect(open({ after }).ids).toEqual([missed]);
  });

  test('an unknown event, or one of another account, is said to be not in the log', () => {
    const { ben, happen, open } = setUp();
    const foreign = happen(ben);
    for (const after of ['evt_unknown', foreign, '']) expect(open({ after }).closed?.code).toBe(4410);
  });

  test('who missed too much is told so instead of being flooded', async () => {
    const { house, hub, anna, happen, open } = setUp();
    const first = happen(anna);
    house.write((tx) => {
      for (let i = 0; i <= REPLAY_EVENTS_MAX; i++)
        appendEvent(tx, { id: `evt_${i}`, type: 'balance.changed', userId: anna, orderId: null, data: {} });
    });
    hub.drain();
    for (const after of [first, START]) expect(open({ after }).closed?.code).toBe(4410);
    const socket = open({ after: 'evt_0' });
    await settled();
    expect(socket.frames).toHaveLength(REPLAY_EVENTS_MAX);
  });

  test('whenever events happen, readers come, read slowly and come back: what one account sees over all its sockets is the log without gap or repeat', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('happen', 'unpublished', 'publish', 'burst', 'turn', 'stall', 'take', 'reconnect'), { maxLength: 60 }),
        async (steps) => {
          const { house, channel, hub, anna, happen, open } = setUp();
          const log = [happen(anna)];
          let socket = open({ after: log[0] ?? '' });
          const seen: string[] = [];
          const big = 'x'.repeat(40_000);
          for (const step of steps) {
            if (step === 'happen') log.push(happen(anna, 'order.received', big));
            if (step === 'unpublished') log.push(happen(anna, 'order.received', big, false));
            if (step === 'publish') hub.drain();
            // More than one page, so that a replay needs turns of the event loop between which anything may come.
            if (step === 'burst') log.push(...burst(house, anna, log.length));
            if (step === 'turn') await turn();
            if (step === 'stall') socket.reads = false;
            if (step === 'take') {
              socket.reads = true;
              socket.take();
              channel.drained(anna, socket);
            }
            if (step === 'reconnect') {
              channel.closed(anna, socket);
              seen.push(...socket.ids);
              socket = open({ after: seen.at(-1) ?? log[0] ?? '' });
            }
          }
          hub.drain();
          await settled();
          channel.closed(anna, socket);
          seen.push(...socket.ids);
          const last = open({ after: seen.at(-1) ?? log[0] ?? '' });
          await settled();
          expect([...seen, ...last.ids]).toEqual(log.slice(1));
        },
      ),
    );
  });
});

describe('what one turn of the event loop costs', () => {
  test('a long replay comes page by page, what happens meanwhile in its place, and stops when the reader leaves', async () => {
    const { house, channel, anna, happen, open } = setUp();
    const first = happen(anna);
    const ids = burst(house, anna, 0, 2000);
    const socket = open({ after: first });
    const leaver = open({ after: first });
    expect(socket.ids).toEqual(ids.slice(0, 200));
    await turn();
    const meanwhile = happen(anna);
    expect(socket.ids.length).toBeLessThan(2000);
    channel.closed(anna, leaver);
    const { length } = leaver.ids;
    await settled();
    expect(socket.ids).toEqual([...ids, meanwhile]);
    expect(leaver.ids).toHaveLength(length);
  });

  test('each second a share of the sockets gets its heartbeat, all of them in 15, and each key is asked about once', () => {
    const { channel, open } = setUp();
    let asked = 0;
    let isGood = true;
    const holds = () => {
      asked++;
      return isGood;
    };
    const sockets = Array.from({ length: 300 }, () => open({ heartbeat: true, holds }));
    const beats = () => sockets.filter(({ frames }) => frames.length > 0).length;
    for (let second = 1; second <= 15; second++) {
      channel.beat(0);
      expect({ second, asked, beats: beats() }).toEqual({ second, asked: second, beats: second * 20 });
    }
    isGood = false;
    for (let second = 1; second <= 15; second++) channel.beat(0);
    expect(sockets.every(({ closed, frames }) => closed?.code === 4401 && frames.length === 1)).toBe(true);
    expect(channel.size).toBe(0);
  });
});

describe('who is cut', () => {
  test('a reader that takes nothing, with a code that says so, and the others go on', () => {
    const { channel, anna, happen, open } = setUp();
    const slow = open();
    const quick = open();
    slow.reads = false;
    for (let i = 0; i < 30; i++) happen(anna, 'order.received', 'x'.repeat(50_000));
    expect(slow.closed?.code).toBe(4408);
    expect(slow.frames.length).toBeLessThan(30);
    expect(quick.frames).toHaveLength(30);
    expect(channel.counts.cut).toBe(1);
    expect(channel.size).toBe(1);
  });

  test('a key that does not hold any more gets nothing', () => {
    const { anna, happen, open } = setUp();
    let holds = true;
    const socket = open({ holds: () => holds });
    happen(anna);
    holds = false;
    happen(anna);
    expect(socket.frames).toHaveLength(1);
    expect(socket.closed?.code).toBe(4401);
  });

  test('one socket too many of an account', () => {
    const { ben, open } = setUp();
    for (let i = 0; i < SOCKETS_OF_ACCOUNT_MAX; i++) expect(open().closed).toBeNull();
    expect(open().closed?.code).toBe(4429);
    expect(open({ userId: ben }).closed).toBeNull();
  });

  test('everybody, when the server stops', () => {
    const { hub, open } = setUp();
    const socket = open();
    hub.close();
    expect(socket.closed?.code).toBe(1001);
    expect(open().closed?.code).toBe(1001);
  });
});

test('without the scope for it, no balance is shown, and the order of the rest stays', () => {
  const { anna, happen, open } = setUp();
  const socket = open({ sees: (type) => type !== 'balance.changed' });
  happen(anna, 'balance.changed');
  const id = happen(anna);
  expect(socket.ids).toEqual([id]);
});

test('a ticket stands for its key once, and for a minute', () => {
  let nowMs = 0;
  const tickets = new Tickets(seededRandom(), () => nowMs);
  const ticket = tickets.issue('smspin_key', 'usr_1');
  expect(tickets.redeem(ticket)).toBe('smspin_key');
  expect(tickets.redeem(ticket)).toBeNull();
  const late = tickets.issue('smspin_key', 'usr_1');
  nowMs = 60_000;
  expect(tickets.redeem(late)).toBeNull();
  expect(tickets.redeem('unknown')).toBeNull();
});

test('an account that asks for very many tickets loses its own oldest ones, and nobody else theirs', () => {
  let nowMs = 0;
  const tickets = new Tickets(seededRandom(), () => nowMs);
  const bert = tickets.issue('smspin_bert', 'usr_2');
  const anna = Array.from({ length: 20_000 }, () => tickets.issue('smspin_anna', 'usr_1'));
  expect(anna.filter((ticket) => tickets.redeem(ticket) !== null)).toEqual(anna.slice(-TICKETS_OF_ACCOUNT_MAX));
  expect(tickets.redeem(bert)).toBe('smspin_bert');
  // Those that are over do not count.
  for (let n = 0; n < TICKETS_OF_ACCOUNT_MAX; n++) tickets.issue('smspin_anna', 'usr_1');
  nowMs = 60_000;
  const fresh = Array.from({ length: TICKETS_OF_ACCOUNT_MAX }, () => tickets.issue('smspin_anna', 'usr_1'));
  expect(fresh.every((ticket) => tickets.redeem(ticket) === 'smspin_anna')).toBe(true);
});
