import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { EmulatorMemory } from './emulator.ts';
import type { CardLock } from './sim-card.ts';
import type { StoredPdu } from './storage.ts';

/** One modem of the bank: the serial number of its SIM, and what it holds. */
export interface ModemState {
  serial: number;
  memory: EmulatorMemory;
}

export interface BankState {
  version: 1;
  /** The serial number the next new SIM gets. */
  nextSerial: number;
  modems: ModemState[];
}

/** Reads what a bank left behind; null when there is no such file. Throws, naming the file, when it cannot be understood. */
export function readState(file: string): BankState | null {
  if (!existsSync(file)) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    throw new Error(`${file} is not the state of a virtual bank: ${String(thrown)}`);
  }
  if (!isBankState(parsed)) throw new Error(`${file} is not the state of a virtual bank`);
  return parsed;
}

/** Writes the state so that a reader finds either the old or the new one, whole, whenever the process is killed. */
export function writeState(file: string, state: BankState): void {
  const draft = `${file}.draft`;
  writeFileSync(draft, JSON.stringify(state));
  renameSync(draft, file);
}

function isBankState(value: unknown): value is BankState {
  return (
    isRecord(value) &&
    value['version'] === 1 &&
    isCount(value['nextSerial']) &&
    Array.isArray(value['modems']) &&
    value['modems'].every((modem) => isRecord(modem) && isCount(modem['serial']) && isMemory(modem['memory']))
  );
}

function isMemory(value: unknown): value is EmulatorMemory {
  const isPlaced = (entry: unknown) => Array.isArray(entry) && isCount(entry[0]) && isStored(entry[1]);
  return (
    isRecord(value) &&
    [value['sm'], value['me']].every((places) => Array.isArray(places) && places.every(isPlaced)) &&
    (value['sr'] === undefined || (Array.isArray(value['sr']) && value['sr'].every(isPlaced))) &&
    Array.isArray(value['network']) &&
    value['network'].every(isStored) &&
    (value['lock'] === undefined || isLock(value['lock']))
  );
}

function isLock(value: unknown): value is CardLock {
  return (
    isRecord(value) && (value['pin'] === null || typeof value['pin'] === 'string') && isCount(value['tries']) && isCount(value['pukTries'])
  );
}

function isStored(value: unknown): value is StoredPdu {
  return isRecord(value) && typeof value['pdu'] === 'string' && isCount(value['length']) && isCount(value['stat']);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
