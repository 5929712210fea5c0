import { ErrorCode } from '../at/finals.ts';
import { type CommandAnswer, ERROR, failure, type Handler, UNKNOWN } from './answer.ts';
import { dialectAnswer } from './answers-dialect.ts';
import { GENERAL } from './answers-general.ts';
import { MESSAGES } from './answers-messages.ts';
import { NETWORK } from './answers-network.ts';
import { SIM, simTrouble } from './answers-sim.ts';
import type { Emulator, Executed, LaterLine } from './emulator.ts';

const HANDLERS: Readonly<Record<string, Handler>> = { ...GENERAL, ...SIM, ...NETWORK, ...MESSAGES };

/** Commands that need a card that is open; the second kind is answered with +CMS errors (TS 27.005 3.2.5). */
const NEEDS_SIM = /^\+(CNUM|CPB[SR]|CIMI|CUSD|CRSM)/;
const NEEDS_MESSAGES = /^\+(CPMS|CMG[LRDSW]|CMSS|CSCA|CNMA)(?!=\?)/;
/** +CMS codes for the +CME codes of a card that cannot be used. */
const CMS_OF: Readonly<Record<number, number>> = {
  [ErrorCode.simNotInserted]: 310,
  [ErrorCode.simPinRequired]: 311,
  [ErrorCode.simPukRequired]: 316,
  [ErrorCode.simBusy]: 314,
};

const TEXTS: Readonly<Record<number, string>> = {
  3: 'operation not allowed',
  10: 'SIM not inserted',
  11: 'SIM PIN required',
  12: 'SIM PUK required',
  14: 'SIM busy',
  16: 'incorrect password',
  302: 'operation not allowed',
  310: 'SIM not inserted',
  311: 'SIM PIN required',
  314: 'SIM busy',
  316: 'SIM PUK required',
  321: 'invalid memory index',
  340: 'no +CNMA acknowledgement expected',
};

/** Answers a command line: one or more commands after `AT`, extended ones parted by `;` (V.250 5.2.1); the first that fails ends it. */
export function answerLine(modem: Emulator, text: string): Omit<Executed, 'announcements'> {
  const commands = /^AT/i.test(text) ? split(text.slice(2)) : null;
  const lines: string[] = [];
  const later: LaterLine[] = [];
  let last: CommandAnswer = commands === null ? ERROR : { ok: true, lines: [] };
  for (const command of commands ?? []) {
    last = answer(modem, command);
    if (!last.ok) break;
    lines.push(...last.lines);
    later.push(...(last.later ?? []));
  }
  const said = lines.map((line) => `\r\n${line}\r\n`).join('') + final(modem, last);
  return { answer: said, later, restarts: last.ok && last.restarts === true };
}

/** The commands of a line, or null when it cannot be read as commands. */
function split(line: string): string[] | null {
  const commands: string[] = [];
  let rest = line.trim();
  while (rest !== '') {
    const extended = /^[+^#!*$%_](?:"[^"]*"|[^;"])*/.exec(rest)?.[0];
    const command = extended ?? /^(?:S\d+[=?]\d*|&?[A-Z]\d*)/i.exec(rest)?.[0];
    if (command === undefined) return null;
    commands.push(command.trim());
    rest = rest.slice(command.length).replace(/^;/, '').trim();
  }
  return commands.length === 0 ? [''] : commands;
}

function answer(modem: Emulator, command: string): CommandAnswer {
  const refusal = refused(modem, command.toUpperCase());
  if (refusal !== null) return refusal;
  const own = dialectAnswer(modem, command);
  if (own !== null) return own;
  const match = /^([+^#!*$%_][A-Z]+(?:=\?|\?|=)?)(.*)$/is.exec(command) ?? /^(&?[A-Z]|)(.*)$/is.exec(command);
  const handler = match === null ? undefined : HANDLERS[(match[1] ?? '').toUpperCase()];
  return handler === undefined ? UNKNOWN : handler(modem, (match?.[2] ?? '').trim());
}

function refused(modem: Emulator, command: string): CommandAnswer | null {
  const trouble =
    NEEDS_SIM.test(command) || NEEDS_MESSAGES.test(command) ? simTrouble(modem, { toOpen: !command.startsWith('+CRSM') }) : null;
  if (trouble === null) return null;
  return failure(NEEDS_MESSAGES.test(command) ? (CMS_OF[trouble] ?? trouble) : trouble);
}

function final(modem: Emulator, result: CommandAnswer): string {
  const { verbose, errors } = modem.settings;
  if (result.ok) return result.endless === true ? '' : verbose ? '\r\nOK\r\n' : '0\r';
  const { code, always = false, unknown = false } = result;
  if (code === null || (errors === 0 && !always)) return verbose ? `\r\n${unknown ? modem.dialect.unknownCommand : 'ERROR'}\r\n` : '4\r';
  const said = errors === 2 ? (TEXTS[code] ?? String(code)) : String(code);
  return `\r\n${code >= 300 ? '+CMS' : '+CME'} ERROR: ${said}\r\n`;
}
