import { sameCard } from '../../lib/iccid.ts';
import { TRIES_OF_A_CARD } from '../../lib/pin-history.ts';
import type { Outcome } from '../actions.ts';
import type { AtChannel } from '../at/channel.ts';
import { enterPin } from '../at/commands.ts';
import { ErrorCode } from '../at/finals.ts';
import type { CardMemory } from '../memory.ts';
import { readSimLock, type SimLock } from '../setup/initialise.ts';
import type { IccidReader } from './identify.ts';
import { readTries } from './tries.ts';

/** What the operator knows better than the SIM. */
export interface SimOption {
  iccid: string;
  pin?: string;
  number?: string;
  country?: string;
}

/** Below this many tries left no PIN is sent by itself: a wrong one in a restart loop would lock the card within a minute. */
const TRIES_NEEDED = 3;
/** The operator may spend a try, but never the last one: after that only the PUK helps. */
const TRIES_NEEDED_BY_HAND = 2;
const SETTLE_LOOKS = 4;
const SETTLE_MS = 1_000;
/** What opens a card that gets no PIN by itself. */
const WAYS_ON = 'type it on the page of this slot, or open the card in a phone';
const PIN_FORM = /^\d{4,8}$/;

/** Called just before a PIN goes out, for the history; it is told the card, never the PIN. */
export type PinSent = (iccid: string) => void;
/** Asks for the lock in the way this modem's family needs. */
export type ReadLock = () => Promise<SimLock>;

/**
 * Opens a SIM that asks for its PIN, if that is safe: a PIN is configured for exactly this card, the card did not refuse it before, and either
 * three tries are known to be left, or the tries are unknown and no PIN sent to this card since a right one is of unknown or bad end. Resolves
 * with the lock afterwards; rejects, with nothing sent, when the attempt cannot be written down. A PUK is never typed.
 */
export function unlock(
  channel: AtChannel,
  reader: IccidReader,
  sims: readonly SimOption[],
  memory: CardMemory,
  sent: PinSent = () => {},
  readLock: ReadLock = () => readSimLock(channel),
): Promise<SimLock> {
  return inTurn(channel, () => unlockNow({ channel, reader, memory, sent, readLock }, sims));
}

/** What a person looked up in a phone: this card has so many tries left at least. */
export interface StatedTries {
  iccid: string;
  atLeast: 2 | 3;
}

/** A PIN as an operator typed it, and what they state of the card's tries. */
export interface TypedPin {
  pin: string;
  stated?: StatedTries | null;
  /** The operator wants it sent even if this card refused this very PIN before: it may have been changed to it since. */
  again?: boolean;
}

interface Entry {
  channel: AtChannel;
  reader: IccidReader;
  memory: CardMemory;
  sent: PinSent;
  readLock: ReadLock;
}

async function unlockNow(entry: Entry, sims: readonly SimOption[]): Promise<SimLock> {
  const { channel, reader, memory, readLock } = entry;
  // Somebody may have opened it while this waited for its turn.
  const before = await readLock();
  if (before.state !== 'pin_required') return before;
  const iccid = await reader.read((command) => channel.send(command));
  const refuse = (detail: string): SimLock => ({
    ...{ state: 'pin_required', detail },
    ...(iccid === null ? {} : { card: { iccid, spent: memory.unprovenPins(iccid) } }),
  });
  if (iccid === null) return refuse('the SIM asks for its PIN, and does not tell its ICCID before: which PIN is its own cannot be known');
  const pin = sims.find((sim) => sameCard(sim.iccid, iccid))?.pin;
  if (pin === undefined) return refuse(`the SIM asks for its PIN and none is configured for ${iccid}`);
  if (!PIN_FORM.test(pin)) return refuse(`the PIN configured for ${iccid} is not 4 to 8 digits`);
  if (memory.pinHistory(iccid, pin) === 'wrong') return refuse(`the PIN configured for ${iccid} is wrong`);
  const tries = await readTries(channel);
  if (tries === null && memory.unprovenPins(iccid) > 0) {
    return refuse(`a PIN was sent to ${iccid} before and nobody knows that it was right, nor how many tries are left; ${WAYS_ON}`);
  }
  if (tries !== null && tries < TRIES_NEEDED) return refuse(`only ${tries} PIN tries are left on ${iccid}; ${WAYS_ON}`);
  const { outcome, lock } = await attempt(entry, iccid, pin);
  return outcome === 'wrong' && lock.state === 'pin_required' ? refuse(`the PIN configured for ${iccid} is wrong`) : lock;
}

/**
 * One attempt with a PIN the operator typed. Refused when it is no PIN, when the SIM does not ask for one or does not tell its ICCID (there
 * would be no place to write the attempt down), when the card refused this very PIN before and nobody said `again`, and when the try it may cost could be the last. The detail says what came of it and how many
 * tries are left; it never holds the PIN. Rejects, with nothing sent, when the attempt cannot be written down. `stated` counts only where the modem does
 * not tell the tries itself, and for the card it was stated of.
 */
export function enterPinByHand(
  channel: AtChannel,
  reader: IccidReader,
  { pin, stated = null, again = false }: TypedPin,
  memory: CardMemory,
  sent: PinSent = () => {},
  readLock: ReadLock = () => readSimLock(channel),
): Promise<Outcome> {
  return inTurn(channel, () => enterNow({ channel, reader, memory, sent, readLock }, { pin, stated, again }));
}

