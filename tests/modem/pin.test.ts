import { describe, expect, test } from 'bun:test';
import { systemClock } from '../../src/lib/clock.ts';
import { historyOf, type PinHistory } from '../../src/lib/pin-history.ts';
import { AtChannel } from '../../src/modem/at/channel.ts';
import { type CardMemory, forgetfulMemory } from '../../src/modem/memory.ts';
import { IccidReader } from '../../src/modem/sim/identify.ts';
import { enterPinByHand, type StatedTries, type TypedPin, unlock } from '../../src/modem/sim/pin.ts';
import { readTries } from '../../src/modem/sim/tries.ts';
import { virtualIdentity } from '../../src/modem/virtual/numbers.ts';
import { BenchLine, QUICK, Recorder, startSession, until } from './bench.ts';

const ICCID = virtualIdentity(0).iccid;
const PIN = '1234';

/** A SIM that asks for 1234 and tells, or hides, how many tries are left. */
function lockedLine(triesLeft: number | null, tells = true) {
  const line = new BenchLine();
  const card = { open: false, tries: triesLeft ?? 3, answersPin: true };
  line.override = (command) => {
    if (command === 'AT+CPIN?') {
      if (card.tries === 0) return '\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n';
      return card.open ? null : '\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n';
    }
    if (command.startsWith('AT+CPINR')) return triesLeft === null ? '\r\nERROR\r\n' : `\r\n+CPINR: SIM PIN,${card.tries},3\r\n\r\nOK\r\n`;
    if (!tells && /CCID|CRSM|SCID/.test(command)) return '\r\n+CME ERROR: 11\r\n';
    // No other maker's way to tell the tries.
    if (/^AT(\+(QPINC|SPIC|ZPINPUK|UPINCNT|XPINCNT|EPINC)|\^CPIN|\^SPIC|#PCT|\*EPIN|_OERCN|%PINNUM)/.test(command)) return '\r\nERROR\r\n';
    if (!command.startsWith('AT+CPIN=')) return null;
    if (!card.answersPin) return '';
    card.open = command === `AT+CPIN="${PIN}"`;
    card.tries = card.open ? 3 : card.tries - 1;
    return card.open ? '\r\nOK\r\n' : '\r\n+CME ERROR: 16\r\n';
  };
  return { line, card, sent: () => line.commands.filter((command) => command.startsWith('AT+CPIN=')) };
}

const configured = (pin: string) => [{ iccid: ICCID, pin }];

describe('the configured PIN', () => {
  test.each([[3], [null]])('opens the SIM (tries left: %p), again at the next start', async (tries) => {
    const memory = forgetfulMemory(() => 0);
    for (let start = 1; start <= 2; start++) {
      const { line, sent } = lockedLine(tries);
      const recorder = new Recorder();
      const session = startSession(line, recorder, { sims: configured(PIN), memory });
      await until('ready', () => recorder.isReady());
      expect(sent()).toEqual([`AT+CPIN="${PIN}"`]);
      await session.stop('done');
    }
    expect(memory.pinHistory(ICCID, PIN)).toBe('accepted');
  });

  test.each<[string, { iccid: string; pin?: string }[], number, RegExp]>([
    ['no PIN is configured', [], 3, /none is configured/],
    ['it is configured for another SIM', [{ iccid: virtualIdentity(1).iccid, pin: PIN }], 3, /none is configured/],
    ['the SIM is named without a PIN', [{ iccid: ICCID }], 3, /none is configured/],
    ['two tries are left', configured(PIN), 2, /only 2 PIN tries/],
    ['it is no PIN', configured('12"34'), 3, /not 4 to 8 digits/],
  ])('is not sent when %s', async (_name, sims, tries, detail) => {
    const { line, sent } = lockedLine(tries);
    const recorder = new Recorder();
    const session = startSession(line, recorder, { sims });
    await until('asked for', () => recorder.snapshot?.state === 'pin_required');
    expect(recorder.snapshot?.detail).toMatch(detail);
    expect(sent()).toEqual([]);
    expect(recorder.events).toEqual([]);
    await session.stop('done');
  });

  test('is not sent to a card that does not tell its ICCID before', async () => {
    const { line, sent } = lockedLine(3, false);
    const recorder = new Recorder();
    const session = startSession(line, recorder, { sims: configured(PIN) });
    await until('asked for', () => recorder.snapshot?.state === 'pin_required');
    expect(recorder.snapshot?.detail).toMatch(/does not tell its ICCID before/);
    expect(sent()).toEqual([]);
    await session.stop('done');
  });

  test('a wrong one is sent once, not again after a reconnect, though all tries are back', async () => {
    const memory = forgetfulMemory(() => 0);
    const all: string[] = [];
    for (let start = 1; start <= 2; start++) {
      const { line, sent } = lockedLine(3);
      const recorder = new Recorder();
      const session = startSession(line, recorder, { sims: configured('9999'), memory });
      await until('refused', () => recorder.snapshot?.detail?.endsWith('is wrong') === true);
      all.push(...sent());
      await session.stop('done');
    }
    expect(all).toEqual(['AT+CPIN="9999"']);
  });

  test('is written down before it is sent, and not sent when that fails', async () => {
    const order: string[] = [];
    const { line, sent } = lockedLine(3);
    const memory: CardMemory = {
      ...forgetfulMemory(() => 0),
      pinStarted: async () => {
        order.push(`started, ${sent().length} sent`);
        throw new Error('the disk is full');
      },
    };
    const session = startSession(line, new Recorder(), { sims: configured(PIN), memory });
    await session.ended;
    expect(order).toEqual(['started, 0 sent']);
    expect(sent()).toEqual([]);
  });

  test.each<[string, number | null, ('accepted' | 'wrong' | null)[], boolean]>([
    ['of unknown end, tries unknown', null, [null], false],
    ['of unknown end, three tries', 3, [null], true],
    ['of unknown end after a good one, tries unknown', null, ['accepted', null], false],
    ['of unknown end before a good one, tries unknown', null, [null, 'accepted'], true],
  ])('after an attempt %s', async (_name, tries, outcomes, isSent) => {
    const memory = forgetfulMemory(() => 0);
    for (const outcome of outcomes) {
      await memory.pinStarted(ICCID, PIN);
      if (outcome !== null) await memory.pinEnded(ICCID, PIN, outcome);
    }
    const { line, sent } = lockedLine(tries);
    const recorder = new Recorder();
    const session = startSession(line, recorder, { sims: configured(PIN), memory });
    await until('decided', () => recorder.isReady() || recorder.snapshot?.state === 'pin_required');
    expect(sent().length).toBe(isSent ? 1 : 0);
    await session.stop('done');
  });

  test('a new one is not tried after a wrong one while the tries are unknown', async () => {
    const memory = forgetfulMemory(() => 0);
    await memory.pinStarted(ICCID, '9999');
    await memory.pinEnded(ICCID, '9999', 'wrong');
    const { line, sent } = lockedLine(null);
    const recorder = new Recorder();
    const session = startSession(line, recorder, { sims: configured(PIN), memory });
    await until('asked for', () => recorder.snapshot?.state === 'pin_required');
    expect(sent()).toEqual([]);
    await session.stop('done');
  });

  test('an answer that never came is settled by the SIM that is open', async () => {
    const memory = forgetfulMemory(() => 0);
    const { line, card } = lockedLine(3);
    const answers = line.override;
    line.override = (command) => {
      if (!command.startsWith('AT+CPIN=')) return answers(command);
      card.open = true;
      return '\r\n+CME ERROR: 100\r\n';
    };
    const recorder = new Recorder();
    const session = startSession(line, recorder, { sims: configured(PIN), memory });
    await until('ready', () => recorder.isReady());
    expect(memory.pinHistory(ICCID, PIN)).toBe('accepted');
    await session.stop('done');
  });

  test('reaches no status, event or log', async () => {
    const { line } = lockedLine(3);
    const recorder = new Recorder();
    const session = startSession(line, recorder, { sims: configured('98765432') });
    await until('refused', () => recorder.snapshot?.detail?.endsWith('is wrong') === true);
    expect(JSON.stringify([recorder.snapshot, recorder.history, recorder.events])).not.toContain('98765432');
    await session.stop('done');
  });
});

test('a SIM that asks for its PUK is never answered', async () => {
  const { line, sent } = lockedLine(0);
  const recorder = new Recorder();
  const session = startSession(line, recorder, { sims: configured(PIN) });
  await until('asked for', () => recorder.snapshot?.state === 'puk_required');
  expect(sent()).toEqual([]);
  await session.stop('done');
});

describe('a PIN typed by the operator', () => {
  async function open(locked: ReturnType<typeof lockedLine>): Promise<AtChannel> {
    const events = { urc: () => {}, echo: () => {}, fault: () => {}, dead: () => {}, spoke: () => {} };
    const channel = new AtChannel(locked.line, systemClock, events, QUICK);
    await channel.handshake();
    return channel;
  }

  async function typed(locked: ReturnType<typeof lockedLine>, pin: string, memory = forgetfulMemory(() => 0), stated?: StatedTries) {
    const channel = await open(locked);
    const outcome = await enterPinByHand(channel, new IccidReader(), { pin, ...(stated && { stated }) }, memory);
    channel.close();
    return outcome;
  }

  test('twice at once costs no more tries than one after the other', async () => {
    const locked = lockedLine(2);
    const channel = await open(locked);
    const memory = forgetfulMemory(() => 0);
    const outcomes = await Promise.all(['9999', '8888'].map((pin) => enterPinByHand(channel, new IccidReader(), { pin }, memory)));
    expect(locked.sent()).toEqual(['AT+CPIN="9999"']);
    expect(outcomes[1]?.detail).toMatch(/^One try is left, and the last is never spent/);
    channel.close();
  });

  test('just before the configured one was to be sent leaves nothing to do for that', async () => {
    const locked = lockedLine(3);
    const channel = await open(locked);
    const memory = forgetfulMemory(() => 0);
    const [, lock] = await Promise.all([
      enterPinByHand(channel, new IccidReader(), { pin: PIN }, memory),
      unlock(channel, new IccidReader(), configured('9999'), memory),
    ]);
    expect(lock).toEqual({ state: 'ready' });
    expect([locked.sent(), memory.pinHistory(ICCID, '9999')]).toEqual([[`AT+CPIN="${PIN}"`], 'never']);
    channel.close();
  });

  test('opens the SIM and is remembered as right', async () => {
    const memory = forgetfulMemory(() => 0);
    expect(await typed(lockedLine(2), PIN, memory)).toEqual({ ok: true, detail: 'The PIN is right, and the SIM is open.' });
    expect([memory.pinHistory(ICCID, PIN), memory.unprovenPins(ICCID)]).toEqual(['accepted', 0]);
  });

  test('a wrong one costs one try, which is told', async () => {
    const memory = forgetfulMemory(() => 0);
    const locked = lockedLine(3);
    const outcome = await typed(locked, '9999', memory);
    expect(outcome).toEqual({ ok: false, detail: 'The PIN is wrong. 2 tries are left.' });
    expect(outcome.detail).not.toContain('9999');
    expect(locked.sent().length).toBe(1);
    expect(memory.pinHistory(ICCID, '9999')).toBe('wrong');
  });

  test('that the card refused before is not sent again, unless a person wants just that', async () => {
    const memory = forgetfulMemory(() => 0);
    await typed(lockedLine(3), PIN.replace('1', '2'), memory);
    const again = lockedLine(3);
    const channel = await open(again);
    const send = (more: Partial<TypedPin>) => enterPinByHand(channel, new IccidReader(), { pin: '2234', ...more }, memory);
    for (const more of [{}, { stated: { iccid: ICCID, atLeast: 3 } as const }]) {
      const outcome = await send(more);
      expect(outcome.ok).toBe(false);
      expect(outcome.detail).toMatch(/^Nothing was sent: this card refused this very PIN before/);
      expect(outcome.detail).not.toContain('2234');
    }
    expect([again.sent(), again.card.tries]).toEqual([[], 3]);
    expect((await send({ again: true })).detail).toBe('The PIN is wrong. 2 tries are left.');
    expect(again.sent()).toEqual(['AT+CPIN="2234"']);
    channel.close();
  });

  test('that the card refused before is sent freely once it was right', async () => {
    const memory = forgetfulMemory(() => 0);
    for (const outcome of ['wrong', 'accepted'] as const) {
      await memory.pinStarted(ICCID, PIN);
      await memory.pinEnded(ICCID, PIN, outcome);
    }
    expect((await typed(lockedLine(3), PIN, memory)).ok).toBe(true);
  });

  test.each<[string, ReturnType<typeof lockedLine>, string, RegExp]>([
    ['it is no PIN', lockedLine(3), '12 34', /4 to 8 digits/],
    ['it is too long', lockedLine(3), '123456789', /4 to 8 digits/],
    ['one try is left', lockedLine(1), PIN, /^One try is left, and the last is never spent/],
    ['the SIM asks for its PUK', lockedLine(0), PIN, /PUK/],
    ['the SIM hides its ICCID', lockedLine(3, false), PIN, /ICCID/],
  ])('is not sent when %s', async (_name, locked, pin, detail) => {
    expect(await typed(locked, pin)).toMatchObject({ ok: false, detail: expect.stringMatching(detail) });
    expect(locked.sent()).toEqual([]);
  });

  test('is not sent to an open SIM', async () => {
    const locked = lockedLine(3);
    locked.card.open = true;
    expect(await typed(locked, PIN)).toEqual({ ok: false, detail: 'The SIM asks for no PIN.' });
    expect(locked.sent()).toEqual([]);
  });

  test('with the tries unknown, two attempts without a good end leave the last try alone', async () => {
    const memory = forgetfulMemory(() => 0);
    expect((await typed(lockedLine(null), '9999', memory)).detail).toBe(
      'The PIN is wrong. The modem does not tell how many tries are left.',
    );
    expect((await typed(lockedLine(null), '8888', memory)).ok).toBe(false);
    const third = lockedLine(null);
    expect(await typed(third, PIN, memory)).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/could be its last try.*into a phone/),
    });
    expect(third.sent()).toEqual([]);
  });

  test.each([
    [2, 1, false],
    [3, 1, true],
  ] as const)(
    'what a person looked up counts: with %i tries stated one more is spent, and then %i is left',
    async (atLeast, _left, isMore) => {
      const memory = forgetfulMemory(() => 0);
      for (const pin of ['9999', '8888']) await typed(lockedLine(null), pin, memory);
      expect((await typed(lockedLine(null), PIN, memory)).detail).toContain('Nothing was sent');
      const first = lockedLine(null);
      expect((await typed(first, '7777', memory, { iccid: ICCID, atLeast })).detail).toMatch(/^The PIN is wrong/);
      const second = lockedLine(null);
      expect((await typed(second, PIN, memory)).ok).toBe(isMore);
      expect([first.sent().length, second.sent().length]).toEqual([1, isMore ? 1 : 0]);
    },
  );

  test.each<[string, ReturnType<typeof lockedLine>, StatedTries, RegExp]>([
    ['of another card', lockedLine(null), { iccid: virtualIdentity(1).iccid, atLeast: 3 }, /is in the slot now. Nothing was sent/],
    ['where the modem tells that one is left', lockedLine(1), { iccid: ICCID, atLeast: 3 }, /^One try is left/],
  ])('a statement %s counts for nothing', async (_name, locked, stated, detail) => {
    const memory = forgetfulMemory(() => 0);
    await memory.pinStarted(ICCID, '9999');
    expect((await typed(locked, PIN, memory, stated)).detail).toMatch(detail);
    expect([locked.sent(), memory.unprovenPins(ICCID)]).toEqual([[], 1]);
  });

  test('the page is told which card waits and how many of its tries may be gone', async () => {
    const memory = forgetfulMemory(() => 0);
    for (const pin of ['9999', '8888']) await typed(lockedLine(null), pin, memory);
    const recorder = new Recorder();
    const session = startSession(lockedLine(null).line, recorder, { sims: configured(PIN), memory });
    await until('asked for', () => recorder.snapshot?.state === 'pin_required');
    expect(recorder.snapshot?.lockedCard).toEqual({ iccid: ICCID, spent: 2 });
    expect(recorder.snapshot?.detail).toMatch(/type it on the page of this slot, or open the card in a phone$/);
    await session.stop('done');
  });
});

