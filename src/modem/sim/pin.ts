import { sameCard } from '../../lib/iccid.ts';
import type { AtChannel } from '../at/channel.ts';
import { enterPin, query } from '../at/commands.ts';
import { fieldsOf, numberOf } from '../at/fields.ts';
import { ErrorCode } from '../at/finals.ts';
import type { CardMemory } from '../memory.ts';
import { readSimLock, type SimLock } from '../setup/initialise.ts';
import type { IccidReader } from './identify.ts';

/** What the operator knows better than the SIM. */
export interface SimOption {
  iccid: string;
  pin?: string;
  number?: string;
  country?: string;
}

/** Below this many tries left no PIN is sent: a wrong one in a restart loop would lock the card within a minute. */
const TRIES_NEEDED = 3;
const PIN_FORM = /^\d{4,8}$/;

/** How makers tell the tries left for PIN 1: the command and which number of the answer it is. */
const TRIES: readonly { command: ReturnType<typeof query>; tries: (fields: string[]) => string | undefined }[] = [
  { command: query('AT+CPINR="SIM PIN"'), tries: (fields) => fields[1] },
  { command: query('AT+QPINC="SC"'), tries: (fields) => fields[1] },
  { command: query('AT+SPIC'), tries: (fields) => fields[0] },
  { command: query('AT^CPIN?'), tries: (fields) => fields[3] },
];

/**
 * Opens a SIM that asks for its PIN, if that is safe: a PIN is configured for exactly this card, the modem does not say that fewer than three
 * tries are left, and none that is not known to be right was sent to this card before. The lock afterwards.
 */
export async function unlock(channel: AtChannel, reader: IccidReader, sims: readonly SimOption[], memory: CardMemory): Promise<SimLock> {
  const refuse = (detail: string): SimLock => ({ state: 'pin_required', detail });
  const iccid = await reader.read((command) => channel.send(command));
  if (iccid === null) return refuse('the SIM asks for its PIN and does not tell its ICCID before');
  const pin = sims.find((sim) => sameCard(sim.iccid, iccid))?.pin;
  if (pin === undefined) return refuse(`the SIM asks for its PIN and none is configured for ${iccid}`);
  if (!PIN_FORM.test(pin)) return refuse(`the PIN configured for ${iccid} is not 4 to 8 digits`);
  const history = memory.pinHistory(iccid, pin);
  if (history === 'wrong') return refuse(`the PIN configured for ${iccid} is wrong`);
  if (history !== 'accepted' && memory.hasUnprovenPin(iccid))
    return refuse(`a PIN was sent to ${iccid} before, and nobody knows how it ended; enter it by hand`);
  const tries = await readTries(channel);
  if (tries !== null && tries < TRIES_NEEDED) return refuse(`only ${tries} PIN tries are left on ${iccid}; enter it by hand once`);
  await memory.pinStarted(iccid, pin);
  const result = await channel.send(enterPin(pin));
  if (!result.ok && result.kind === 'error' && result.code === ErrorCode.incorrectPassword) {
    await memory.pinEnded(iccid, pin, 'wrong');
    return refuse(`the PIN configured for ${iccid} is wrong`);
  }
  if (result.ok) await memory.pinEnded(iccid, pin, 'accepted');
  return readSimLock(channel);
}

/** Tries left for PIN 1, or null when this modem does not tell. */
async function readTries(channel: AtChannel): Promise<number | null> {
  for (const { command, tries } of TRIES) {
    const result = await channel.send(command);
    if (!result.ok) continue;
    const left = numberOf(tries(fieldsOf(result.lines[0]?.text ?? '')));
    if (left !== null) return left;
  }
  return null;
}
