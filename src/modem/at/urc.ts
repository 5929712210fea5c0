import { fieldsOf, numberOf } from './fields.ts';

/**
 * What a modem says without being asked, as far as it matters here:
 * `announced`: a message was stored (+CMTI; index null when unusable) · `pushed`: a message came whole (+CMT, +CDS; pdu null when damaged) ·
 * `storage_full` · `restarted`: it certainly rebooted · `check`: it may have rebooted, or its messages became readable · `sim_changed` ·
 * `other`: not for us.
 */
export type Urc =
  | { kind: 'announced'; storage: string | null; index: number | null }
  | { kind: 'pushed'; pdu: string | null; length: number | null }
  | { kind: 'storage_full' }
  | { kind: 'restarted' }
  | { kind: 'check' }
  | { kind: 'sim_changed' }
  | { kind: 'other'; text: string };

const STORAGE_NAME = /^[A-Z]{2}$/;
const STORAGE_FULL = /^(\^SMMEMFULL|\+SMS FULL|\+CIEV:.*smsfull)/i;
const RESTARTED = /^(RDY|\+RDY|\*ATREADY|NORMAL POWER DOWN|POWERED DOWN|SYSSTART|\^SYSSTART)\b/i;
const CHECK = /^(\^BOOT|\+CPIN: ?"?READY|SMS (Ready|DONE)|\+QIND: ?"?(SMS|PB) ?DONE|PB DONE|Call Ready|START$)/i;
const SIM_CHANGED =
  /^(\+CPIN: ?"?(NOT (INSERTED|READY)|SIM |PH-)|\+QUSIM:|\+QSIMSTAT:|\+SIM: ?(Inserted|Removed|DROP)|\+SIMCARD:|#QSS: ?[01]|\^SCKS: ?[01]|\^SIMST: ?(0|255))/i;

/** An unsolicited line has a shape no PDU has: a sign and letters, or one of the plain words modems print. */
const URC_SHAPE =
  /^([+^*#$%!&_][A-Za-z]|RING|NO CARRIER|BUSY|NO ANSWER|NO DIALTONE|RDY|SMS |PB DONE|Call Ready|START$|NORMAL POWER|POWERED DOWN)/;

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
