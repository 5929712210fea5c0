import { type Dialect, GENERIC } from './dialect.ts';
import { MODULES } from './modules.ts';
import { STICKS } from './sticks.ts';

/**
 * The families of modems a virtual one can speak as: what each says and understands differently, put together from makers' AT manuals and
 * from the workarounds in ModemManager, ofono, gammu and smstools3. Times are shorter than those of real modems, orders are kept.
 */
export const DIALECTS: readonly Dialect[] = [GENERIC, ...[...STICKS, ...MODULES].map((family) => ({ ...GENERIC, ...family }))];

/** The dialect of that name, or null. */
export function dialectNamed(name: string): Dialect | null {
  return DIALECTS.find((dialect) => dialect.name === name) ?? null;
}

/**
 * The dialects of a bank: `generic`, `mixed` (each in turn), or names separated by commas, which take turns too. An error that lists the
 * known names when one is not known.
 */
export function readProfiles(text: string): { ok: true; dialects: readonly Dialect[] } | { ok: false; error: string } {
  if (text === 'mixed') return { ok: true, dialects: DIALECTS };
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => dialectNamed(name) === null);
  if (unknown !== undefined) {
    const known = DIALECTS.map(({ name }) => name).join(', ');
    return { ok: false, error: `there is no profile ${JSON.stringify(unknown)}; known are mixed, ${known}` };
  }
  return { ok: true, dialects: names.flatMap((name) => dialectNamed(name) ?? []) };
}
