import type { Database } from 'bun:sqlite';
import type { Condition, Detector } from '../condition.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** An endpoint that its customer left for dead is no news any more. */
const ENDPOINT_DAYS = 7;
const ENDPOINTS_MAX = 200;

/** The oldest message that waits for an operator's decision. 0 minutes: never. */
export function reviewDetector({ db, nowMs, reviewMinutes }: { db: Database; nowMs(): number; reviewMinutes: number }): Detector {
  return {
    name: 'reviews',
    codes: ['review_old'],
    everyMs: MINUTE_MS,
    look() {
      const row = db
        .query<{ oldestMs: number | null; count: number }, []>(
          "SELECT min(created_at_ms) AS oldestMs, count(*) AS count FROM reviews WHERE state = 'open'",
        )
        .get();
      if (reviewMinutes === 0 || row?.oldestMs == null) return [];
      const value = Math.floor((nowMs() - row.oldestMs) / MINUTE_MS);
      if (value <= reviewMinutes) return [];
      const text = row.count === 1 ? 'One message waits.' : `${row.count} messages wait; this is how long the oldest does.`;
      return [{ code: 'review_old', subject: '', text, value, threshold: reviewMinutes, sinceMs: row.oldestMs }];
    },
    why: () => 'It was decided, or is nobody’s any more.',
  };
}

/** Endpoints that the house switched off, each for a week. Whose they are and where they lead stays with their customer. */
export function webhookDetector({ db, nowMs }: { db: Database; nowMs(): number }): Detector {
  return {
    name: 'webhooks',
    codes: ['webhook_disabled'],
    everyMs: MINUTE_MS,
    look: () =>
      db
        .query<{ id: string; email: string; reason: 'gone' | 'failing'; atMs: number }, { sinceMs: number; limit: number }>(
          `SELECT w.id, u.email, w.disabled_reason AS reason, w.disabled_at_ms AS atMs
           FROM webhooks w INDEXED BY webhooks_troubled JOIN users u ON u.id = w.user_id
           WHERE w.state = 'disabled' AND w.disabled_at_ms > $sinceMs ORDER BY w.disabled_at_ms DESC LIMIT $limit`,
        )
        .all({ sinceMs: nowMs() - ENDPOINT_DAYS * DAY_MS, limit: ENDPOINTS_MAX })
        .map(({ id, email, reason, atMs }): Condition => {
          const why = reason === 'gone' ? 'it said that it is gone (410)' : 'nothing reached it for three days';
          return { code: 'webhook_disabled', subject: id, text: `An endpoint of ${email} was switched off: ${why}.`, sinceMs: atMs };
        }),
    why: () => 'It was switched on or deleted, or a week has passed.',
  };
}
