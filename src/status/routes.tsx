import type { Database } from 'bun:sqlite';
import { Elysia } from 'elysia';
import { messageOf } from '../lib/log.ts';

/** `/health/live`: the process answers. `/health/ready`: it can also read its database and has started its modems. */
export function healthRoutes(deps: { db: Database; isStarted(): boolean }) {
  return new Elysia({ name: 'health', detail: { hide: true } })
    .get('/health/live', () => ({ status: 'ok' }))
    .get('/health/ready', ({ status }) => {
      const problem = deps.isStarted() ? databaseProblem(deps.db) : 'starting';
      return problem === null ? { status: 'ok' } : status(503, { status: 'unavailable', detail: problem });
    });
}

function databaseProblem(db: Database): string | null {
  try {
    db.query('SELECT 1 FROM settings LIMIT 1').get();
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  }
}
