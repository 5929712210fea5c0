import type { Database } from 'bun:sqlite';
import { inBulk, numbers, timeCharacters, withoutTriggers } from './bulk.ts';
import { CUSTOMERS, HEAVY_SHARE, SERVICES, userIdOf } from './stock-seed.ts';

const DAY_MS = 86_400_000;
const CHUNK = 250_000;
const SPAN_DAYS = 4 * 365;
const PRICE = 45;
/** So many of a hundred orders got a code; of each of those three messages are kept, and two that nobody got for the others. */
const GOT = 80;
/** Only of the newest orders events are kept here: of all they would need 25 GB. */
const EVENTS_SHARE = 0.2;
const LABELLED = 20;

const TABLES = [
  ...['orders', 'order_changes', 'order_tags', 'ledger_transactions', 'ledger_entries', 'ledger_accounts', 'messages', 'sim_uses'],
  ...['events', 'receipts', 'audit', 'rentals', 'rental_charges', 'rental_changes', 'deliveries', 'delivery_attempts'],
];

/** `count` ended orders of four years on all SIMs and services, with all that belongs to them; one customer has a tenth of them. */
export function seedHistory(db: Database, count: number, sims: number, told: (what: string) => void): void {
  const nowMs = Date.now();
  const startMs = nowMs - (SPAN_DAYS + 3) * DAY_MS;
  const stepMs = (SPAN_DAYS * DAY_MS) / count;
  inBulk(db, () => {
    db.run('CREATE TEMP TABLE bench_sims AS SELECT row_number() OVER (ORDER BY iccid) - 1 AS k, iccid, number, country FROM sims');
    db.run('CREATE UNIQUE INDEX temp.bench_sims_by_k ON bench_sims (k)');
    withoutTriggers(
      db,
      TABLES,
      () => {
        for (let from = 0; from < count; from += CHUNK) {
          const until = Math.min(count, from + CHUNK);
          db.transaction(() => {
            chunkOf(db, { from, until, startMs, stepMs, sims });
            for (const sql of ROWS) db.run(sql);
            if (until > count * (1 - EVENTS_SHARE)) db.run(EVENTS);
            db.run('DROP TABLE chunk');
          })();
          db.run('PRAGMA wal_checkpoint(PASSIVE)');
          told(`${until.toLocaleString('en')} orders`);
        }
        for (const sql of AFTER) db.run(sql);
        told('uses and balances');
        others(db, Math.ceil(count / 100), nowMs);
        told('rentals, deliveries and audit');
      },
      told,
    );
    db.run('DROP TABLE bench_sims');
  });
}

function chunkOf(db: Database, of: { from: number; until: number; startMs: number; stepMs: number; sims: number }): void {
  const { from, until, startMs, stepMs, sims } = of;
  db.run(
    `CREATE TEMP TABLE chunk AS ${numbers(from, until)},
       o AS (SELECT i, CAST(${startMs} + i * ${stepMs} AS INTEGER) AS at, (i * 7919 + i / ${sims}) % 100 < ${GOT} AS got FROM n)
     SELECT o.i, at, got, at + 15000 AS got_at, at + iif(got, 60000, 1200000) AS end_at, s.iccid, s.number, s.country,
       printf('shop-%03d', o.i / ${sims} % ${SERVICES}) AS service, ${userIdOf(`iif(o.i % ${HEAVY_SHARE} = 0, 0, 1 + o.i * 7 % ${CUSTOMERS - 1})`)} AS user_id,
       ${timeCharacters('at')} AS at_id, ${timeCharacters('at + 15000')} AS got_id, ${timeCharacters('at + iif(got, 60000, 1200000)')} AS end_id,
       printf('%014d', o.i) AS k
     FROM o JOIN bench_sims s ON s.k = o.i % ${sims} ORDER BY o.i`,
  );
}

const ORDER_ID = "'ord_' || at_id || k || '00'";
const EVENT_DATA = `json_object('id', ${ORDER_ID}, 'status', status, 'reason', 'ordered', 'country', country, 'service', service, 'number', number, 'price', ${PRICE},
  'currency', 'USD', 'created_at', at, 'expires_at', at + 1200000, 'code', code, 'messages', json_array(), 'last_event', '')`;

