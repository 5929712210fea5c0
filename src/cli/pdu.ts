import { type DecodedPdu, decodePdu } from '../gsm/deliver.ts';
import { toHex } from '../gsm/octets.ts';
import { linesOf, printableLine } from '../lib/text-lines.ts';
import type { Io } from './usage.ts';

const USAGE = 'usage: smspin pdu decode [--no-smsc] [--json]    one hex PDU per line on stdin';

/**
 * `smspin pdu decode`: one line out for every line in, also for a blank or damaged one, so that input and output can be paired. `--no-smsc`
 * says that no service centre stands before the TPDUs; `--json` writes an object a line. `args` starts with `decode`. Gives the exit code: 0, or 2 for a wrong option.
 */
export async function pduDecode(args: readonly string[], io: Io): Promise<number> {
  const [command, ...options] = args;
  if (command !== 'decode') return wrong(io, command === undefined ? 'which command?' : `unknown command ${JSON.stringify(command)}`);
  let smsc: 'present' | 'absent' = 'present';
  let json = false;
  for (const arg of options) {
    if (arg === '--no-smsc') smsc = 'absent';
    else if (arg === '--json') json = true;
    else return wrong(io, `unknown argument ${JSON.stringify(arg)}`);
  }
  for await (const line of linesOf(io.stdin)) {
    const pdu = decodePdu(line, { smsc });
    io.out(json ? JSON.stringify(asJson(pdu)) : asLine(pdu));
  }
  return 0;
}

function wrong(io: Io, what: string): number {
  io.err(`smspin pdu: ${what}`);
  io.err(USAGE);
  return 2;
}

/**
 * The fields other programs read; `data` is 8 bit user data after its header, in hex. `error` says what ended the reading; `errors` has
 * everything that was wrong, each with its field and the offset of its octet, also what did not stop it.
 */
export function asJson(pdu: DecodedPdu): Record<string, unknown> {
  const { concat, ports, report } = pdu;
  const body = pdu.userData.subarray(pdu.headerOctets);
  return {
    type: pdu.type.replace('_', '-'),
    smsc: pdu.smsc,
    sender: pdu.sender,
    text: pdu.text,
    scts: pdu.scts,
    concat: concat && { ref: concat.ref, total: concat.total, seq: concat.seq },
    coding: pdu.coding,
    pid: pdu.pid,
    dcs: pdu.dcs,
    class: pdu.messageClass,
    ports: ports && { dst: ports.destination, src: ports.source },
    ...(pdu.coding === '8bit' || pdu.coding === 'compressed' ? { data: toHex(body).toLowerCase() } : {}),
    ...(report ?? {}),
    flags: pdu.flags,
    ...(pdu.error === null ? {} : { error: pdu.error }),
    errors: pdu.errors,
  };
}

function asLine(pdu: DecodedPdu): string {
  if (pdu.error !== null && pdu.text === null) return `error: ${pdu.error}`;
  const fields = [pdu.scts ?? 'no time stamp', pdu.sender === '' ? 'no sender' : printableLine(pdu.sender)];
  if (pdu.type !== 'deliver') fields.push(pdu.type.replace('_', ' '));
  if (pdu.concat) fields.push(`part ${pdu.concat.seq} of ${pdu.concat.total} (ref ${pdu.concat.ref})`);
  if (pdu.report) fields.push(`status ${pdu.report.status} of message ${pdu.report.ref}, ${pdu.report.discharge ?? 'no time stamp'}`);
  if (pdu.flags.length > 0) fields.push(`[${pdu.flags.join(', ')}]`);
  if (pdu.error !== null) fields.push(`error: ${pdu.error}`);
  const body = toHex(pdu.userData.subarray(pdu.headerOctets));
  if (pdu.type !== 'status_report') fields.push(pdu.text === null ? `${pdu.coding} ${body}` : printableLine(pdu.text));
  return fields.join('  ');
}
