/** How a modem ended a command. `code` is the number of +CME ERROR (TS 27.007 9.2) or +CMS ERROR (TS 27.005 3.2.5), or null. */
export type Final = { ok: true } | { ok: false; code: number | null; text: string };

/** +CME and +CMS errors that decide something here; both number spaces are apart (CME below 300, CMS from 300 on). */
export const ErrorCode = {
  simNotInserted: 10,
  simPinRequired: 11,
  simPukRequired: 12,
  simFailure: 13,
  simBusy: 14,
  simWrong: 15,
  incorrectPassword: 16,
  notAllowed: 302,
  notSupported: 303,
  messagesBusy: 314,
  invalidIndex: 321,
  memoryFull: 322,
  starting: 515,
} as const;

/** Not now: the SIM or the message part is busy, or still starting (515, vendors' "please wait"). The same command works a moment later. */
export const BUSY_CODES = [ErrorCode.simBusy, ErrorCode.messagesBusy, ErrorCode.starting] as const;

/** The texts of AT+CMEE=2 and of modems that know no numbers. */
const TEXTS: readonly (readonly [RegExp, number])[] = [
  [/sim not inserted/i, ErrorCode.simNotInserted],
  [/sim pin required/i, ErrorCode.simPinRequired],
  [/sim puk required/i, ErrorCode.simPukRequired],
  [/sim failure/i, ErrorCode.simFailure],
  [/sim busy/i, ErrorCode.simBusy],
  [/sim wrong/i, ErrorCode.simWrong],
  [/incorrect password/i, ErrorCode.incorrectPassword],
  [/invalid (memory|message) index/i, ErrorCode.invalidIndex],
  [/memory full/i, ErrorCode.memoryFull],
];

/** The final result a line stands for (V.250 5.7.1, TS 27.007 9, vendors' own forms, `0` and `4` under ATV0), or null. */
export function parseFinal(line: string): Final | null {
  const text = line.trim();
  if (text === 'OK' || text === '0') return { ok: true };
  if (text === 'ERROR' || text === '4' || text === 'NA') return { ok: false, code: null, text };
  if (/^COMMAND NOT SUPPORT/i.test(text)) return { ok: false, code: null, text };
  const match = /^\+?(CME|CMS|EXT|MODEM) ERROR(?::\s*(.*))?$/i.exec(text);
  if (match === null) return null;
  return { ok: false, code: codeIn(match[2] ?? ''), text };
}

function codeIn(detail: string): number | null {
  if (/^\d+$/.test(detail)) return Number(detail);
  return TEXTS.find(([pattern]) => pattern.test(detail))?.[1] ?? null;
}
