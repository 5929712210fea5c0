import type { Database } from 'bun:sqlite';
import type { makeApp } from './app.ts';
import type { Backups } from './backup/schedule.ts';
import type { Bank } from './bank.ts';
import type { Door } from './db/write.ts';
import type { DiskGuard } from './disk/guard.ts';
import type { Pushes } from './evidence/pushes.ts';
import type { ExportsRoom } from './exports/room.ts';
import type { Log } from './lib/log.ts';
import type { Hub } from './live/hub.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { History } from './sims/history.ts';
import type { StatusRoom } from './status/room.ts';

/** For answers under way and the other side's half of a WebSocket's close. */
const GOODBYE_MS = 1000;
const GOODBYE_LOOK_MS = 10;

/**
 * Stops in an order that nobody is misled by: new connections are refused before anybody is told to come back, so that they find the next process and not
 * this one; then sockets and waiting requests are answered, while modems and deliveries end beside each other.
 */
export async function stopAll(parts: {
  disk: DiskGuard;
  backups: Backups;
  app: ReturnType<typeof makeApp>;
  bank: Bank;
  status: StatusRoom;
  exports: ExportsRoom;
  pushes: Pushes;
  history: History;
  hub: Hub;
  outbox: Outbox;
  timers: { stop(): void };
  door: Door;
  db: Database;
  stopWatching: () => void;
  log: Log;
}): Promise<void> {
  parts.timers.stop();
  parts.stopWatching();
  parts.disk.stop();
  parts.backups.stop();
  const { server } = parts.app;
  // It resolves when the last connection has ended, which nobody can be made to do in time.
  void server?.stop();
  parts.hub.close();
  await Promise.all([quiet(server), parts.exports.maker.stop(), parts.bank.stop(), parts.outbox.stop()]);
  await parts.status.stop();
  await parts.history.flush();
  await parts.pushes.flush();
  await parts.door.idle();
  await parts.app.stop(true);
  parts.db.close();
  parts.log.info('stopped');
}

/** Resolves when all requests are answered and all sockets closed, or the time for it is over. */
async function quiet(server: { pendingRequests: number; pendingWebSockets: number } | null): Promise<void> {
  const untilMs = performance.now() + GOODBYE_MS;
  while (server && server.pendingRequests + server.pendingWebSockets > 0 && performance.now() < untilMs) await Bun.sleep(GOODBYE_LOOK_MS);
}
