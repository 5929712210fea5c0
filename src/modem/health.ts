import type { AtChannel, AtCommand } from './at/channel.ts';
import { nameNetworkBy, queryExtendedSignal, queryNetworkName, querySignal, queryStorages, REGISTRATION_QUERIES } from './at/commands.ts';
import { type JobQueue, Priority } from './inbox/jobs.ts';
import type { Storages } from './inbox/storages.ts';
import { dbmOf, extendedDbmOf, isOnNetwork, type Network, networkOf, registrationOf } from './network.ts';
import type { Registration } from './source.ts';
import type { ModemStatus } from './status.ts';

/** Asks for signal, registration, network and fill, each as a job of the lowest rank, so that a message never waits for more than one. */
export async function checkHealth(channel: AtChannel, jobs: JobQueue, storages: Storages, status: ModemStatus): Promise<void> {
  const signalDbm = await readSignal(channel, jobs);
  const registration = await readRegistration(channel, jobs);
  const network = await readNetwork(channel, jobs, status);
  const fill = await jobs.command(Priority.health, channel, queryStorages);
  if (fill === null) return;
  if (fill.ok) storages.noteFills(fill.lines);
  status.update({ signalDbm, registration, ...network, storage: storages.receiveFill() });
}

async function ask(channel: AtChannel, jobs: JobQueue, command: AtCommand): Promise<string | null> {
  const result = await jobs.command(Priority.health, channel, command);
  return result?.ok === true ? (result.lines[0]?.text ?? null) : null;
}

/** AT+CSQ knows no level on LTE with some modems; AT+CESQ does. */
async function readSignal(channel: AtChannel, jobs: JobQueue): Promise<number | null> {
  const signal = await ask(channel, jobs, querySignal);
  const dbm = signal === null ? null : dbmOf(signal);
  if (dbm !== null) return dbm;
  const extended = await ask(channel, jobs, queryExtendedSignal);
  return extended === null ? null : extendedDbmOf(extended);
}

/** The best of the three registrations: a card may be on LTE alone, and then +CREG says it is on no network. */
async function readRegistration(channel: AtChannel, jobs: JobQueue): Promise<Registration | null> {
  let seen: Registration | null = null;
  for (const command of REGISTRATION_QUERIES) {
    const line = await ask(channel, jobs, command);
    const registration = line === null ? null : registrationOf(line);
    if (isOnNetwork(registration)) return registration;
    seen ??= registration;
  }
  return seen;
}

/** The network's name, and its MCC and MNC. One of the two is asked only when the other is new: the modem must be told which to give. */
async function readNetwork(channel: AtChannel, jobs: JobQueue, status: ModemStatus): Promise<Network> {
  const line = await ask(channel, jobs, queryNetworkName);
  const network = line === null ? { carrier: null, plmn: null, radio: null } : networkOf(line);
  if (network.carrier === null) return network;
  const before = status.snapshot();
  if (before.carrier === network.carrier && before.plmn !== null) return { ...network, plmn: before.plmn };
  if (network.plmn === null) return { ...network, plmn: (await readNamed(channel, jobs, 2))?.plmn ?? null };
  return { ...network, carrier: (await readNamed(channel, jobs, 0))?.carrier ?? network.carrier };
}

/** The network named in this format; the modem goes back to names afterwards. Null when it does not know the format. */
async function readNamed(channel: AtChannel, jobs: JobQueue, format: 0 | 2): Promise<Network | null> {
  const told = await jobs.command(Priority.health, channel, nameNetworkBy(format));
  if (told?.ok !== true) return null;
  const line = await ask(channel, jobs, queryNetworkName);
  if (format !== 0) await jobs.command(Priority.health, channel, nameNetworkBy(0));
  return line === null ? null : networkOf(line);
}
