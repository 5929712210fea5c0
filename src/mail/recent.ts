import type { Database } from 'bun:sqlite';

export interface RecentMail {
  topic: string;
  state: 'waiting' | 'delivered' | 'failed';
  createdAtMs: number;
  endedAtMs: number | null;
  attempts: number;
}

const SHOWN = 10;

/** The newest mails to somebody, and how each went. */
export function recentMails(db: Database, userId: string): RecentMail[] {
  return db
    .query<RecentMail, { userId: string; limit: number }>(
      `SELECT topic, state, created_at_ms AS createdAtMs, ended_at_ms AS endedAtMs, attempts FROM deliveries
       WHERE channel = 'mail' AND user_id = $userId ORDER BY seq DESC LIMIT $limit`,
    )
    .all({ userId, limit: SHOWN });
}
