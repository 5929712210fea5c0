import { fieldsOf, numberOf } from './fields.ts';

/**
 * What a modem says without being asked, as far as it matters here:
 * `announced`: a message was stored (+CMTI; index null when unusable) · `pushed`: a message came whole (+CMT, +CDS; pdu null when damaged) ·
 * `storage_full` · `restarted`: it certainly rebooted · `check`: it may have rebooted, or its messages became readable · `sim_changed` ·
 * `ussd`: the network's answer to a USSD request, or the end of its session; the text as the modem wrote it · `other`: not for us.
 */
export type Urc =
  | { kind: 'announced'; storage: string | null; index: number | null }
  | { kind: 'pushed'; pdu: string | null; length: number | null }
  | { kind: 'storage_full' }
  | { kind: 'restarted' }
  | { kind: 'check' }
  | { kind: 'sim_changed' }
  | { kind: 'ussd'; status: number | null; text: string | null; dcs: number | null }
  | { kind: 'other'; text: string };

const STORAGE_NAME = /^[A-Z]{2}$/;
/** Huawei · A76xx · indicators of Siemens, Cinterion and others (0 would say that there is room again) · Quectel. */
const STORAGE_FULL = /^(\^SMMEMFULL\b|\+SMS ?FULL\b|\+CIEV: ?"?smsfull\b(?!"?, ?0)|\+QIND: ?"?smsfull)/i;
/** Quectel, SIM800 · BG9x · A76xx · switched off by key, command or voltage · Cinterion, Huawei modules · Wavecom · Neoway. */
const RESTARTED =
  /^(\+?RDY|APP RDY|\*ATREADY\b.*|((UNDER|OVER)-VOLTAGE |NORMAL )?POWER(ED)? DOWN|\^?SYSSTART\b.*|\^SHUTDOWN\b.*|\+WIND: ?3|MODEM: ?STARTUP)$/i;
/** Huawei · all · SIM800, SIM7x00 · Quectel · Huawei cards · Telit · Wavecom · Neoway, Fibocom · MediaTek · SIM5320. */
const CHECK =
  /^(\^BOOT|\+CPIN: ?"?READY|(SMS|Call|SIM) Ready$|(SMS|PB|OPL|PNN) DONE$|\+QIND: ?"?(SMS|PB) ?DONE|\^SIMST: ?1\b|#QSS: ?[23]|\+WIND: ?4$|\+(PB|SIM) ?READY|\+EIND:|START$)/i;
const SIM_CHANGED =
  /^(\+CPIN: ?"?(NOT (INSERTED|READY)|SIM |PH-)|\+QUSIM:|\+QSIMSTAT:|\+SIM: ?(Inserted|Removed|DROP)|\+SIMCARD:|#QSS: ?[01]|\^SCKS: ?[01]|\^SIMST: ?(0|255)|\+WIND: ?[01]$)/i;

/** An unsolicited line has a shape no PDU has: a sign and letters, or one of the plain words modems print. */
const URC_SHAPE =
  /^([+^*#$%!&_][A-Za-z]|(RING|CRING|NO CARRIER|BUSY|NO ANSWER|NO DIALTONE|RDY|APP RDY|START|SYSSTART|MODEM: ?STARTUP)\b|(SMS|PB|OPL|PNN|Call|SIM) (Ready|DONE)\b|(NORMAL |UNDER-VOLTAGE |OVER-VOLTAGE )?(POWER|WARN)(ED)? ?(DOWN|ING|NING)\b)/i;

/** True for a line that looks like an unsolicited code rather than like an answer without a prefix or a PDU. */
export function looksUnsolicited(line: string): boolean {
  return URC_SHAPE.test(line);
}

/** True for the header of a message pushed whole: the next line is its PDU. */
export function isPushHeader(line: string): boolean {
  return /^\+(CMT|CDS|CBM):/.test(line);
}

/** Reads an unsolicited line; `pdu` is the line that followed a +CMT or +CDS header. */
export function parseUrc(line: string, pdu: string | null): Urc {
  if (line.startsWith('+CMTI:')) return announcement(line);
  // A cell broadcast page (+CBM) is no SMS; it is switched off, and one that comes all the same is nobody's message.
  if (/^\+(CMT|CDS):/.test(line)) return { kind: 'pushed', pdu, length: numberOf(fieldsOf(line).at(-1)) };
  if (line.startsWith('+CUSD:')) return ussdAnswer(line);
  if (STORAGE_FULL.test(line)) return { kind: 'storage_full' };
  if (RESTARTED.test(line)) return { kind: 'restarted' };
  if (CHECK.test(line)) return { kind: 'check' };
  if (SIM_CHANGED.test(line)) return { kind: 'sim_changed' };
  return { kind: 'other', text: line };
}

/** Forms seen: `"SM",3` · `SM,3` · `0,111` · `,-1` · `"SM",-1` · `"SM",1,"MMS PUSH",2,1`. */
function announcement(line: string): Urc {
  const [storage = '', index] = fieldsOf(line);
  const name = storage.toUpperCase();
  return { kind: 'announced', storage: STORAGE_NAME.test(name) ? name : null, index: numberOf(index) };
}

/** Forms seen: `2` · `0,"text",15` · `0,"text"` · `0,text,15`. The text may hold quotes, commas and line ends, so its last quote closes it. */
const USSD_ANSWER = /^\+CUSD:\s*(\d+)?\s*(?:,\s*(?:"([\s\S]*)"|([^",]*))\s*(?:,\s*(\d+)?\s*)?)?$/;
/** The quotes never closed. */
const USSD_CUT = /^\+CUSD:\s*(\d+)?\s*,\s*"([\s\S]*)$/;

/** `+CUSD: <m>[,<str>[,<dcs>]]` of TS 27.007 7.15. */
function ussdAnswer(line: string): Urc {
  const [, status, quoted, bare, dcs] = USSD_ANSWER.exec(line) ?? USSD_CUT.exec(line) ?? [];
  const text = quoted ?? bare;
  return { kind: 'ussd', status: numberOf(status), text: text === undefined || text === '' ? null : text, dcs: numberOf(dcs) };
}
