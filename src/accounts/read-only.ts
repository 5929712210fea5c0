import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';

/** Whether this is an operator who may look at everything and change nothing. */
export function isReadOnly(db: Database, userId: string): boolean {
  return db.query('SELECT 1 FROM users WHERE id = $userId AND read_only = 1').get({ userId }) !== null;
}

/** Refuses an operator who may only look, as `read_only`, by whichever way something is to be changed: a page or the API. */
export function refuseReadOnly(db: Database, userId: string): void {
  if (!isReadOnly(db, userId)) return;
  throw new Refusal(
    'read_only',
    'You are a read-only operator: ask one who is not to do it, or to let you (`smspin user set EMAIL --access full`).',
  );
}

/** Lets an operator change things, or look alone; at once, also where he is signed in. Refuses what is no operator, and the last one who may change things. */
export function setReadOnly(tx: Tx, userId: string, readOnly: boolean): void {
  const isOperator = tx.db.query("SELECT 1 FROM users WHERE id = $userId AND role = 'operator'").get({ userId }) !== null;
  if (!isOperator) throw new Refusal('validation', 'Only an operator can be read-only: a customer may change nothing of the house anyway.');
  const another = tx.db
    .query("SELECT 1 FROM users WHERE role = 'operator' AND state = 'active' AND read_only = 0 AND id <> $userId LIMIT 1")
    .get({ userId });
  if (readOnly && another === null)
    throw new Refusal(
      'validation',
      'This is the last operator who may change things. Add another one first: `smspin user add EMAIL --operator`.',
    );
  tx.db.query('UPDATE users SET read_only = $readOnly WHERE id = $userId').run({ userId, readOnly: readOnly ? 1 : 0 });
}