/** One PIN at a time on one line: two that count the tries at once would both take the same for their own. */
const turns = new WeakMap<AtChannel, Promise<unknown>>();

function inTurn<T>(channel: AtChannel, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(channel) ?? Promise.resolve()).then(work, work);
  turns.set(channel, turn);
  return turn;
}

/** The way out, said where it is needed: the last try is never spent on a guess. */
const NOT_THE_LAST =
  'Nothing was sent: the modem does not tell the tries left, and PINs not known to be right were sent to this card before, so this could be its last try. ' +
  'Put the card into a phone and open it there, which gives all tries back and is noticed here; or look up in the phone how many are left, and state it with the PIN.';

/** A PIN noted on a slip is typed twice; the card has not changed its mind. */
const REFUSED_BEFORE =
  'Nothing was sent: this card refused this very PIN before, and to send it again would cost one more of its tries. ' +
  'If its PIN was changed to this one since, type it once more and tick that it shall be sent all the same.';

async function enterNow(entry: Entry, { pin, stated, again }: Required<TypedPin>): Promise<Outcome> {
  const { channel, reader, memory, readLock } = entry;
  const no = (detail: string): Outcome => ({ ok: false, detail });
  if (!PIN_FORM.test(pin)) return no('A PIN has 4 to 8 digits and nothing else.');
  const lock = await readLock();
  if (lock.state === 'ready') return no('The SIM asks for no PIN.');
  if (lock.state === 'puk_required') return no('The SIM asks for its PUK: unlock it in a phone, a PIN does not help any more.');
  if (lock.state !== 'pin_required')
    return no(`The SIM asks for no PIN${lock.state === 'closed' ? ': the port was closed' : `: ${lock.detail}`}.`);
  const iccid = await reader.read((command) => channel.send(command));
  if (iccid === null)
    return no('The SIM does not tell its ICCID before its PIN, so attempts could not be counted: switch its PIN off in a phone.');
  if (stated !== null && !sameCard(stated.iccid, iccid)) {
    return no(
      `The tries were stated for ${stated.iccid}, and ${iccid} is in the slot now. Nothing was sent: look at the card, and begin again.`,
    );
  }
  if (!again && memory.pinHistory(iccid, pin) === 'wrong') return no(REFUSED_BEFORE);
  const tries = await readTries(channel);
  if (tries !== null && tries < TRIES_NEEDED_BY_HAND) {
    return no(`${triesInWords(tries)}, and the last is never spent from here: enter the PIN in a phone.`);
  }
  if (tries === null && stated !== null) await memory.triesStated(iccid, stated.atLeast);
  const left = TRIES_OF_A_CARD - memory.unprovenPins(iccid);
  if (tries === null && left < TRIES_NEEDED_BY_HAND) return no(NOT_THE_LAST);
  const { outcome } = await attempt(entry, iccid, pin);
  if (outcome === 'accepted') return { ok: true, detail: 'The PIN is right, and the SIM is open.' };
  const words = triesInWords(await readTries(channel));
  return no(outcome === 'wrong' ? `The PIN is wrong. ${words}.` : `The modem did not say whether the PIN is right. ${words}.`);
}

/** Sends the PIN once, between two durable records; what it came to and the lock afterwards. */
async function attempt(
  { channel, memory, sent, readLock }: Entry,
  iccid: string,
  pin: string,
): Promise<{ outcome: 'accepted' | 'wrong' | 'unknown'; lock: SimLock }> {
  await memory.pinStarted(iccid, pin);
  sent(iccid);
  const result = await channel.send(enterPin(pin));
  const refused = !result.ok && result.kind === 'error' && isRefusal(result.code);
  if (refused) await memory.pinEnded(iccid, pin, 'wrong');
  const lock = await settledLock(readLock, result.ok);
  if (refused) return { outcome: 'wrong', lock };
  const outcome = outcomeOf(result.ok, lock);
  if (outcome !== 'unknown') await memory.pinEnded(iccid, pin, outcome);
  return { outcome, lock };
}

/** An answer that got lost or was a plain ERROR proves nothing, an open SIM does; one that wants its PUK now had no use for this PIN. */
function outcomeOf(isOk: boolean, lock: SimLock): 'accepted' | 'wrong' | 'unknown' {
  if (lock.state === 'ready') return 'accepted';
  if (lock.state === 'puk_required') return 'wrong';
  return isOk && lock.state !== 'pin_required' ? 'accepted' : 'unknown';
}

/** The lock after a PIN. Some modems accept it and ask for it a moment longer. */
async function settledLock(readLock: ReadLock, isOk: boolean): Promise<SimLock> {
  for (let look = 1; ; look++) {
    const lock = await readLock();
    if (!isOk || lock.state !== 'pin_required' || look === SETTLE_LOOKS) return lock;
    await Bun.sleep(SETTLE_MS);
  }
}

/** CME 16, or at once the demand for the PUK after the last try. */
function isRefusal(code: number | null): boolean {
  return code === ErrorCode.incorrectPassword || code === ErrorCode.simPukRequired;
}

function triesInWords(tries: number | null): string {
  if (tries === null) return 'The modem does not tell how many tries are left';
  if (tries === 0) return 'No try is left';
  return tries === 1 ? 'One try is left' : `${tries} tries are left`;
}
