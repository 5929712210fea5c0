import { expect, test } from 'bun:test';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';

test('an answer kept for an Idempotency-Key before there were reviews is given again with the member that an order has now', () => {
  const db = openDatabase(':memory:');
  migrate(db, MIGRATIONS.slice(0, 3));
  db.run(`INSERT INTO users (id, email, role, state, created_at_ms) VALUES ('u', 'a@example.org', 'customer', 'active', 1)`);
  db.run(`INSERT INTO sims (iccid, virtual, first_seen_at_ms, last_seen_at_ms) VALUES ('89', 0, 1, 1)`);
  db.run(
    `INSERT INTO orders (id, user_id, iccid, country, service, number, price_minor, currency, status, reason, created_at_ms, expires_at_ms, last_event)
     VALUES ('o', 'u', '89', 'gb', 'telegram', '+44', 1, 'USD', 'pending', 'ordered', 1, 2, 'e')`,
  );
  db.run(`INSERT INTO idempotency_keys VALUES ('u', 'k', 'h', 'o', '{"id":"o","messages":[]}', 1)`);
  migrate(db);
  const { answer = '' } = db.query<{ answer: string }, []>('SELECT answer FROM idempotent_answers').get() ?? {};
  expect(JSON.parse(answer)).toEqual({ id: 'o', messages: [], unsure: null });
});
