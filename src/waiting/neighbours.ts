import type { Database } from 'bun:sqlite';
import type { DashboardChannel } from '../dashboard/channel.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Hub } from '../live/hub.ts';
import type { Line } from './state.ts';

/** A crowd that is served, or leaves, within this is one rendering for each of those behind it. */
const TOGETHER_MS = 200;

export interface NeighbourDeps {
  db: Database;
  hub: Pick<Hub, 'onEvent' | 'isClosed'>;
  channels: readonly Pick<DashboardChannel, 'renew'>[];
  log: Pick<Log, 'error'>;
  /** Does something a moment later. */
  later?(work: () => void): void;
}

/** Shows those behind somebody who was served, left or came, that they moved: what happened is an event of that one alone. */
export function moveNeighbours({
  db,
  hub,
  channels,
  log,
  later = (work) => void setTimeout(work, TOGETHER_MS).unref(),
}: NeighbourDeps): void {
  const moved = new Map<string, Line>();
  const show = (): void => {
    // At a stop nobody looks any more, and the database is closed soon.
    if (hub.isClosed) return;
    const lines = [...moved.values()];
    moved.clear();
    try {
      const users = new Set(lines.flatMap((line) => waitersOf(db, line)));
      for (const channel of channels) channel.renew(users);
    } catch (thrown) {
      // The pages ask again by themselves; thrown on from a timer it would end the server.
      log.error('neighbours_not_shown', { error: messageOf(thrown) });
    }
  };
  hub.onEvent(({ type, data }) => {
    if (!type.startsWith('waiting.') || type === 'waiting.passed_over') return;
    const { country, service, carrier } = JSON.parse(data) as { country: string; service: string; carrier: string | null };
    if (moved.size === 0) later(show);
    moved.set(`${country}/${service}/${carrier ?? ''}`, { country, service, carrier: carrier ?? '' });
  });
}

function waitersOf(db: Database, { country, service, carrier }: Line): string[] {
  return db
    .query<{ userId: string }, Line>(
      `SELECT DISTINCT user_id AS userId FROM waiting_places WHERE status = 'waiting' AND country = $country AND service = $service AND carrier = $carrier`,
    )
    .all({ country, service, carrier })
    .map(({ userId }) => userId);
}
