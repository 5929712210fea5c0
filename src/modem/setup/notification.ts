import type { AtChannel } from '../at/channel.ts';
import { queryNotification, setNotification } from '../at/commands.ts';
import { fieldsOf } from '../at/fields.ts';
import { readNotification } from './capabilities.ts';
import type { Profile } from './profiles.ts';

/** <mode>,<mt>,<bm>,<ds>,<bfr> of AT+CNMI (TS 27.005 3.4.1), best first: messages stored and announced, nothing pushed, no reports. */
const GENERAL: readonly string[] = ['2,1,0,0,0', '2,1', '1,1,0,0,0', '1,1', '3,1,0,0,0', '2,1,0,0,1'];
const MODES = [2, 1, 3];
const STORED_AND_ANNOUNCED = '1';

/**
 * Has messages announced as they are stored. The family's own values come first, then one made of what the modem says it takes, then the general
 * ones; what it says it does not take comes last, since some take more than they say. What was accepted and, where the modem shows it, kept;
 * null when nothing was, so that only sweeps find messages.
 */
export async function setNotifications(channel: AtChannel, profile: Profile): Promise<string | null> {
  for (const values of notificationLadder(profile, (await readNotification(channel)).values)) {
    if (channel.closed) return null;
    if ((await channel.send(setNotification(values))).ok && (await isKept(channel))) return values;
  }
  return null;
}

/** The values to try, best first. `offered` is what AT+CNMI=? told, one list of numbers for each of the five values, or null. */
export function notificationLadder(profile: Profile, offered: readonly (readonly number[])[] | null): string[] {
  const known = [...profile.notifications, ...GENERAL];
  if (offered === null) return [...new Set(known)];
  const isOffered = (values: string) => values.split(',').every((value, at) => offered[at]?.includes(Number(value)) ?? true);
  const [likely, unlikely] = [known.filter(isOffered), known.filter((values) => !isOffered(values))];
  return [...new Set([...likely, ...made(offered), ...unlikely])];
}

/** Values put together from what is offered: no broadcasts and reports, or as little of them as the modem can do. */
function made(offered: readonly (readonly number[])[]): string[] {
  const [modes = [], mt = [], ...others] = offered;
  const mode = MODES.find((candidate) => modes.includes(candidate));
  if (mode === undefined || !mt.includes(1)) return [];
  return [[mode, 1, ...others.slice(0, 3).map((values) => Math.min(...values))].join(',')];
}

async function isKept(channel: AtChannel): Promise<boolean> {
  const result = await channel.send(queryNotification);
  return !result.ok || announces(result.lines[0]?.text);
}

/** True when an answer to AT+CNMI? says that messages are stored and announced; a modem that does not tell is believed. */
export function announces(line: string | undefined): boolean {
  const mt = line === undefined ? undefined : fieldsOf(line)[1];
  return mt === undefined || mt === STORED_AND_ANNOUNCED;
}
