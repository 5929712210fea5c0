import type { Database } from 'bun:sqlite';
import type { Door, Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { sameCard } from '../lib/iccid.ts';
import type { Log } from '../lib/log.ts';
import { messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { ModemEvent, ModemSnapshot, ReadPart, SourceListener } from '../modem/source.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { type SimFacts, simIdentified, simOffline, simOnline } from '../sims/sims.ts';
import { judgePartial, PARTIAL_AFTER_MS, type StoredBatch, storeBatch, waitingMessages } from './inbox.ts';
import { type DecodedPart, decodePart } from './parts.ts';
import { noWatch, type WayWatch } from './way.ts';

export interface InboxCounts {
  stored: number;
  duplicates: number;
  setAside: number;
  matched: number;
  unmatched: number;
  failed: number;
}

export interface Inbox {
  listener: SourceListener;
  counts: InboxCounts;
}

export interface InboxDeps {
  db: Database;
  door: Door;
  timers: Timers;
  log: Log;
  terms: OrderTerms;
  /** What the operator knows better than the SIMs. */
  sims: readonly SimFacts[];
  /** A SIM can be read again that could not since `sinceMs`; in the transaction that says so. */
  onBack?(tx: Tx, iccid: string, sinceMs: number): void;
  /** The SIM cannot be read any more. */
  onLost?(iccid: string): void;
  /** The SIM's whole storage was read. */
  onReady(iccid: string): void;
  /** Something for the history of a slot; synchronous. Nobody keeps it by default. */
  happened?(event: ModemEvent): void;
  /** A modem's state, health or counters changed; synchronous. */
  changed?(modem: ModemSnapshot): void;
  /** Measures how long each stage takes. Nobody does by default. */
  watch?: WayWatch;
}

/** Receives what the modems read and hands it, through the door, to the rest of the house. */
export function openInbox(deps: InboxDeps): Inbox {
  const { door, log, terms, timers, watch = noWatch } = deps;
  const counts: InboxCounts = { stored: 0, duplicates: 0, setAside: 0, matched: 0, unmatched: 0, failed: 0 };

  async function store(parts: readonly ReadPart[]): Promise<void> {
    const handedMs = watch.monotonicMs();
    const decoded = parts.map(decodePart);
    try {
      await storeAll(decoded, handedMs);
    } catch (thrown) {
      counts.failed += parts.length;
      log.error('parts_not_stored', { parts: parts.length, iccid: parts[0]?.iccid ?? null, error: messageOf(thrown) });
      if (thrown instanceof Refusal) throw thrown;
      // A fault of ours, not of the disk: it would come again at every sweep and fill the SIM for good, so each part is stored as far as that goes.
      for (const part of decoded) await storeOne(part);
    }
  }

  /** `handedMs`: when the modem handed them over, to be measured; what is tried again is not. */
  async function storeAll(parts: readonly DecodedPart[], handedMs: number | null = null): Promise<void> {
    const decodedMs = watch.monotonicMs();
    const batch = await door.write((tx) => {
      const begunMs = watch.monotonicMs();
      let storedMs = begunMs;
      const stored = storeBatch(tx, terms, parts, () => {
        storedMs = watch.monotonicMs();
      });
      const judgedMs = watch.monotonicMs();
      tx.afterCommit(() => {
        noteBatch(stored, parts);
        if (handedMs === null) return;
        const arrivedMs = parts.map(({ read }) => read.arrivedMonotonicMs);
        const committedMs = watch.monotonicMs();
        watch.committed({ arrivedMs, handedMs, decodedMs, begunMs, storedMs, judgedMs, committedMs, told: stored.told });
      });
      return stored;
    });
    for (const waiting of batch.waiting) watchPartial(waiting);
  }

  /** Stores a part alone; what cannot even so be processed is kept raw, for the operator. */
  async function storeOne(part: DecodedPart): Promise<void> {
    try {
      await storeAll([part]);
    } catch (thrown) {
      if (thrown instanceof Refusal) throw thrown;
      await storeAll([{ ...part, setAside: `It could not be processed: ${messageOf(thrown)}` }]);
    }
  }

  function noteBatch(batch: StoredBatch, parts: readonly DecodedPart[]): void {
    counts.stored += batch.stored;
    counts.duplicates += batch.duplicates;
    counts.setAside += batch.setAside;
    counts.matched += batch.matched;
    counts.unmatched += batch.unmatched;
    log.info('parts_stored', {
      iccid: parts[0]?.read.iccid ?? null,
      how: parts[0]?.read.how ?? null,
      stored: batch.stored,
      duplicates: batch.duplicates,
      set_aside: batch.setAside,
      matched: batch.matched,
      unmatched: batch.unmatched,
    });
  }

  function watchPartial({ messageId, atMs }: { messageId: string; atMs: number }): void {
    timers.set(`partial:${messageId}`, atMs, () => {
      door
        .write((tx) => judgePartial(tx, terms, messageId))
        .catch((thrown: unknown) => {
          log.error('partial_not_judged', { message: messageId, error: messageOf(thrown) });
          watchPartial({ messageId, atMs: atMs + PARTIAL_AFTER_MS });
        });
    });
  }

  function watchAllPartials(): void {
    for (const waiting of waitingMessages(deps.db)) watchPartial(waiting);
  }

  watchAllPartials();
  timers.onJump(watchAllPartials);
  return {
    counts,
    listener: {
      store,
      identified: (sim) => {
        const known = deps.sims.find((one) => sameCard(one.iccid, sim.iccid));
        return door.write((tx) => {
          simIdentified(tx, sim, known);
          // It, or one that sat in its slot, is not readable from now on.
          tx.afterCommit(() => deps.onLost?.(sim.iccid));
        });
      },
      ready: async (sim) => {
        await door.write((tx) => {
          const sinceMs = simOnline(tx, sim);
          if (sinceMs !== null) deps.onBack?.(tx, sim.iccid, sinceMs);
        });
        log.info('sim_ready', { iccid: sim.iccid, slot: sim.slot });
        deps.onReady(sim.iccid);
      },
      lost: async (sim, reason) => {
        await door.write((tx) => simOffline(tx, sim));
        deps.onLost?.(sim.iccid);
        log.info('sim_lost', { iccid: sim.iccid, slot: sim.slot, reason });
      },
      happened: (event) => deps.happened?.(event),
      changed: (modem) => deps.changed?.(modem),
    },
  };
}
