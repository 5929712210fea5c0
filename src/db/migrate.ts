import type { Database } from 'bun:sqlite';
import first from './migrations/0001_first.sql' with { type: 'text' };
import cards from './migrations/0002_cards.sql' with { type: 'text' };
import modemEvents from './migrations/0003_modem_events.sql' with { type: 'text' };
import reviews from './migrations/0004_reviews.sql' with { type: 'text' };
import damaged from './migrations/0005_damaged.sql' with { type: 'text' };
import ownership from './migrations/0006_ownership.sql' with { type: 'text' };
import foldedHistory from './migrations/0007_folded_history.sql' with { type: 'text' };
import rules from './migrations/0008_rules.sql' with { type: 'text' };
import outbox from './migrations/0009_outbox.sql' with { type: 'text' };
import webhooks from './migrations/0010_webhooks.sql' with { type: 'text' };
import mail from './migrations/0011_mail.sql' with { type: 'text' };
import support from './migrations/0012_support.sql' with { type: 'text' };
import exports from './migrations/0013_exports.sql' with { type: 'text' };
import evidence from './migrations/0014_evidence.sql' with { type: 'text' };
import idempotency from './migrations/0015_idempotency.sql' with { type: 'text' };
import keys from './migrations/0016_keys.sql' with { type: 'text' };
import blocked from './migrations/0017_blocked.sql' with { type: 'text' };
import fairOutbox from './migrations/0018_fair_outbox.sql' with { type: 'text' };
import rentals from './migrations/0019_rentals.sql' with { type: 'text' };
import balance from './migrations/0020_balance.sql' with { type: 'text' };
import payments from './migrations/0021_payments.sql' with { type: 'text' };
import carriers from './migrations/0022_carriers.sql' with { type: 'text' };
import catalogue from './migrations/0023_catalogue.sql' with { type: 'text' };
import orderExtras from './migrations/0024_order_extras.sql' with { type: 'text' };
import rentalsMore from './migrations/0025_rentals_more.sql' with { type: 'text' };
import stock from './migrations/0026_stock.sql' with { type: 'text' };
import status from './migrations/0027_status.sql' with { type: 'text' };
import waiting from './migrations/0028_waiting.sql' with { type: 'text' };
import operations from './migrations/0029_operations.sql' with { type: 'text' };
import alarms from './migrations/0030_alarms.sql' with { type: 'text' };
import operatorConsole from './migrations/0031_console.sql' with { type: 'text' };
import scale from './migrations/0032_scale.sql' with { type: 'text' };
import desk from './migrations/0033_desk.sql' with { type: 'text' };
import commands from './migrations/0034_commands.sql' with { type: 'text' };

/** Every migration in order; number n brings a database from user_version n-1 to n. Released ones are never edited. */
export const MIGRATIONS: readonly string[] = [
  ...[first, cards, modemEvents, reviews, damaged, ownership, foldedHistory, rules, outbox, webhooks],
  ...[mail, support, exports, evidence, idempotency, keys, blocked, fairOutbox, rentals, balance, payments, carriers, catalogue],
  ...[orderExtras, rentalsMore, stock, status, waiting, operations, alarms, operatorConsole, scale, desk, commands],
];

/**
 * Brings the schema up to date, each step in one transaction, and returns how many steps ran. Throws when the database was written by a
 * newer release, since guessing could lose what that release added. Safe when two processes start at once: the second waits and finds it done.
 */
export function migrate(db: Database, migrations: readonly string[] = MIGRATIONS): number {
  let steps = 0;
  const step = db.transaction(() => {
    const version = schemaVersion(db);
    if (version > migrations.length) {
      throw new Error(
        `the database has schema version ${version}, this release knows ${migrations.length}: run a newer smspin, or restore a backup`,
      );
    }
    const sql = migrations[version];
    if (sql === undefined) return false;
    db.run(sql);
    db.run(`PRAGMA user_version = ${version + 1}`);
    return true;
  });
  while (step.immediate()) steps++;
  return steps;
}

/** How many of the migrations a database has had; 0: it is new, or none of ours. */
export function schemaVersion(db: Database): number {
  return db.query<{ user_version: number }, []>('PRAGMA user_version').get()?.user_version ?? 0;
}
