import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '../../src/exports/job.ts';
import { idsFrom } from '../../src/lib/ids.ts';
import { type House, makeHouse } from '../support/house.ts';

/** A house whose database lies in a folder, since a worker opens it by itself; `cleanup` removes the folder. */
export interface FileHouse {
  house: House;
  dir: string;
  databasePath: string;
  /** A job on it with limits that nothing reaches. */
  job(userId: string, changes?: Partial<Job>): Job;
  /** So many movements of a customer's money, a second apart from the house's present time on. */
  movements(userId: string, count: number): void;
  cleanup(): void;
}

export function fileHouse(): FileHouse {
  const dir = mkdtempSync(join(tmpdir(), 'smspin-exports-'));
  const databasePath = join(dir, 'smspin.db');
  const house = makeHouse({}, databasePath);
  return {
    ...{ house, dir, databasePath },
    job: (userId, changes = {}) => ({
      ...{ databasePath, userId, kind: 'ledger', format: 'csv', bom: false, fromMs: null, toMs: null, currency: 'USD' },
      ...{ path: join(dir, 'file'), octetsMax: 1e12, reserveOctets: 0, logGrowthMax: 1e12 },
      ...changes,
    }),
    movements(userId, count) {
      const { db, clock } = house;
      db.transaction(() => {
        const entry = db.query('INSERT INTO ledger_entries (transaction_id, account_id, amount_minor) VALUES (?, ?, ?)');
        const movement = db.query(
          "INSERT INTO ledger_transactions (id, kind, user_id, reference, created_at_ms) VALUES (?, 'top_up', ?, ?, ?)",
        );
        for (let n = 0; n < count; n++) {
          const atMs = clock.nowMs() + n * 1000;
          const id = `${idsFrom('txn', atMs)}${String(n).padStart(16, '0')}`;
          entry.run(id, 'funding', -(n + 1));
          entry.run(id, `available:${userId}`, n + 1);
          movement.run(id, userId, `many ${n}`, atMs);
        }
      })();
    },
    cleanup() {
      house.db.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
