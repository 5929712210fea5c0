import type { Database } from 'bun:sqlite';

export const COUNTRIES = ['gb', 'us', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'se', 'at'] as const;
export const SERVICES = 300;
const DAY_MS = 86_400_000;
const CHUNK = 500_000;
const CUSTOMERS = 1000;

/** The slug of the `n`-th service of the bench. */
export const serviceOf = (n: number): string => `shop-${String(n % SERVICES).padStart(3, '0')}`;

/** SIMs in ten countries, an offer of each service in each, and for `usedServices` services a code that once arrived on every SIM. */
export function seedBank(db: Database, sims: number, usedServices: number): void {
  const nowMs = Date.now();
  db.transaction(() => {
    db.run(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${sims - 1})
       INSERT INTO sims (iccid, number_set, country_set, carrier_set, virtual, slot, first_seen_at_ms, last_seen_at_ms)
       SELECT printf('894401%013d', i), printf('+4477%08d', i), ${chosen('i', COUNTRIES)}, ${chosen('i / 10', ['o2', 'three'])}, 0, 'bench' || i, ${nowMs}, ${nowMs} FROM n`,
    );
    db.run(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${SERVICES - 1})
       INSERT INTO offers (country, service, price_minor, window_minutes, updated_at_ms)
       SELECT c.value, printf('shop-%03d', i), 10 + i % 90, 1440, ${nowMs} FROM n, json_each('${JSON.stringify(COUNTRIES)}') c`,
    );
    db.run(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 100)
       INSERT INTO offer_samples (country, service, carrier, ended_at_ms, order_id, took_ms)
       SELECT country, service, '', ${nowMs} - i * 60000, 'x' || i, CASE WHEN i % 10 = 0 THEN NULL ELSE 10000 + i * 100 END FROM offers, n WHERE i <= 100`,
    );
  })();
  const uses = triggersOf(db, 'sim_uses');
  uses.drop();
  db.run(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${usedServices - 1})
     INSERT INTO sim_uses (iccid, number, service, user_id, last_at_ms)
     SELECT s.iccid, s.number, printf('shop-%03d', i), '?', ${nowMs} - (i + 1) * ${DAY_MS} FROM sims s, n WHERE ${usedServices} > 0 ORDER BY s.iccid, i`,
  );
  uses.create();
}

/** `count` ended orders of a thousand customers over the last year, on all SIMs and services. */
export function seedHistory(db: Database, count: number, sims: number): void {
  const nowMs = Date.now();
  db.run('PRAGMA synchronous = OFF');
  db.run(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${CUSTOMERS - 1})
     INSERT INTO users (id, email, role, state, created_at_ms) SELECT 'usr_bench' || i, 'bench' || i || '@example.org', 'customer', 'active', ${nowMs} FROM n`,
  );
  db.run('CREATE TEMP TABLE bench_sims AS SELECT row_number() OVER (ORDER BY iccid) - 1 AS k, iccid, number, country FROM sims');
  db.run('CREATE UNIQUE INDEX temp.bench_sims_by_k ON bench_sims (k)');
  const made = triggersOf(db, 'orders', true);
  made.drop();
  const stepMs = Math.floor((360 * DAY_MS) / count);
  for (let from = 0; from < count; from += CHUNK) {
    const until = Math.min(count, from + CHUNK);
    db.run(
      `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${until - 1}),
         o AS (SELECT i, ${nowMs - 362 * DAY_MS} + i * ${stepMs} AS at, i % 10 < 8 AS got FROM n)
       INSERT INTO orders (id, user_id, iccid, country, service, number, price_minor, currency, status, reason, created_at_ms, expires_at_ms, received_at_ms, ended_at_ms, code, last_event)
       SELECT printf('ord_0%025d', i), 'usr_bench' || (i * 7 % ${CUSTOMERS}), s.iccid, s.country, printf('shop-%03d', i / ${sims} % ${SERVICES}), s.number, 45, 'USD',
         iif(got, 'finished', 'expired'), iif(got, 'window_ended', 'no_valid_sms'), at, at + 1200000, iif(got, at + 15000, NULL), at + 1200000,
         iif(got, printf('%06d', i % 1000000), NULL), printf('evt_0%025d', i)
       FROM o JOIN bench_sims s ON s.k = i % ${sims}`,
    );
  }
  made.create();
  db.run('DROP TABLE bench_sims');
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  db.run('PRAGMA synchronous = FULL');
}

function chosen(index: string, of: readonly string[]): string {
  return `CASE ${index} % ${of.length} ${of.map((one, n) => `WHEN ${n} THEN '${one}'`).join(' ')} END`;
}

/** What a table does at each row by itself, put aside while many are written at once. */
function triggersOf(db: Database, table: string, withIndexes = false): { drop(): void; create(): void } {
  const kinds = withIndexes ? "('trigger', 'index')" : "('trigger')";
  const made = db
    .query<{ type: string; name: string; sql: string }, { table: string }>(
      `SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = $table AND type IN ${kinds} AND sql IS NOT NULL`,
    )
    .all({ table });
  return {
    drop: () => {
      for (const { type, name } of made) db.run(`DROP ${type} ${name}`);
    },
    create: () => {
      for (const { sql } of made) db.run(sql);
    },
  };
}
