import type { AtChannel, AtResult } from '../at/channel.ts';
import { query, queryPin, queryPinBriefly } from '../at/commands.ts';
import { fieldsOf } from '../at/fields.ts';
import { BUSY_CODES, ErrorCode } from '../at/finals.ts';
import type { LockedCard } from '../source.ts';
import { GENERIC_PROFILE, type Profile } from './profiles.ts';

/** What the SIM lock says (AT+CPIN?, TS 27.007 8.3), with the reason in plain words. */
export type SimLock =
  | { state: 'ready' }
  | { state: 'sim_missing' | 'puk_required' | 'failed'; detail: string }
  | { state: 'pin_required'; detail: string; card?: LockedCard }
  | { state: 'closed' };

const BUSY_RETRIES = 30;
const BUSY_RETRY_MS = 2_000;
/** `NOT READY` is a card that is starting, or none at all: it is asked a few times only. */
const NOT_READY_RETRIES = 5;

/** Locks of the modem itself (TS 22.022): no PIN of the card opens them. */
const MODEM_LOCKS: readonly (readonly [RegExp, string])[] = [
  [/^PH-?F?SIM/, 'the modem takes only the SIM it was sold with'],
  [/^PH-?NETSUB/, "the modem takes only SIMs of a part of one carrier's network"],
  [/^PH-?NET/, "the modem takes only one carrier's SIMs"],
  [/^PH-?SP/, "the modem takes only one provider's SIMs"],
  [/^PH-?CORP/, "the modem takes only one company's SIMs"],
];

const PIN_REQUIRED: SimLock = { state: 'pin_required', detail: 'the SIM asks for its PIN' };
const PUK_REQUIRED: SimLock = { state: 'puk_required', detail: 'the SIM asks for its PUK' };
const MISSING: SimLock = { state: 'sim_missing', detail: 'no SIM in the modem' };

/**
 * Asks for the SIM lock, patiently (a minute) while the SIM is busy starting; for a modem that says READY too early, until its SIM can be read.
 * Some answer without the final OK; the answer counts all the same.
 */
export async function readSimLock(channel: AtChannel, profile: Profile = GENERIC_PROFILE, busyRetryMs = BUSY_RETRY_MS): Promise<SimLock> {
  const command = profile.answersPinWithoutOk ? queryPinBriefly : queryPin;
  let notReady = 0;
  for (let attempt = 0; attempt < BUSY_RETRIES; attempt++) {
    const result = await channel.send(command);
    const answer = answerIn(result);
    if (!result.ok && result.kind === 'closed') return { state: 'closed' };
    if (answer !== null) {
      const lock = lockOf(answer);
      if (lock.state === 'ready') return settled(channel, profile, busyRetryMs);
      if (!/NOT READY/i.test(answer) || ++notReady > NOT_READY_RETRIES) return lock;
    } else if (!result.ok && result.kind === 'error' && !BUSY_CODES.some((code) => code === result.code)) {
      return lockOfError(result.code, result.text);
    }
    await Bun.sleep(busyRetryMs);
  }
  return { state: 'failed', detail: 'the SIM stays busy' };
}

function answerIn(result: AtResult): string | null {
  if (result.ok) return result.lines[0]?.text ?? '';
  return result.kind === 'timeout' ? (result.lines[0]?.text ?? null) : null;
}

/** Waits until the family's own sign says that the card can be read; a modem that does not know the sign is believed. */
async function settled(channel: AtChannel, { simSettled }: Profile, retryMs: number): Promise<SimLock> {
  if (simSettled === null) return { state: 'ready' };
  const command = query(simSettled.query);
  for (let attempt = 0; attempt < BUSY_RETRIES; attempt++) {
    const result = await channel.send(command);
    if (!result.ok && result.kind === 'closed') return { state: 'closed' };
    if (!result.ok && result.kind === 'error') return { state: 'ready' };
    if (result.ok && simSettled.settled.test(result.lines[0]?.text ?? '')) return { state: 'ready' };
    await Bun.sleep(retryMs);
  }
  return { state: 'failed', detail: 'the SIM is unlocked but stays unreadable' };
}

function lockOf(line: string): SimLock {
  const lock = (fieldsOf(line)[0] ?? '').toUpperCase();
  // PIN2 and PUK2 guard settings only; messages come all the same.
  if (lock === 'READY' || lock === 'SIM PIN2' || lock === 'SIM PUK2') return { state: 'ready' };
  if (lock === 'SIM PIN') return PIN_REQUIRED;
  if (lock === 'SIM PUK') return PUK_REQUIRED;
  if (lock.startsWith('NOT ')) return MISSING;
  if (lock === '') return { state: 'failed', detail: 'the modem does not tell the state of its SIM' };
  return { state: 'failed', detail: modemLock(lock) };
}

function modemLock(lock: string): string {
  const meaning = MODEM_LOCKS.find(([pattern]) => pattern.test(lock))?.[1] ?? 'the modem is locked';
  return `${meaning} (${lock}); it needs its unlock code`;
}

function lockOfError(code: number | null, text: string): SimLock {
  switch (code) {
    case ErrorCode.simNotInserted:
      return MISSING;
    case ErrorCode.simPinRequired:
      return PIN_REQUIRED;
    case ErrorCode.simPukRequired:
      return PUK_REQUIRED;
    case ErrorCode.simPin2Required:
    case ErrorCode.simPuk2Required:
      return { state: 'ready' };
    case ErrorCode.phoneToSimPin:
    case ErrorCode.phoneToFirstSimPin:
    case ErrorCode.phoneToFirstSimPuk:
      return { state: 'failed', detail: modemLock('PH-SIM PIN') };
    case ErrorCode.networkPin:
    case ErrorCode.networkPuk:
      return { state: 'failed', detail: modemLock('PH-NET PIN') };
    case ErrorCode.simFailure:
    case ErrorCode.simWrong:
      return { state: 'failed', detail: `the SIM does not work (${text})` };
    default:
      return { state: 'sim_missing', detail: `the modem cannot read a SIM (${text})` };
  }
}
