import type { StorageName } from './dialect.ts';
import type { FaultParameters } from './fault-set.ts';
import { FAULTS, type FaultName, faultNamed } from './faults.ts';

/** The JSON lines spoken with the process of a virtual bank, both ways. */

export interface VirtualSim {
  port: string;
  iccid: string;
  imei: string;
  /** E.164. */
  number: string;
  /** ISO 3166-1 alpha-2, lower case. */
  country: string;
}

/** The first line a bank prints. */
export interface ReadyLine {
  ready: true;
  ports: string[];
  sims: VirtualSim[];
}

/** What still lies on a SIM or modem, or waits in its network. */
export interface VirtualStored extends VirtualSim {
  /** The family it speaks as. */
  dialect: string;
  /** The faults that are on. */
  faults: FaultName[];
  plugged: boolean;
  /** `foreign`: put there by a fault, sent by nobody. */
  messages: { storage: StorageName; index: number; stat: number; pdu: string; length: number; foreign?: true }[];
  waiting: number;
}

/** Whom a command is for: a number or a port. */
export interface VirtualTarget {
  number?: string;
  port?: string;
}

export type BankCommand =
  | ({ cmd: 'sms'; sender: string; text: string; atMs?: number } & VirtualTarget)
  | ({ cmd: 'pdu'; pdu: string } & VirtualTarget)
  | ({ cmd: 'unplug' | 'plug' | 'freeze' | 'thaw' | 'swap' } & VirtualTarget)
  | ({ cmd: 'fault'; fault: FaultName; on: boolean; parameters: FaultParameters } & VirtualTarget)
  | { cmd: 'chaos'; seed: number; rate: number; faults?: readonly FaultName[] }
  | { cmd: 'reply_delay'; ms: number }
  | { cmd: 'list' };

/** A line a bank prints unasked, when it was told to print what chaos does. */
export interface FaultLine {
  event: 'fault';
  at_ms: number;
  port: string;
  fault: FaultName;
  on: boolean;
  for_ms: number;
}

const TARGETED = ['unplug', 'plug', 'freeze', 'thaw', 'swap'] as const;
const REPLY_DELAY_MOST_MS = 60_000;
export const CHAOS_RATE_MOST = 600;
const ADDRESSING = ['id', 'cmd', 'number', 'port'];

export type Parsed = { ok: true; id: unknown; command: BankCommand } | { ok: false; id: unknown; error: string };

/** Reads one command line. Whatever is wrong with it is said in `error`, with the id if one could be read. */
export function parseCommand(line: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, id: null, error: 'the line is not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, id: null, error: 'the line is not a JSON object' };
  const fields: Record<string, unknown> = { ...value };
  const id = fields['id'] ?? null;
  const command = readCommand(fields);
  return typeof command === 'string' ? { ok: false, id, error: command } : { ok: true, id, command };
}

/** The command, or what is wrong with it. */
function readCommand(fields: Record<string, unknown>): BankCommand | string {
  const { cmd, ms } = fields as { cmd?: unknown; ms?: unknown };
  if (cmd === 'list') return { cmd };
  if (cmd === 'reply_delay') {
    const isDelay = typeof ms === 'number' && ms >= 0 && ms <= REPLY_DELAY_MOST_MS;
    return isDelay ? { cmd, ms } : `"ms" must be a number from 0 to ${REPLY_DELAY_MOST_MS}`;
  }
  if (cmd === 'chaos') return readChaos(fields);
  const target = readTarget(fields);
  const targeted = TARGETED.find((known) => known === cmd);
  if (targeted !== undefined) return typeof target === 'string' ? target : { cmd: targeted, ...target };
  if (cmd === 'sms') return typeof target === 'string' ? target : readSms(fields, target);
  if (cmd === 'pdu') return typeof target === 'string' ? target : readPdu(fields, target);
  if (cmd === 'fault') return typeof target === 'string' ? target : readFault(fields, target);
  return `unknown "cmd" ${JSON.stringify(cmd ?? null)}; known are sms, pdu, list, reply_delay, fault, chaos, ${TARGETED.join(', ')}`;
}

function readTarget(fields: Record<string, unknown>): VirtualTarget | string {
  const { number, port } = fields as { number?: unknown; port?: unknown };
  if (typeof number === 'string') return { number };
  if (typeof port === 'string') return { port };
  return '"number" or "port" must say which SIM is meant';
}

function readSms(fields: Record<string, unknown>, target: VirtualTarget): BankCommand | string {
  const { sender, text, at_ms: atMs } = fields as { sender?: unknown; text?: unknown; at_ms?: unknown };
  if (typeof sender !== 'string') return '"sender" must be a string';
  if (typeof text !== 'string') return '"text" must be a string';
  if (atMs === undefined) return { cmd: 'sms', sender, text, ...target };
  return typeof atMs === 'number' && Number.isFinite(atMs) ? { cmd: 'sms', sender, text, atMs, ...target } : '"at_ms" must be a number';
}

function readPdu(fields: Record<string, unknown>, target: VirtualTarget): BankCommand | string {
  const { pdu } = fields as { pdu?: unknown };
  const isHex = typeof pdu === 'string' && /^([0-9A-Fa-f]{2}){2,200}$/.test(pdu);
  return isHex ? { cmd: 'pdu', pdu: pdu.toUpperCase(), ...target } : '"pdu" must be whole octets in hex, service centre first';
}

/** Whatever else stands in the command and is a number or a string is a parameter of the fault. */
function readFault(fields: Record<string, unknown>, target: VirtualTarget): BankCommand | string {
  const { fault: name, on, ...others } = fields;
  const fault = faultNamed(name);
  if (fault === null) return unknownFault(name);
  if (typeof on !== 'boolean') return '"on" must be true or false';
  const parameters: Record<string, number | string> = {};
  for (const [key, value] of Object.entries(others)) {
    if (ADDRESSING.includes(key)) continue;
    if (typeof value !== 'string' && !(typeof value === 'number' && Number.isFinite(value) && value >= 0))
      return `${JSON.stringify(key)} must be a number from 0 on, or a string`;
    parameters[key] = value;
  }
  if (parameters['pin'] !== undefined && !/^\d{4,8}$/.test(String(parameters['pin']))) return '"pin" must be 4 to 8 digits';
  return { cmd: 'fault', fault: fault.name, on, parameters, ...target };
}

function readChaos(fields: Record<string, unknown>): BankCommand | string {
  const { seed = 0, rate, faults } = fields as { seed?: unknown; rate?: unknown; faults?: unknown };
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed)) return '"seed" must be a whole number';
  if (typeof rate !== 'number' || !(rate >= 0 && rate <= CHAOS_RATE_MOST))
    return `"rate" must be a number from 0 to ${CHAOS_RATE_MOST}: faults a minute and modem`;
  if (faults === undefined) return { cmd: 'chaos', seed, rate };
  if (!Array.isArray(faults) || faults.length === 0) return '"faults" must be a list of names';
  const unknown: unknown = faults.find((name: unknown) => faultNamed(name) === null);
  if (unknown !== undefined) return unknownFault(unknown);
  return { cmd: 'chaos', seed, rate, faults: faults.flatMap((name: unknown) => faultNamed(name)?.name ?? []) };
}

function unknownFault(name: unknown): string {
  return `there is no fault ${JSON.stringify(name ?? null)}; known are ${FAULTS.map((fault) => fault.name).join(', ')}`;
}
