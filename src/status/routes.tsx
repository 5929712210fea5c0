import type { Database } from 'bun:sqlite';
import { Elysia } from 'elysia';
import { messageOf } from '../lib/log.ts';

export type Stage = 'starting' | 'running' | 'stopping';

/** `/health/live`: the process answers. `/health/ready`: it can also read its database, has started its modems and is not about to stop. */
export function healthRoutes(deps: { db: Database; stage(): Stage }) {
  return new Elysia({ name: 'health', detail: { hide: true } })
    .get('/health/live', () => ({ status: 'ok' }))
    .get('/health/ready', ({ status }) => {
      const stage = deps.stage();
      const problem = stage === 'running' ? databaseProblem(deps.db) : stage;
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