describe('the tries left', () => {
  test.each<[string, string[], number | null]>([
    ['AT+CPINR="SIM PIN"', ['+CPINR: SIM PIN,3,3'], 3],
    ['AT+CPINR="SIM PIN"', ['+CPINRE: SIM PUK,10,10', '+CPINRE: "SIM PIN",2,3'], 2],
    ['AT+QPINC?', ['+QPINC: "P2",3,10', '+QPINC: "SC",1,10'], 1],
    ['AT+QPINC="SC"', ['+QPINC: "SC",3,10'], 3],
    ['AT^CPIN?', ['^CPIN: SIM PIN,2,10,2,10,3'], 2],
    ['AT+SPIC', ['+SPIC: 3,10,0,10'], 3],
    ['AT^SPIC', ['^SPIC: 3'], 3],
    ['AT#PCT', ['#PCT: 2'], 2],
    ['AT+ZPINPUK=?', ['+ZPINPUK: 3,10'], 3],
    ['AT+UPINCNT', ['+UPINCNT: 0,3,5,5'], 0],
    ['AT*EPIN?', ['*EPIN: 3,10,3,10'], 3],
    ['AT*EPIN?', ['*EPIN: 999,10,3,10'], null],
    ['AT+XPINCNT', ['+XPINCNT: 3,3,10,10'], 3],
    ['AT_OERCN?', ['_OERCN: 3, 10'], 3],
    ['AT+EPINC?', ['+EPINC: 2, 3, 10, 10'], 2],
    ['AT%PINNUM?', ['%PINNUM: 3,10,3,10'], 3],
    ['AT+CPINR="SIM PIN"', ['+CPINR: SIM PUK,10'], null],
    ['AT+SPIC', ['+SPIC:'], null],
  ])('by %s: %p', async (command, lines, tries) => {
    const left = await readTries({
      send: async ({ text, prefixes }) => {
        if (text !== command) return { ok: false, kind: 'error', code: null, text: 'ERROR' };
        const belonging = lines.filter((line) => prefixes?.some((prefix) => line.startsWith(prefix)) === true);
        return { ok: true, lines: belonging.map((line) => ({ text: line, pdu: null, atMs: 0, monotonicMs: 0 })) };
      },
    });
    expect(left).toBe(tries);
  });
});

test.each<[('accepted' | 'wrong' | null)[], PinHistory]>([
  [[], 'never'],
  [[null], 'started'],
  [['accepted'], 'accepted'],
  [['accepted', null], 'started'],
  [['wrong'], 'wrong'],
  [['wrong', null], 'wrong'],
  [['wrong', 'accepted'], 'accepted'],
])('attempts that ended %j make a PIN %s', (outcomes, history) => {
  expect(historyOf(outcomes)).toBe(history);
});
