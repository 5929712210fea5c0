import { type CommandAnswer, ERROR, failure, info, OK } from './answer.ts';
import { simTrouble } from './answers-sim.ts';
import { iccidFile } from './card-files.ts';
import type { Template } from './dialect.ts';
import type { Emulator } from './emulator.ts';

/** The answer of a command that only this family knows, or knows in its own way; null when it is a common one. */
export function dialectAnswer(modem: Emulator, command: string): CommandAnswer | null {
  const { identity, iccid, pinTries, resets } = modem.dialect;
  const asked = command.toUpperCase();
  if (resets.includes(asked)) return { ok: true, lines: [], restarts: true };
  const ownIdentity = { '+CGMI': identity.cgmi, '+CGMM': identity.cgmm, '+CGMR': identity.cgmr, '+CGSN': identity.cgsn, I: identity.ati }[
    asked
  ];
  if (ownIdentity !== undefined) return info(...ownIdentity.map((line) => filled(modem, line)));
  const template = [...iccid, ...(pinTries === null ? [] : [pinTries])].find((known) => known.command === asked);
  return template === undefined ? urcPortAnswer(modem, asked) : templateAnswer(modem, template);
}

function templateAnswer(modem: Emulator, template: Template): CommandAnswer {
  const trouble = simTrouble(modem, { toOpen: false });
  return trouble === null ? info(...template.lines.map((line) => filled(modem, line))) : failure(trouble);
}

function filled(modem: Emulator, line: string): string {
  const { sim, identity, imei } = modem;
  const values: Readonly<Record<string, string>> = {
    iccid: identity.iccid,
    swapped: iccidFile(identity.iccid),
    imei,
    pin: String(sim.tries),
    puk: String(sim.pukTries),
    state: sim.state,
  };
  return line.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

function urcPortAnswer(modem: Emulator, asked: string): CommandAnswer | null {
  const { urcPort } = modem.dialect;
  if (urcPort === null) return null;
  if (asked === urcPort.query) return info(urcPort.answer.replace('{value}', modem.urcPort ?? ''));
  if (!asked.startsWith(urcPort.set)) return null;
  const value = urcPort.values.find((known) => known.toUpperCase() === asked.slice(urcPort.set.length));
  if (value === undefined) return ERROR;
  modem.urcPort = value;
  return OK;
}