const ROWS = [
  `INSERT INTO orders (id, user_id, iccid, country, service, number, price_minor, currency, status, reason, created_at_ms, expires_at_ms, received_at_ms, ended_at_ms,
     code, last_event, note, tags)
   SELECT ${ORDER_ID}, user_id, iccid, country, service, number, ${PRICE}, 'USD', iif(got, 'finished', 'expired'), iif(got, 'finished_by_customer', 'no_valid_sms'),
     at, at + 1200000, iif(got, got_at, NULL), end_at, iif(got, printf('%06d', i * 7919 % 1000000), NULL), 'evt_' || end_id || k || '03',
     iif(i % ${LABELLED} = 0, 'run ' || i, ''), iif(i % ${LABELLED} = 0, 'ci', '') FROM chunk ORDER BY i`,
  `INSERT INTO order_tags (user_id, tag, order_id) SELECT user_id, 'ci', ${ORDER_ID} FROM chunk WHERE i % ${LABELLED} = 0`,
  `INSERT INTO order_changes (order_id, status, reason, at_ms)
   SELECT ${ORDER_ID}, 'pending', 'ordered', at FROM chunk UNION ALL SELECT ${ORDER_ID}, 'received', 'code_received', got_at FROM chunk WHERE got
   UNION ALL SELECT ${ORDER_ID}, iif(got, 'finished', 'expired'), iif(got, 'finished_by_customer', 'no_valid_sms'), end_at FROM chunk ORDER BY 4`,
  `INSERT INTO ledger_transactions (id, kind, user_id, order_id, reference, created_at_ms)
   SELECT 'txn_' || at_id || k || '00' AS id, 'hold', user_id, ${ORDER_ID}, NULL, at FROM chunk
   UNION ALL SELECT 'txn_' || iif(got, got_id, end_id) || k || '01', iif(got, 'capture', 'refund'), user_id, ${ORDER_ID}, NULL, iif(got, got_at, end_at) FROM chunk
   UNION ALL SELECT 'txn_' || at_id || k || '02', 'top_up', user_id, NULL, 'bench:' || i, at FROM chunk WHERE (i % 200 IN (0, 1) OR i < 2000) ORDER BY id`,
  `INSERT INTO ledger_entries (transaction_id, account_id, amount_minor)
   SELECT 'txn_' || at_id || k || '00' AS id, 'available:' || user_id, -${PRICE} FROM chunk
   UNION ALL SELECT 'txn_' || at_id || k || '00', 'held:' || user_id, ${PRICE} FROM chunk
   UNION ALL SELECT 'txn_' || iif(got, got_id, end_id) || k || '01', 'held:' || user_id, -${PRICE} FROM chunk
   UNION ALL SELECT 'txn_' || iif(got, got_id, end_id) || k || '01', iif(got, 'revenue', 'available:' || user_id), ${PRICE} FROM chunk
   UNION ALL SELECT 'txn_' || at_id || k || '02', 'funding', -1000000 FROM chunk WHERE (i % 200 IN (0, 1) OR i < 2000)
   UNION ALL SELECT 'txn_' || at_id || k || '02', 'available:' || user_id, 1000000 FROM chunk WHERE (i % 200 IN (0, 1) OR i < 2000) ORDER BY id`,
  `INSERT INTO messages (id, iccid, sender, text, parts_have, parts_total, network_at_ms, arrived_at_ms, stored_at_ms, live, verdict, code, service, confidence, reason,
     rule, order_id, user_id, rule_version, judged_at_ms)
   SELECT 'msg_' || got_id || k || '0' || p.value, iccid, 'Shop', iif(p.value = 0, printf('Your Shop verification code is %06d.', i * 7919 % 1000000),
       'Welcome back, thank you for being with us: order ' || i || ' is on its way to you today.'), 1, 1, got_at - 2000, got_at, got_at + 5, 1,
     iif(p.value = 0, 'accept', 'reject'), iif(p.value = 0 AND got, printf('%06d', i * 7919 % 1000000), NULL), service, 0.97, 'names the service and has a code',
     'keyword', iif(got, ${ORDER_ID}, NULL), iif(got, user_id, NULL), '1', got_at FROM chunk JOIN json_each('[0,1,2]') p
   ORDER BY 1`,
];

