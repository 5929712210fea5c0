import type { Database } from 'bun:sqlite';

/** Proves the books from the entries alone; returns what is wrong, in plain words, or an empty list. */
export function auditLedger(db: Database): string[] {
  const wrong: string[] = [];
  const uneven = db
    .query<{ id: string }, []>('SELECT transaction_id AS id FROM ledger_entries GROUP BY 1 HAVING sum(amount_minor) <> 0')
    .all();
  for (const { id } of uneven) wrong.push(`transaction ${id} does not sum to zero`);
  const drifted = db
    .query<{ id: string }, []>(
      `SELECT id FROM ledger_accounts a WHERE balance_minor <> (SELECT coalesce(sum(amount_minor), 0) FROM ledger_entries WHERE account_id = a.id)`,
    )
    .all();
  for (const { id } of drifted) wrong.push(`account ${id} differs from its entries`);
  const marks = db
    .query<{ id: string; at: string }, []>(
      `SELECT m.account_id AS id, m.transaction_id AS at FROM
         (SELECT account_id, transaction_id, sum(amount_minor) OVER (PARTITION BY account_id ORDER BY transaction_id) AS balance FROM ledger_entries) e
       JOIN ledger_marks m ON m.account_id = e.account_id AND m.transaction_id = e.transaction_id WHERE m.balance_minor <> e.balance`,
    )
    .all();
  for (const { id, at } of marks) wrong.push(`the mark of account ${id} at ${at} differs from its entries`);
  const negative = db
    .query<{ id: string }, []>(`SELECT id FROM ledger_accounts WHERE kind IN ('available', 'held') AND balance_minor < 0`)
    .all();
  for (const { id } of negative) wrong.push(`account ${id} is below zero`);
  const orders = db
    .query<{ id: string; status: string; ends: string | null }, []>(
      `SELECT o.id, o.status, (SELECT group_concat(kind) FROM ledger_transactions t WHERE t.order_id = o.id AND t.kind <> 'hold') AS ends FROM orders o`,
    )
    .all();
  const shouldBe: Record<string, string | null> = { pending: null, received: 'capture', finished: 'capture' };
  for (const { id, status, ends } of orders) {
    const expected = status in shouldBe ? (shouldBe[status] ?? null) : 'refund';
    if (ends !== expected) wrong.push(`order ${id} is ${status} but its money ended as ${ends ?? 'held'}`);
  }
  return [...wrong, ...auditRentals(db)];
}

/** Each charge of a rental is held once and ended once: captured if a message came, else refunded when it ends; what went back in part is at most its price. */
function auditRentals(db: Database): string[] {
  const charges = db
    .query<
      {
        id: string;
        number: number;
        price: number;
        expected: string | null;
        holds: number;
        ends: string | null;
        held: number;
        back: number;
      },
      []
    >(
      `SELECT c.rental_id AS id, c.number, c.price_minor AS price,
         CASE WHEN r.first_message_at_ms IS NOT NULL THEN 'capture' WHEN r.ended_at_ms IS NOT NULL THEN 'refund' END AS expected,
         (SELECT count(*) FROM ledger_transactions t WHERE ${OF_CHARGE} AND t.kind = 'hold') AS holds,
         (SELECT group_concat(t.kind) FROM ledger_transactions t WHERE ${OF_CHARGE} AND t.kind IN ('capture', 'refund')) AS ends,
         ${amountOf('hold')} AS held, ${amountOf('partial_refund')} AS back
       FROM rental_charges c JOIN rentals r ON r.id = c.rental_id`,
    )
    .all();
  const wrong = charges.flatMap(({ id, number, price, expected, holds, ends, held, back }) => [
    ...(holds === 1 && held === price ? [] : [`charge ${number} of rental ${id} costs ${price} but ${held} was held`]),
    ...(ends === expected
      ? []
      : [`the money of charge ${number} of rental ${id} ended as ${ends ?? 'held'}, not as ${expected ?? 'held'}`]),
    ...(back === 0 || (ends === 'capture' && back <= price) ? [] : [`${back} of charge ${number} of rental ${id} went back`]),
  ]);
  const sums = db
    .query<{ id: string }, []>(
      'SELECT id FROM rentals r WHERE price_minor <> (SELECT coalesce(sum(price_minor), 0) FROM rental_charges c WHERE c.rental_id = r.id)',
    )
    .all();
  return [...wrong, ...sums.map(({ id }) => `the price of rental ${id} is not the sum of its charges`)];
}

const OF_CHARGE = 't.rental_id = c.rental_id AND t.charge = c.number';

/** What a movement of that kind did to the customer's available balance, without its sign. */
function amountOf(kind: 'hold' | 'partial_refund'): string {
  return `(SELECT coalesce(sum(abs(e.amount_minor)), 0) FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
    JOIN ledger_accounts a ON a.id = e.account_id AND a.kind = 'available' WHERE ${OF_CHARGE} AND t.kind = '${kind}')`;
}
