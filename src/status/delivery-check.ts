import type { ModemSnapshot } from '../modem/source.ts';
import type { Check, Found } from './surfaces.ts';

/** Fewer modems than this share of those that should answer is an outage. */
const DOWN_BELOW = 0.5;
/** Fewer than this is told as working in part. */
const DEGRADED_BELOW = 0.9;
/** A modem that has been away for longer was taken away. */
const AWAY_MAX_MS = 24 * 3_600_000;
/** Of a sweep that is due, for a slow modem with a full storage. */
const SLACK_MS = 30_000;

export interface DeliveryDeps {
  snapshots(): readonly ModemSnapshot[];
  sweepSeconds: number;
  nowMs(): number;
  monotonicMs(): number;
  /** Sends an SMS through a virtual modem and waits until it was read; null while there is none to try. */
  loop: ((signal: AbortSignal) => Promise<Found | null>) | null;
}

/**
 * Whether an SMS would be read now: of the modems that should answer, how many did, by their last sweep (a listing of the whole storage, so a round trip of AT commands)
 * within two sweeps' time. With a virtual bank an SMS is sent through one modem at every sixth check; a surface whose last two were lost is down.
 */
export function deliveryCheck(deps: DeliveryDeps): Check {
  const { snapshots, sweepSeconds, nowMs, monotonicMs, loop } = deps;
  const awaySince = new Map<string, number>();
  let turn = 0;
  let lost: string[] = [];
  return async (signal) => {
    const freshMs = 2 * sweepSeconds * 1000 + SLACK_MS;
    const found = judge(expected(snapshots(), awaySince, monotonicMs()), (modem) => answers(modem, nowMs(), freshMs));
    if (!found.ok || loop === null) return found;
    // Not the first: modems that were just found are still being asked.
    if (turn++ % 6 === 3) {
      const looped = await loop(signal);
      lost = looped === null || looped.ok ? [] : [...lost, looped.why];
      if (looped !== null && !looped.ok) return looped;
    }
    return lost.length >= 2 ? { ok: false, why: lost.at(-1) ?? '' } : found;
  };
}

function judge(modems: readonly ModemSnapshot[], isThere: (modem: ModemSnapshot) => boolean): Found {
  if (modems.length === 0) return { ok: false, why: 'there is no modem' };
  const there = modems.filter(isThere).length;
  const said = `${there} of ${modems.length} modems answer`;
  if (there / modems.length < DOWN_BELOW) return { ok: false, why: said };
  return { ok: true, degraded: there / modems.length < DEGRADED_BELOW ? said : null };
}

/** Without those the operator took out of service, by hand or for good. */
function expected(modems: readonly ModemSnapshot[], awaySince: Map<string, number>, monotonicMs: number): ModemSnapshot[] {
  return modems.filter(({ slot, state }) => {
    if (state !== 'gone') awaySince.delete(slot);
    else if (!awaySince.has(slot)) awaySince.set(slot, monotonicMs);
    return state !== 'paused' && monotonicMs - (awaySince.get(slot) ?? monotonicMs) < AWAY_MAX_MS;
  });
}

function answers({ state, lastSweepAtMs }: ModemSnapshot, nowMs: number, freshMs: number): boolean {
  // A clock that was set back makes a sweep seem to come from the future: it was made, and the next one tells.
  return state === 'ready' && lastSweepAtMs !== null && nowMs - lastSweepAtMs < freshMs;
}
