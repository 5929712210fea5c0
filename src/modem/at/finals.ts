/** How a modem ended a command. `code` is the number of +CME ERROR (TS 27.007 9.2) or +CMS ERROR (TS 27.005 3.2.5), or null. */
export type Final = { ok: true } | { ok: false; code: number | null; text: string };

/** +CME and +CMS errors that decide something here; both number spaces are apart (CME below 300, CMS from 300 on). */
export const ErrorCode = {
  cmeNotAllowed: 3,
  cmeNotSupported: 4,
  phoneToSimPin: 5,
  phoneToFirstSimPin: 6,
  phoneToFirstSimPuk: 7,
  simNotInserted: 10,
  simPinRequired: 11,
  simPukRequired: 12,
  simFailure: 13,
  simBusy: 14,
  simWrong: 15,
  incorrectPassword: 16,
  simPin2Required: 17,
  simPuk2Required: 18,
  networkPin: 40,
  networkPuk: 41,
  notAllowed: 302,
  notSupported: 303,
  messagesBusy: 314,
  invalidIndex: 321,
  memoryFull: 322,
  starting: 515,
} as const;

/** Not now: the SIM or the message part is busy, or still starting (515, vendors' "please wait"). The same command works a moment later. */
export const BUSY_CODES = [ErrorCode.simBusy, ErrorCode.messagesBusy, ErrorCode.starting] as const;

/** The texts of AT+CMEE=2, and of modems that know no numbers, as the standards give them; `(U)SIM` stands for SIM in later ones. */
const CME_TEXTS: readonly (readonly [RegExp, number])[] = [
  [/^operation not allowed/i, ErrorCode.cmeNotAllowed],
  [/^operation not supported/i, ErrorCode.cmeNotSupported],
  [/^PH-SIM PIN required/i, ErrorCode.phoneToSimPin],
  [/^PH-FSIM PIN required/i, ErrorCode.phoneToFirstSimPin],
  [/^PH-FSIM PUK required/i, ErrorCode.phoneToFirstSimPuk],
  [/^SIM not inserted/i, ErrorCode.simNotInserted],
  [/^SIM PIN required/i, ErrorCode.simPinRequired],
  [/^SIM PUK required/i, ErrorCode.simPukRequired],
  [/^SIM failure/i, ErrorCode.simFailure],
  [/^SIM busy/i, ErrorCode.simBusy],
  [/^SIM wrong/i, ErrorCode.simWrong],
  [/^incorrect password/i, ErrorCode.incorrectPassword],
  [/^SIM PIN2 required/i, ErrorCode.simPin2Required],
  [/^SIM PUK2 required/i, ErrorCode.simPuk2Required],
  [/^network personali[sz]ation PIN/i, ErrorCode.networkPin],
  [/^network personali[sz]ation PUK/i, ErrorCode.networkPuk],
  [/^invalid (memory|message) index/i, ErrorCode.invalidIndex],
  [/^memory full/i, ErrorCode.memoryFull],
];

const CMS_TEXTS: readonly (readonly [RegExp, number])[] = [
  [/^operation not allowed/i, ErrorCode.notAllowed],
  [/^operation not supported/i, ErrorCode.notSupported],
  [/^SIM not inserted/i, 310],
  [/^SIM PIN required/i, 311],
  [/^SIM failure/i, 313],
  [/^SIM busy/i, ErrorCode.messagesBusy],
  [/^SIM wrong/i, 315],
  [/^SIM PUK required/i, 316],
  [/^memory failure/i, 320],
  [/^invalid (memory|message) index/i, ErrorCode.invalidIndex],
  [/^memory full/i, ErrorCode.memoryFull],
  [/^no \+?CNMA acknowledgement expected/i, 340],
  [/^unknown error/i, 500],
];

const REFUSALS = ['ERROR', '4', 'NA', 'COMMAND NOT SUPPORT', 'COMMAND NOT SUPPORTED', 'TOO MANY PARAMETERS'];
const NUMBERED = /^\+?(CME|CMS|EXT|MODEM) ERROR(?::\s*(.*))?$/i;

/**
 * The final result a line stands for (V.250 5.7.1, TS 27.007 9, vendors' own forms, `0` and `4` under ATV0), or null. Only the whole line
 * counts: a text that merely begins like one ends nothing.
 */
export function parseFinal(line: string): Final | null {
  const text = line.trim();
  if (text === 'OK' || text === '0') return { ok: true };
  if (REFUSALS.includes(text)) return { ok: false, code: null, text };
  const match = NUMBERED.exec(text);
  if (match === null) return null;
  return { ok: false, code: codeIn((match[1] ?? '').toUpperCase(), match[2] ?? ''), text };
}

function codeIn(kind: string, detail: string): number | null {
  if (/^\d+$/.test(detail)) return Number(detail);
  const plain = detail.replace(/^"|"$/g, '').replaceAll('(U)SIM', 'SIM');
  return (kind === 'CMS' ? CMS_TEXTS : CME_TEXTS).find(([pattern]) => pattern.test(plain))?.[1] ?? null;
}
