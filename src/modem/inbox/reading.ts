import type { AtChannel, AtResult } from '../at/channel.ts';
import { listMessages, queryPlaces, readMessage } from '../at/commands.ts';
import { BUSY_CODES, ErrorCode } from '../at/finals.ts';
import { type Entry, parseListing, parseReading, placesIn } from './listing.ts';
import type { Storages } from './storages.ts';

/** `gone`: nothing lies there (any more). */
export type ReadOutcome = { ok: true; entry: Entry } | { ok: false; gone: boolean };
export type ListOutcome = { ok: true; entries: Entry[] } | { ok: false };

/** When AT+CMGL is missing each index is read by itself, up to this one when the modem does not tell its capacity. */
const CAPACITY_UNKNOWN = 50;
/** +CME and +CMS codes that say "I do not know this command" rather than "not now". */
const UNSUPPORTED: readonly (number | null)[] = [
  null,
  ErrorCode.cmeNotAllowed,
  ErrorCode.cmeNotSupported,
  ErrorCode.notAllowed,
  ErrorCode.notSupported,
];

/** Reads one message; a damaged one once more, since noise on the line does not come twice. Runs inside one job. */
export async function readIndex(channel: AtChannel, storages: Storages, storage: string, index: number): Promise<ReadOutcome> {
  if (!storages.isSelected(storage) && (await storages.select(storage)) !== null) return { ok: false, gone: false };
  storages.isUnproven = true;
  const first = await readOnce(channel, index);
  if (!first.ok || first.entry.length !== null) return first;
  const second = await readOnce(channel, index);
  return second.ok ? second : first;
}

/**
 * Every message of one storage, whatever its status. Where AT+CMGL is missing, or shows nothing though the modem counts messages, each place is
 * read by itself. Runs inside one job.
 */
export async function listStorage(channel: AtChannel, storages: Storages, storage: string): Promise<ListOutcome> {
  if ((await storages.selectForListing(storage)) !== null) return { ok: false };
  if (storages.listing(storage) === 'each') return listEach(channel, storages, storage);
  storages.isUnproven = true;
  const result = await channel.send(listMessages);
  if (!result.ok) return isUnsupported(result) ? listEach(channel, storages, storage) : { ok: false };
  const entries: Entry[] = [];
  for (const entry of parseListing(result.lines)) {
    if (entry.length === null) storages.isUnproven = true;
    entries.push(entry.length === null ? await again(channel, entry) : entry);
  }
  return entries.length > 0 ? { ok: true, entries } : doubted(channel, storages, storage);
}

/** An empty listing of a storage that counts messages: looked at place by place once, and the listing believed or not from then on. */
async function doubted(channel: AtChannel, storages: Storages, storage: string): Promise<ListOutcome> {
  const counted = () => (storages.fill(storage)?.used ?? 0) > 0;
  if (storages.isListingKnown(storage) || !counted()) return { ok: true, entries: [] };
  await storages.refreshFills();
  if (!counted()) return { ok: true, entries: [] };
  const outcome = await listEach(channel, storages, storage);
  if (outcome.ok) storages.noteListing(storage, outcome.entries.length > 0 ? 'each' : 'cmgl');
  return outcome;
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

/**
 * Reads the places the modem says are in use (AT+CMGD=?); and all of them when it tells none, tells a range, which some make up, or when fewer
 * messages lie there than it counts.
 */
async function listEach(channel: AtChannel, storages: Storages, storage: string): Promise<ListOutcome> {
  storages.isUnproven = true;
  const result = await channel.send(queryPlaces);
  if (!result.ok && result.kind !== 'error') return { ok: false };
  const told = result.ok ? placesIn(result.lines[0]?.text ?? '') : null;
  const fill = storages.fill(storage);
  if (told !== null) {
    const outcome = await readPlaces(channel, told);
    if (!outcome.ok || outcome.entries.length >= (fill?.used ?? told.length)) return outcome;
  }
  // Index 0 exists on some modems, and the last index on those that count from 1.
  return readPlaces(
    channel,
    Array.from({ length: (fill?.total ?? CAPACITY_UNKNOWN) + 1 }, (_, index) => index),
  );
}

async function readPlaces(channel: AtChannel, places: readonly number[]): Promise<ListOutcome> {
  const entries: Entry[] = [];
  for (const index of places) {
    const result = await channel.send(readMessage(index));
    // A place that is busy is not empty.
    if (!result.ok && (result.kind !== 'error' || isBusy(result.code))) return { ok: false };
    const entry = result.ok ? parseReading(index, result.lines) : null;
    if (entry !== null) entries.push(entry.length === null ? await again(channel, entry) : entry);
  }
  return { ok: true, entries };
}

function isBusy(code: number | null): boolean {
  return BUSY_CODES.some((busy) => busy === code);
}

function isUnsupported(result: AtResult): boolean {
  return !result.ok && result.kind === 'error' && UNSUPPORTED.includes(result.code);
}
