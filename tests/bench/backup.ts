import type { Database } from 'bun:sqlite';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { backupName } from '../../src/backup/files.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import { startBackup } from '../../src/backup/start.ts';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { type Door, openDoor } from '../../src/db/write.ts';
import { topUp } from '../../src/ledger/ledger.ts';
import { silentLog } from '../../src/lib/log.ts';
import { testSim } from '../support/house.ts';
import { describeMs } from './figures.ts';
import { fillHouse } from './fill.ts';

const MESSAGES = 300_000;
const WRITES_PER_SECOND = 1000;
const TICK_MS = 5;
const BEFORE_MS = 5000;
const STALL_MS = 100;

/** A backup while a thousand top-ups a second are written, each with its entries of the ledger and fsynced; then restored to another folder, and the sums compared. */
export async function backup(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'smspin-bench-backup-'));
  try {
    const data = join(dir, 'data');
    mkdirSync(data);
    const db = openDatabase(join(data, 'smspin.db'));
    migrate(db);
    const { terms, userId } = fillHouse(db, 100);
    addMessages(db);
    console.log(
      `Backup during ${WRITES_PER_SECOND} writes a second (top-ups, fsynced; database ${megabytes(join(data, 'smspin.db'))}, encrypted)`,
    );
    const load = startLoad(openDoor(db, Date.now, silentLog), (tx) => topUp(tx, terms, { userId, amountMinor: 1, reference: null }));
    const idle = openWitness();
    await Bun.sleep(BEFORE_MS);
    console.log(`  before:  ${load.figures()}; ${await idle()}`);

    const identity = await generateX25519Identity();
    const path = join(dir, 'out', backupName(Date.now(), true));
    const recipients = [await identityToRecipient(identity)];
    const made = await startBackup({ dataDir: data, path, recipients, atMs: Date.now(), latestSchema: MIGRATIONS.length }).ended;
    console.log(`  during:  ${load.figures()}; ${await idle()}`);
    await Bun.sleep(BEFORE_MS);
    console.log(`  after:   ${load.figures()}; ${await idle()}`);
    await load.stop();
    if (!made.ok) throw new Error(made.problem);
    console.log(`  backup:  ${megabytes(path)} in ${(made.durationMs / 1000).toFixed(1)} s, copied, proved, packed, read back`);

    const target = join(dir, 'restored');
    const startedMs = performance.now();
    const job = { file: path, dataDir: target, identities: [identity], force: false, latestSchema: MIGRATIONS.length, nowMs: Date.now() };
    const { proof } = await restoreBackup(job);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    console.log(`  restore: ${seconds} s to another folder; wrong: ${proof.wrong.length === 0 ? 'nothing' : proof.wrong.join('; ')}`);
    compare(db, openDatabase(join(target, 'smspin.db')));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function addMessages(db: Database): void {
  db.query(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $count)
     INSERT INTO messages (id, iccid, sender, text, parts_have, parts_total, network_at_ms, arrived_at_ms, stored_at_ms, live, verdict, confidence, reason, rule)
     SELECT 'msg_' || i, $iccid, 'S', hex(randomblob(100)), 1, 1, i, i, i, 1, 'reject', 0.5, 'r', 'rule' FROM n`,
  ).run({ count: MESSAGES, iccid: testSim(1).iccid });
}

/** Writes at a steady rate, whatever the answers take. `figures` describes the writes that were asked for since it was last called. */
function startLoad(door: Door, verb: Parameters<Door['write']>[0]) {
  let took: number[] = [];
  let open = 0;
  let sinceMs = performance.now();
  let owed = 0;
  let lastMs = sinceMs;
  const interval = setInterval(() => {
    const nowMs = performance.now();
    owed += ((nowMs - lastMs) * WRITES_PER_SECOND) / 1000;
    lastMs = nowMs;
    for (; owed >= 1; owed--) {
      open++;
      void door.write(verb).then(() => {
        open--;
        took.push(performance.now() - nowMs);
      });
    }
  }, TICK_MS);
  return {
    figures(): string {
      const [nowMs, ms] = [performance.now(), took];
      const rate = ms.length / ((nowMs - sinceMs) / 1000);
      took = [];
      sinceMs = nowMs;
      const stalled = ms.filter((one) => one > STALL_MS).length;
      return `${rate.toFixed(0)} writes/s, ${describeMs(ms)}, over ${STALL_MS} ms: ${stalled}`;
    },
    async stop(): Promise<void> {
      clearInterval(interval);
      while (open > 0) await Bun.sleep(1);
    },
  };
}

/** What a thread without any work waited in the same time: on a machine that does other things, the most that can be asked of the house. */
function openWitness(): () => Promise<string> {
  const worker = new Worker(new URL('./witness.ts', import.meta.url).href);
  return async () => {
    const answer = Promise.withResolvers<number>();
    worker.onmessage = ({ data }: MessageEvent<number>) => answer.resolve(data);
    worker.postMessage('tell');
    return `an idle thread was late by up to ${(await answer.promise).toFixed(1)} ms`;
  };
}

/** The house went on after the copy: what the copy holds must be what the house held at the copy's last entry, account by account. */
function compare(house: Database, restored: Database): void {
  const last = restored.query<{ id: number }, []>('SELECT max(id) AS id FROM ledger_entries').get()?.id ?? 0;
  const sums = (db: Database) =>
    db
      .query<{ account: string; entries: number; sum: number }, { last: number }>(
        'SELECT account_id AS account, count(*) AS entries, sum(amount_minor) AS sum FROM ledger_entries WHERE id <= $last GROUP BY 1 ORDER BY 1',
      )
      .all({ last });
  const [ours, theirs] = [sums(house), sums(restored)];
  const all = house.query<{ n: number }, []>('SELECT count(*) AS n FROM ledger_entries').get()?.n ?? 0;
  const entries = theirs.reduce((sum, one) => sum + one.entries, 0);
  const total = theirs.reduce((sum, one) => sum + one.sum, 0);
  console.log(
    `  sums:    ${Bun.deepEquals(ours, theirs) ? 'equal' : 'NOT EQUAL'} in ${theirs.length} accounts over ${entries} entries (all sum to ${total}); the house had ${all} at the end`,
  );
}

const megabytes = (path: string): string => `${(statSync(path).size / 1e6).toFixed(0)} MB`;
