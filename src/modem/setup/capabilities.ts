import type { AtChannel, AtCommand } from '../at/channel.ts';
import { capabilityQueries } from '../at/commands.ts';
import { groupsOf, numbersOf } from './ranges.ts';

/** What a modem says it can do in one respect: its own words, and what they mean; null when it refused, or cannot be understood. */
export interface Capability<T> {
  raw: string | null;
  values: T | null;
}

export interface Capabilities {
  /** Values for <mode>, <mt>, <bm>, <ds> and <bfr> of AT+CNMI (TS 27.005 3.4.1). */
  notification: Capability<number[][]>;
  /** Storages for reading, writing and receiving of AT+CPMS (TS 27.005 3.2.2). */
  storages: Capability<string[][]>;
  /** Character sets of AT+CSCS (TS 27.007 5.5). */
  charsets: Capability<string[]>;
  /** Message services of AT+CSMS (TS 27.005 3.2.1): 0 phase 2, 1 phase 2+. */
  services: Capability<number[]>;
  /** What AT+CMGL can list (TS 27.005 3.4.2): numbers in PDU mode, words in text mode. */
  listing: Capability<string[]>;
}

/** Asks what the modem can do; changes nothing on it. A question that is refused leaves its part unknown. */
export async function readCapabilities(channel: AtChannel): Promise<Capabilities> {
  const { notification, storages, charsets, services, listing } = capabilityQueries;
  return {
    notification: await readNotification(channel, notification),
    storages: await readStorages(channel, storages),
    charsets: await read(channel, charsets, (groups) => groups[0] ?? null),
    services: await read(channel, services, (groups) => numbersOf(groups[0] ?? ['']) ?? null),
    listing: await read(channel, listing, (groups) => groups[0] ?? null),
  };
}

/** AT+CNMI=?: what each of the five values may be, as far as told. */
export function readNotification(channel: AtChannel, command = capabilityQueries.notification): Promise<Capability<number[][]>> {
  return read(channel, command, (groups) => {
    const numbers = groups.map(numbersOf);
    return numbers.every((group) => group !== null && group.length > 0)
      ? numbers.flatMap((group) => (group === null ? [] : [group]))
      : null;
  });
}

/** AT+CPMS=?: the storages for reading, writing and receiving; a modem may tell fewer than three groups. */
export function readStorages(channel: AtChannel, command = capabilityQueries.storages): Promise<Capability<string[][]>> {
  return read(channel, command, (groups) => {
    const named = groups.map((group) => group.filter((name) => /^[A-Z]{2}$/.test(name))).filter((group) => group.length > 0);
    return named.length > 0 ? named : null;
  });
}

async function read<T>(channel: AtChannel, command: AtCommand, understand: (groups: string[][]) => T | null): Promise<Capability<T>> {
  const result = await channel.send(command);
  const raw = result.ok ? result.lines.map(({ text }) => text).join('\n') : '';
  if (raw === '') return { raw: null, values: null };
  return { raw, values: understand(groupsOf(raw)) };
}
