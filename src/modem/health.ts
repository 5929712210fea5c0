import type { AtChannel } from './at/channel.ts';
import { queryNetworkName, querySignal, queryStorages, REGISTRATION_QUERIES } from './at/commands.ts';
import { fieldsOf, numberOf } from './at/fields.ts';
import { type JobQueue, Priority } from './inbox/jobs.ts';
import type { Storages } from './inbox/storages.ts';
import type { Registration } from './source.ts';
import type { ModemStatus } from './status.ts';

/** <stat> of +CREG (TS 27.007 7.2); 6 and 7 are "SMS only", 9 and 10 "circuit-switched fallback not preferred": messages come. */
const REGISTRATIONS: Record<number, Registration> = {
  0: 'idle',
  1: 'home',
  2: 'searching',
  3: 'denied',
  4: 'unknown',
  5: 'roaming',
  6: 'home',
  7: 'roaming',
  8: 'denied',
  9: 'home',
  10: 'roaming',
};
const RSSI_UNKNOWN = 99;
const RSSI_MOST = 31;

/** Asks for signal, registration, network name and fill, each as a job of the lowest rank, so that a message never waits for more than one. */
export async function checkHealth(channel: AtChannel, jobs: JobQueue, storages: Storages, status: ModemStatus): Promise<void> {
  const signal = await ask(channel, jobs, querySignal);
  const registration = await readRegistration(channel, jobs);
  const network = await ask(channel, jobs, queryNetworkName);
  const fill = await jobs.command(Priority.health, channel, queryStorages);
  if (fill === null) return;
  if (fill.ok) storages.noteFills(fill.lines);
  status.update({
    signalDbm: signal === null ? null : dbmOf(signal),
    registration,
    carrier: network === null ? null : carrierOf(network),
    storage: storages.receiveFill(),
  });
}

async function ask(channel: AtChannel, jobs: JobQueue, command: Parameters<AtChannel['send']>[0]): Promise<string | null> {
  const result = await jobs.command(Priority.health, channel, command);
  return result?.ok === true ? (result.lines[0]?.text ?? null) : null;
}

/** The best of the three registrations: a card may be on LTE alone, and then +CREG says it is on no network. */
async function readRegistration(channel: AtChannel, jobs: JobQueue): Promise<Registration | null> {
  let seen: Registration | null = null;
  for (const command of REGISTRATION_QUERIES) {
    const line = await ask(channel, jobs, command);
    const registration = line === null ? null : registrationOf(line);
    if (registration === 'home' || registration === 'roaming') return registration;
    seen ??= registration;
  }
  return seen;
}

/** `+CREG: <n>,<stat>[,…]`. */
export function registrationOf(line: string): Registration | null {
  const [n, stat] = fieldsOf(line);
  const number = numberOf(stat ?? n);
  return number === null ? null : (REGISTRATIONS[number] ?? 'unknown');
}

/** `+CSQ: <rssi>,<ber>` (TS 27.007 8.5): dBm = -113 + 2 · rssi; null when unknown. */
export function dbmOf(line: string): number | null {
  const rssi = numberOf(fieldsOf(line)[0]);
  return rssi === null || rssi === RSSI_UNKNOWN || rssi > RSSI_MOST ? null : -113 + 2 * rssi;
}

/** `+COPS: <mode>,<format>,<name>[,…]`; null when on no network. A name in UCS-2 hex, as some modems give it, is decoded. */
export function carrierOf(line: string): string | null {
  const name = fieldsOf(line)[2] ?? '';
  if (name === '') return null;
  const isUcs2 = /^(00[0-9A-Fa-f]{2}){3,}$/.test(name);
  return (isUcs2 ? name.replace(/.{4}/g, (unit) => String.fromCharCode(Number.parseInt(unit, 16))) : name).slice(0, 60);
}
