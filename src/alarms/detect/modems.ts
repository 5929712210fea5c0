import type { Database } from 'bun:sqlite';
import { type AlarmKindCode, isAlarmCode } from '../../lib/alarm-kinds.ts';
import type { AlarmCode, ModemSnapshot, ModemState } from '../../modem/source.ts';
import type { Alarm } from '../alarms.ts';
import type { Condition, Detector } from '../condition.ts';
import { levelOf } from '../state.ts';

const EVERY_MS = 5000;
const DAY_MS = 86_400_000;
/** A modem that has been away for longer was taken away for good. */
const AWAY_MAX_MS = 7 * DAY_MS;
/** How far under the threshold the storage must fall before it is over. */
const FILL_MARGIN_PERCENT = 10;

/** What a modem tells of itself that is an alarm as it is. Its own mark for a storage that fills is not among it: the threshold of `[alarms]` is. */
const OWN = [
  ...(['storage_full', 'damaged_message', 'unlistable', 'silent_announcements', 'denied', 'pin', 'puk'] as const),
  ...(['unplugging', 'unresponsive', 'cloned_imei'] as const),
] satisfies AlarmCode[];

/** A modem in these has not told yet how it is. */
const STARTING: readonly ModemState[] = ['opening', 'initialising'];

/** Why it is down, by its state; null: it is not, or that has an alarm of its own. */
const DOWN: Record<ModemState, string | null> = {
  ...{ ready: null, sweeping: null, paused: null, sim_missing: null, pin_required: null, puk_required: null },
  gone: 'It is unplugged.',
  failed: 'It does not work.',
  opening: 'Its port cannot be opened.',
  initialising: 'It does not get through its start.',
};

export interface ModemWatchDeps {
  db: Database;
  nowMs(): number;
  snapshots(): readonly ModemSnapshot[];
  modemDownMinutes: number;
  simFullPercent: number;
}

/** Modems that are down, empty or in trouble, by what the bank says now and, of those it has not seen since the start, by what the database remembers. */
export function modemDetector(deps: ModemWatchDeps): Detector {
  const { db, nowMs } = deps;
  const codes: AlarmKindCode[] = ['modem_down', 'sim_missing', 'storage_filling', ...OWN];
  return {
    name: 'modems',
    codes,
    everyMs: EVERY_MS,
    look(standing) {
      const modems = deps.snapshots();
      const seen = new Set(modems.map(({ slot }) => slot));
      const unseen = missingSlots(db, nowMs()).filter(({ slot }) => !seen.has(slot));
      const untold = new Set([...unseen, ...modems.filter(({ state }) => STARTING.includes(state))].map(({ slot }) => slot));
      return [
        ...held(standing, untold),
        ...modems.flatMap((modem) => conditionsOf(deps, modem)),
        ...unseen.map(({ slot, iccid, sinceMs }) =>
          down(deps, { slot, iccid, sinceMs, text: 'It has not been seen since the server was started.' }),
        ),
      ];
    },
    why: ({ code }) =>
      code === 'modem_down' ? 'It can be read again, was taken out of service, or has been away for a week.' : 'It is over.',
  };
}

/** What stands about a modem that has not told yet, after a start of the server or of the modem itself, whether it is still so. */
function held(standing: readonly Alarm[], untold: ReadonlySet<string>): Condition[] {
  return standing.flatMap(({ code, subject, iccid, text, value, threshold }) =>
    code !== 'modem_down' && isAlarmCode(code) && untold.has(subject)
      ? [{ code, subject, iccid, text, value, threshold, level: 'between' as const }]
      : [],
  );
}

function conditionsOf(deps: ModemWatchDeps, modem: ModemSnapshot): Condition[] {
  const { slot, state, detail } = modem;
  const found: Condition[] = [];
  const why = DOWN[state];
  const card = why !== null || modem.iccid === null ? cardOf(deps.db, slot) : null;
  const iccid = modem.iccid ?? card?.iccid ?? null;
  const awaySinceMs = why === null ? null : (card?.offlineSinceMs ?? null);
  if (why !== null && (awaySinceMs === null || deps.nowMs() - awaySinceMs < AWAY_MAX_MS))
    found.push(down(deps, { slot, iccid, sinceMs: awaySinceMs, text: detail === null ? why : `${why} ${detail}` }));
  if (state === 'sim_missing')
    found.push({ code: 'sim_missing', subject: slot, iccid, text: detail ?? 'The modem says that there is no SIM in it.' });
  for (const { code, text, sinceMs } of modem.alarms)
    if (isAlarmCode(code) && OWN.some((own) => own === code)) found.push({ code, subject: slot, iccid, text, sinceMs });
  return [...found, ...fillOf(deps, modem, iccid)];
}

function down(
  deps: ModemWatchDeps,
  { slot, iccid, sinceMs, text }: { slot: string; iccid: string | null; sinceMs: number | null; text: string },
): Condition {
  const awayMs = sinceMs === null ? null : Math.max(0, deps.nowMs() - sinceMs);
  const value = awayMs === null ? null : Math.floor(awayMs / 60_000);
  return { code: 'modem_down', subject: slot, iccid, text, sinceMs, value, threshold: deps.modemDownMinutes };
}

function fillOf({ simFullPercent }: ModemWatchDeps, { slot, storage }: ModemSnapshot, iccid: string | null): Condition[] {
  if (storage === null || storage.total === 0) return [];
  const value = Math.floor((100 * storage.used) / storage.total);
  // At the threshold, not only over it: 8 of 10 places are 80 %.
  const level = levelOf(value, { is: 'above', threshold: simFullPercent - 1, clearAt: simFullPercent - FILL_MARGIN_PERCENT });
  if (level === 'good') return [];
  const text = `${storage.used} of ${storage.total} places of ${storage.name} are taken.`;
  return [{ code: 'storage_filling', subject: slot, iccid, level, text, value, threshold: simFullPercent }];
}

interface Card {
  slot: string;
  iccid: string;
  offlineSinceMs: number | null;
}

/** The card that was last in a slot. */
function cardOf(db: Database, slot: string): Card | null {
  return db
    .query<Card, { slot: string }>(
      `SELECT slot, iccid, CASE online WHEN 0 THEN offline_since_ms END AS offlineSinceMs FROM sims INDEXED BY sims_by_slot
       WHERE slot = $slot ORDER BY last_seen_at_ms DESC LIMIT 1`,
    )
    .get({ slot });
}

/** Slots whose card could be read within the last week, is for sale, and cannot be read now. */
function missingSlots(db: Database, nowMs: number): { slot: string; iccid: string; sinceMs: number }[] {
  return db
    .query<{ slot: string; iccid: string; sinceMs: number }, { sinceMs: number }>(
      `SELECT slot, iccid, max(offline_since_ms) AS sinceMs FROM sims
       WHERE online = 0 AND state = 'active' AND slot IS NOT NULL AND offline_since_ms > $sinceMs GROUP BY slot`,
    )
    .all({ sinceMs: nowMs - AWAY_MAX_MS });
}