const EVENTS = `INSERT INTO events (id, type, user_id, order_id, data, created_at_ms)
  WITH e AS (SELECT *, 'pending' AS status, NULL AS code FROM chunk), done AS (SELECT *, iif(got, 'finished', 'expired') AS status, '000000' AS code FROM chunk)
  SELECT 'evt_' || at_id || k || '00' AS id, 'order.created', user_id, ${ORDER_ID}, ${EVENT_DATA}, at FROM e
  UNION ALL SELECT 'evt_' || at_id || k || '01', 'balance.changed', user_id, ${ORDER_ID}, '{"currency":"USD","available":1000000,"held":45}', at FROM chunk
  UNION ALL SELECT 'evt_' || got_id || k || '02', 'order.received', user_id, ${ORDER_ID}, ${EVENT_DATA}, got_at FROM done WHERE got
  UNION ALL SELECT 'evt_' || end_id || k || '03', 'order.' || status, user_id, ${ORDER_ID}, ${EVENT_DATA}, end_at FROM done
  UNION ALL SELECT 'evt_' || end_id || k || '04', 'balance.changed', user_id, ${ORDER_ID}, '{"currency":"USD","available":1000000,"held":0}', end_at FROM chunk
  ORDER BY id`;

/** What is worked out of the rows written. */
const AFTER = [
  `INSERT INTO sim_uses (iccid, number, service, user_id, last_at_ms)
   SELECT iccid, number, service, user_id, max(received_at_ms) FROM orders WHERE received_at_ms IS NOT NULL AND user_id LIKE 'usr_0bench%'
   GROUP BY iccid, service, user_id`,
  `INSERT INTO receipts (transaction_id) SELECT id FROM ledger_transactions WHERE kind = 'top_up' AND reference LIKE 'bench:%' ORDER BY id`,
  `CREATE TEMP TABLE sums AS SELECT account_id, sum(amount_minor) AS sum, count(*) AS n FROM ledger_entries GROUP BY account_id`,
  `CREATE UNIQUE INDEX temp.sums_by_account ON sums (account_id)`,
  `UPDATE ledger_accounts SET balance_minor = coalesce((SELECT sum FROM sums WHERE account_id = id), 0), entries = (SELECT n FROM sums WHERE account_id = id)
   WHERE id IN (SELECT account_id FROM sums)`,
  `INSERT INTO ledger_marks (account_id, transaction_id, balance_minor) SELECT account_id, transaction_id, balance FROM (
     SELECT account_id, transaction_id, sum(amount_minor) OVER (PARTITION BY account_id ORDER BY transaction_id) AS balance,
       row_number() OVER (PARTITION BY account_id ORDER BY transaction_id) AS nth FROM ledger_entries WHERE account_id NOT IN ('revenue', 'funding')) WHERE nth % 200 = 0`,
  `DROP TABLE sums`,
];

/** Rentals that ended, deliveries of a webhook and notes of operators: so many of each. */
function others(db: Database, count: number, nowMs: number): void {
  const at = `${nowMs} - (${count} - i) * 10000 - 3 * ${DAY_MS}`;
  const user = userIdOf(`i % ${CUSTOMERS}`);
  const rental = `'rnt_' || ${timeCharacters(at)} || printf('%016d', i)`;
  db.run(
    `INSERT INTO rentals (id, user_id, iccid, number, country, status, reason, name, currency, price_minor, created_at_ms, starts_at_ms, ends_at_ms, ended_at_ms, last_event)
     ${numbers(0, count)} SELECT ${rental}, ${user}, s.iccid, s.number, s.country, 'ended', 'time_over', '', 'USD', 100, ${at}, ${at}, ${at} + 3600000, ${at} + 3600000, ''
     FROM n JOIN bench_sims s ON s.k = i % (SELECT count(*) FROM bench_sims)`,
  );
  db.run(
    `INSERT INTO webhooks (id, user_id, url, description, state, secret, created_at_ms)
     SELECT 'whk_0bench' || printf('%020d', 0), ${userIdOf('0')}, 'https://hooks.example.org/', '', 'paused', 'whsec_', ${nowMs}`,
  );
  db.run(
    `INSERT INTO deliveries (id, channel, user_id, target, topic, event_id, state, attempts, created_at_ms, ended_at_ms)
     ${numbers(0, count)} SELECT 'bench.' || i, 'webhook', ${userIdOf('0')}, 'whk_0bench' || printf('%020d', 0), 'order.created', NULL,
       iif(i % 10 = 0, 'failed', 'delivered'), 1, ${at}, ${at} FROM n`,
  );
  db.run(
    `INSERT INTO delivery_attempts (delivery_seq, number, started_at_ms, duration_ms, outcome, status, detail)
     SELECT seq, 1, created_at_ms, 40, iif(state = 'failed', 'failed', 'delivered'), 200, '' FROM deliveries WHERE id LIKE 'bench.%' ORDER BY seq`,
  );
  db.run(
    `INSERT INTO audit (at_ms, user_id, action, target, detail) ${numbers(0, count)} SELECT ${at}, ${user}, 'code.revealed', 'bench' || i, '' FROM n`,
  );
}
