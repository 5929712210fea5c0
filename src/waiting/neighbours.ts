import type { Database } from 'bun:sqlite';
import type { DashboardChannel } from '../dashboard/channel.ts';
import type { Hub } from '../live/hub.ts';
import type { Line } from './state.ts';

/** A crowd that is served, or leaves, within this is one rendering for each of those behind it. */
const TOGETHER_MS = 200;

/** Shows those behind somebody who was served, left or came, that they moved: what happened is an event of that one alone. */
export function moveNeighbours(
  db: Database,
  hub: Pick<Hub, 'onEvent' | 'isClosed'>,
  channels: readonly Pick<DashboardChannel, 'renew'>[],
): void {
  const moved = new Map<string, Line>();
  const show = (): void => {
    // At a stop nobody looks any more, and the database is closed soon.
    if (hub.isClosed) return;
    const users = new Set([...moved.values()].flatMap((line) => waitersOf(db, line)));
    moved.clear();
    for (const channel of channels) channel.renew(users);
  };
  hub.onEvent(({ type, data }) => {
    if (!type.startsWith('waiting.') || type === 'waiting.passed_over') return;
    const { country, service, carrier } = JSON.parse(data) as { country: string; service: string; carrier: string | null };
    if (moved.size === 0) setTimeout(show, TOGETHER_MS).unref();
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
