import type { AtChannel, AtResult } from '../at/channel.ts';
import { listMessages, readMessage } from '../at/commands.ts';
import { ErrorCode } from '../at/finals.ts';
import { type Entry, parseListing, parseReading } from './listing.ts';
import type { Storages } from './storages.ts';

/** `gone`: nothing lies there (any more). */
export type ReadOutcome = { ok: true; entry: Entry } | { ok: false; gone: boolean };
export type ListOutcome = { ok: true; entries: Entry[] } | { ok: false };

/** When AT+CMGL is missing each index is read by itself, up to this one when the modem does not tell its capacity. */
const CAPACITY_UNKNOWN = 50;
/** +CME and +CMS codes that say "I do not know this command" rather than "not now". */
const UNSUPPORTED: readonly (number | null)[] = [null, 3, 4, ErrorCode.notAllowed, ErrorCode.notSupported];

/** Reads one message; a damaged one once more, since noise on the line does not come twice. Runs inside one job. */
export async function readIndex(channel: AtChannel, storages: Storages, storage: string, index: number): Promise<ReadOutcome> {
  if (!storages.isSelected(storage) && (await storages.select(storage)) !== null) return { ok: false, gone: false };
  const first = await readOnce(channel, index);
  if (!first.ok || first.entry.length !== null) return first;
  const second = await readOnce(channel, index);
  return second.ok ? second : first;
}

/** Every message of one storage, whatever its status. Runs inside one job. */
export async function listStorage(channel: AtChannel, storages: Storages, storage: string): Promise<ListOutcome> {
  if (!storages.isSelected(storage) && (await storages.select(storage)) !== null) return { ok: false };
  const result = await channel.send(listMessages);
  if (!result.ok) return isUnsupported(result) ? listOneByOne(channel, storages, storage) : { ok: false };
  const entries: Entry[] = [];
  for (const entry of parseListing(result.lines)) {
    entries.push(entry.length === null ? await again(channel, entry) : entry);
  }
  return { ok: true, entries };
}

async function again(channel: AtChannel, damaged: Entry): Promise<Entry> {
  const outcome = await readOnce(channel, damaged.index);
  // The listing's own <stat> counts: reading may have changed it from unread to read.
  return outcome.ok ? { ...outcome.entry, stat: damaged.stat } : damaged;
}

async function readOnce(channel: AtChannel, index: number): Promise<ReadOutcome> {
  const result = await channel.send(readMessage(index));
  if (!result.ok) return { ok: false, gone: result.kind === 'error' && result.code === ErrorCode.invalidIndex };
  const entry = parseReading(index, result.lines);
  return entry === null ? { ok: false, gone: true } : { ok: true, entry };
}

async function listOneByOne(channel: AtChannel, storages: Storages, storage: string): Promise<ListOutcome> {
  const capacity = storages.fill(storage)?.total ?? CAPACITY_UNKNOWN;
  const entries: Entry[] = [];
  // Index 0 exists on some modems, and the last index on those that count from 1.
  for (let index = 0; index <= capacity; index++) {
    const result = await channel.send(readMessage(index));
    if (!result.ok && result.kind !== 'error') return { ok: false };
    const entry = result.ok ? parseReading(index, result.lines) : null;
    if (entry !== null) entries.push(entry);
  }
  return { ok: true, entries };
}

function isUnsupported(result: AtResult): boolean {
  return !result.ok && result.kind === 'error' && UNSUPPORTED.includes(result.code);
}
