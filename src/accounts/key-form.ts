import type { FormView } from '../../views/model.ts';
import { Refusal } from '../lib/errors.ts';
import { cleanRanges, type KeyLimits } from './key-limits.ts';
import { ALL_SCOPES, NAME_CHARACTERS_MAX, type Scope } from './keys.ts';

const DAY_MS = 86_400_000;
const DAYS_MAX = 3650;

/** The form of a new key as somebody filled it in: what is wanted, or null and what is wrong with which field. */
export function readKeyForm(
  body: { name?: string; scope?: string | string[]; days?: string; addresses?: string },
  nowMs: number,
): { wanted: { name: string; scopes: Scope[]; limits: KeyLimits } | null; form: FormView } {
  const { name = '', scope = [], days = '', addresses = '' } = body;
  const errors: Record<string, string> = {};
  const scopes = ALL_SCOPES.filter((one) => [scope].flat().includes(one));
  if (name.trim() === '' || name.trim().length > NAME_CHARACTERS_MAX)
    errors['name'] = `Type a name of 1 to ${NAME_CHARACTERS_MAX} characters, such as the program that will use the key.`;
  if (scopes.length === 0) errors['scope'] = 'Tick at least one thing that the key may do.';
  const wholeDays = days.trim() === '' ? null : Number(days);
  if (wholeDays !== null && !(Number.isInteger(wholeDays) && wholeDays >= 1 && wholeDays <= DAYS_MAX))
    errors['days'] = `Type a whole number of days from 1 to ${DAYS_MAX}, or nothing.`;
  let allowedAddresses: string[] = [];
  try {
    allowedAddresses = cleanRanges(addresses.split(/[\s,]+/).filter((one) => one !== ''));
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    errors['addresses'] = thrown.detail;
  }
  const form = { values: { name, days, addresses }, errors };
  if (Object.keys(errors).length > 0) return { wanted: null, form };
  const expiresAtMs = wholeDays === null ? null : nowMs + wholeDays * DAY_MS;
  return { wanted: { name, scopes, limits: { expiresAtMs, allowedAddresses } }, form };
}
