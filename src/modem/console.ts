import type { AtCommand } from './at/channel.ts';

export type ConsoleCommand = { ok: true; command: AtCommand } | { ok: false; detail: string };

const TEXT_MOST = 120;
/** Messages wait for the answer, too. */
const PATIENCE_MS = 10_000;

/** Commands that only tell something, in the form without `?` or `=`. */
const TELLING = new Set(
  (
    'I +CGMI +CGMM +CGMR +CGSN +GMI +GMM +GMR +GSN +CIMI +CNUM +CSQ +CESQ +CBC +CLAC +GCAP +CPAS +CEER +CCID +ICCID +QCCID +CICCID #CCID ' +
    '^SCID +ZGETICCID +QENG +QNWINFO +CPSI +CPINR +SPIC #PCT +QPINC +QCSQ #RFSTS ^SYSINFO ^SYSINFOEX ^HCSQ ^CHIPTEMP +QTEMP +CCLK +WS46'
  ).split(' '),
);

/** Settings that change how the radio or the announcements behave, and nothing of the card, the identity or the messages. */
const HARMLESS = new Set(
  (
    '+COPS +CREG +CGREG +CEREG +CNMP +CMNB +QCFG +QURCCFG +QINDCFG +CATR ^CURC ^SYSCFG ^SYSCFGEX +WS46 +QSIMSTAT #QSS ^SCKS ' +
    '+CSQ +CGSN +QENG +CPINR +CTZU +CTZR'
  ).split(' '),
);

/** Settings of which only some values are harmless. */
const LIMITED: readonly { words: readonly string[]; form: RegExp; detail: string }[] = [
  {
    words: ['+COPS'],
    form: /^\s*(0|3(,[0-3])?)\s*$/,
    detail: 'Only AT+COPS=0 (choose by itself) and AT+COPS=3,… (form of the name) are sent from here.',
  },
  { words: ['+CGSN'], form: /^[0-3]$/, detail: 'A modem’s identity is only read here: AT+CGSN=0 to AT+CGSN=3.' },
  {
    words: ['+QCFG'],
    form: /^"(nwscanmode|nwscanseq|servicedomain|roamservice|ims|band|urc\/[a-z/]+)"(,[\w",]+)?$/i,
    detail: 'Of AT+QCFG only nwscanmode, nwscanseq, servicedomain, roamservice, ims, band and urc/… are sent from here.',
  },
];

/** What of its own accord a modem says under these names is the server's to hear: an answer by that name would take it away. */
const SAID_UNASKED = new Set(['+CMT', '+CMTI', '+CDS', '+CDSI', '+CBM', '+CBMI', '+CUSD']);
/** What a setting may consist of; nothing that begins another command. */
const VALUE = /^[\w",./ -]*$/;

/** What is asked for most often and is never done here, with the way that is right. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^(D|A$|A[^T+]|\+CMGS|\+CMSS|\+CMGC|\+CMGW|\+CNMA|\+CHUP|\+CKPD)/, 'it dials, answers or sends; this program only receives'],
  [
    /^(\+CMGD|\+CMGDA|\+CMGL|\+CMGR|\+CPMS|\+CNMI|\+CMGF|\+CSMS|\+CSCS|\+CSCA|\+CSMP)/,
    'messages are read and deleted by the server itself',
  ],
  [/^\+CUSD/, 'it may cost money; use “Ask for the number” for the SIM’s own number'],
  [/^(\+CPIN|\+CLCK|\+CPWD|\^CPIN|\+CRSM|\+CSIM|\+CPBW|\+CPBS)/, 'it touches the SIM’s locks or files; use the PIN form'],
  [/^(\+EGMR|\+SIMEI|\+MODIMEI|\^IMEI|\^CIMEI|#CGSN|\*EGMR|\+SPIMEI)/, 'a modem’s identity is never changed'],
  [/^(\+CFUN|\^RESET|\+CRESET|#REBOOT|\+QPOWD|\+CPOF|\+CPOWD|\^SMSO)/, 'use the buttons for restarting the modem and for its radio'],
  [/^(Z|&|\+IPR|\+ICF|\+IFC|E|V|Q|S\d|\+CMEE|\+CMUX)/, 'it changes how this program and the modem talk to each other'],
];

/**
 * The command an operator typed, if it can be sent without harm: everything that asks (`AT+X?`, `AT+X=?`), what only tells, and a few
 * settings of the radio. `detail` says why another is refused.
 */
export function consoleCommand(typed: string): ConsoleCommand {
  const text = typed.trim();
  const refuse = (detail: string): ConsoleCommand => ({ ok: false, detail });
  if (!/^AT/i.test(text)) return refuse('A command begins with AT, for example AT+CSQ.');
  if (text.length > TEXT_MOST) return refuse(`A command has at most ${TEXT_MOST} characters.`);
  if (!/^[\x20-\x7e]+$/.test(text)) return refuse('A command is one line of plain ASCII.');
  const body = text.slice(2);
  if (body.includes(';')) return refuse('One command at a time: leave out the semicolon.');
  const [, name = '', form = ''] = /^([+^#*$%!&_]?[A-Z0-9]*)(\?|=\?|=)?/i.exec(body) ?? [];
  const word = name.toUpperCase();
  const asks = (form === '?' || form === '=?') && body.length === name.length + form.length;
  if (asks && word === '+COPS' && form === '=?')
    return refuse('Looking for networks makes the modem deaf for minutes: AT+COPS? tells the present one.');
  // A basic command acts at once, whatever stands behind it (V.250 5.3.1): only extended ones and registers can be asked.
  const isExtended = /^[+^#*$%!_][A-Z]/.test(word);
  if (asks && SAID_UNASKED.has(word)) return refuse(`AT${word} is not asked from here: what modems say by that name is for the server.`);
  if (asks && (isExtended || /^S\d+$/.test(word))) return { ok: true, command: commandOf(text, name) };
  if (word === '' && body === '') return { ok: true, command: commandOf(text, name) };
  if (form === '' && body.length === name.length && TELLING.has(word)) return { ok: true, command: commandOf(text, name) };
  if (form === '=' && HARMLESS.has(word)) {
    const limit = LIMITED.find(({ words }) => words.includes(word));
    if (limit !== undefined && !limit.form.test(body.slice(name.length + 1))) return refuse(limit.detail);
    if (!VALUE.test(body.slice(name.length + 1))) return refuse('A setting is made of letters, digits, quotes and commas.');
    return { ok: true, command: commandOf(text, name) };
  }
  const known = REFUSED.find(([pattern]) => pattern.test(body.toUpperCase()));
  return refuse(
    known === undefined
      ? `AT${word} is not on the list of harmless commands: those that ask (AT+X?, AT+X=?), those that tell, and settings of the radio.`
      : `AT${word} is not sent from here: ${known[1]}.`,
  );
}

function commandOf(text: string, name: string): AtCommand {
  return { text, timeoutMs: PATIENCE_MS, prefixes: name === '' ? [] : [`${name.toUpperCase()}:`], bare: /./ };
}
