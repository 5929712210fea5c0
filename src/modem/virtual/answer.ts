import { ErrorCode } from '../at/finals.ts';
import type { Emulator, EmulatorSettings, LaterLine } from './emulator.ts';

/**
 * What a command yields: information lines, or a +CME/+CMS code (null for a plain ERROR; `always`: said with its number whatever AT+CMEE is).
 * `endless`: no final result follows, as some modems forget it. `unknown`: there is no such command.
 */
export type CommandAnswer =
  | { ok: true; lines: readonly string[]; later?: readonly LaterLine[]; endless?: true; restarts?: true }
  | { ok: false; code: number | null; always?: true; unknown?: true };

/** Answers one form of a command: `+X` to act, `+X?` to ask, `+X=?` to ask what is possible, `+X=` to set (the argument is what follows). */
export type Handler = (modem: Emulator, argument: string) => CommandAnswer;

export const OK: CommandAnswer = { ok: true, lines: [] };
export const ERROR: CommandAnswer = { ok: false, code: null };
export const UNKNOWN: CommandAnswer = { ok: false, code: null, unknown: true };
export const NOT_ALLOWED: CommandAnswer = { ok: false, code: ErrorCode.notAllowed };

export const info = (...lines: string[]): CommandAnswer => ({ ok: true, lines });
export const failure = (code: number): CommandAnswer => ({ ok: false, code });

export function update(modem: Emulator, change: Partial<EmulatorSettings>): void {
  modem.settings = { ...modem.settings, ...change };
}

/** Sets what knows 0 and 1 alone; nothing means 0 (V.250 5.3.1). */
export function setFlag(argument: string, apply: (on: boolean) => void): CommandAnswer {
  if (argument !== '' && argument !== '0' && argument !== '1') return ERROR;
  apply(argument === '1');
  return OK;
}

/** Sets one of the values there are; anything else is an error. */
export function setOne<T extends string | number>(
  argument: string,
  possible: readonly T[],
  apply: (value: T) => void,
  lines: string[] = [],
): CommandAnswer {
  const value = possible.find((candidate) => String(candidate) === argument);
  if (value === undefined) return ERROR;
  apply(value);
  return { ok: true, lines };
}

/** Parameters at commas outside quotes, without the quotes. */
export function parameters(argument: string): string[] {
  return (argument.match(/(?:"[^"]*"|[^,"])+|(?<=^|,)(?=,|$)/g) ?? []).map(unquoted);
}

export function unquoted(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1');
}

/** A string as the modem prints it: as hex of UCS2 when AT+CSCS says so (TS 27.005 3.1). */
export function asSaid(modem: Emulator, text: string): string {
  return modem.settings.charset === 'UCS2' ? ucs2Hex(text) : text;
}

export function ucs2Hex(text: string): string {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0').toUpperCase()).join('');
}

/** Undoes `ucs2Hex` where the text can be one, else gives it back. */
export function fromUcs2Hex(text: string): string {
  if (!/^([0-9A-F]{4})+$/i.test(text)) return text;
  return text.replace(/[0-9A-F]{4}/gi, (unit) => String.fromCharCode(Number.parseInt(unit, 16)));
}
