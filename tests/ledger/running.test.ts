import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { auditLedger, balanceOf, capture, hold, LEDGER_KINDS, refund, topUp } from '../../src/ledger/ledger.ts';
import { ledgerWithBalances } from '../../src/ledger/running.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { createBatch, redeemVoucher } from '../../src/vouchers/vouchers.ts';
import { makeHouse } from '../support/house.ts';

type Step = { do: 'top_up' | 'hold' | 'capture' | 'refund' | 'voucher' | 'again'; amountMinor: number };
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('top_up', 'hold', 'capture', 'refund', 'voucher', 'again'),
  amountMinor: fc.integer({ min: 1, max: 5000 }),
});

/** A house in which money moves as the steps say; what is refused moves none. Returns the balances after each movement, oldest first. */
function play(steps: readonly Step[]) {
  const house = makeHouse();
  const anna = house.customer('anna@example.org', 0);
  const bob = house.customer('bob@example.org', 700);
  const { codes } = house.write((tx) =>
    createBatch(tx, house.terms, { count: 20, amountMinor: 300, expiresAtMs: null, note: '', createdBy: null, formKey: null }),
  );
  const held: { id: string; userId: string; priceMinor: number }[] = [];
  const after: { available: number; held: number; kind: string }[] = [];
  let used = 0;
  let kind = '';
  house.db.run('PRAGMA foreign_keys = OFF');
  for (const [at, { do: verb, amountMinor }] of steps.entries()) {
    house.clock.pass(1);
    const before = balanceOf(house.db, anna, 'USD');
    try {
      house.write((tx) => {
        const first = held[0];
        kind = verb === 'voucher' || verb === 'again' ? 'top_up' : verb;
        if (verb === 'top_up') topUp(tx, house.terms, { userId: anna, amountMinor, reference: `r${at}` });
        if (verb === 'hold') {
          hold(tx, house.terms, { id: `ord_${at}`, userId: anna, priceMinor: amountMinor });
          held.push({ id: `ord_${at}`, userId: anna, priceMinor: amountMinor });
        }
        if (verb === 'voucher') {
          redeemVoucher(tx, house.terms, { userId: anna, typed: codes[used] ?? '' });
          used++;
        }
        if (verb === 'again') redeemVoucher(tx, house.terms, { userId: anna, typed: codes[used - 1] ?? '' });
        if ((verb === 'capture' || verb === 'refund') && first) {
          (verb === 'capture' ? capture : refund)(tx, house.terms, first);
          held.shift();
        }
      });
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
    }
    const now = balanceOf(house.db, anna, 'USD');
    if (now.availableMinor !== before.availableMinor || now.heldMinor !== before.heldMinor)
      after.push({ available: now.availableMinor, held: now.heldMinor, kind });
  }
  // The orders of this test are names alone; what the audit says of orders is not asked.
  return { house, anna, bob, after };
}

test('the balance after each movement is what the balance was then, page by page and through every filter', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), ([...steps], size) => {
      const { house, anna, bob, after } = play(steps);
      for (const kind of [null, ...LEDGER_KINDS]) {
        const wanted = after.filter((one) => kind === null || one.kind === kind).toReversed();
        const listed: { available: number; held: number; kind: string }[] = [];
        for (let cursor: string | null = null; ; ) {
          const page = ledgerWithBalances(house.db, anna, { limit: size, cursor, kind });
          listed.push(...page.map((line) => ({ available: line.availableAfterMinor, held: line.heldAfterMinor, kind: line.kind })));
          cursor = page.at(-1)?.id ?? null;
          if (page.length < size) break;
        }
        expect(listed).toEqual(wanted);
      }
      expect(auditLedger(house.db)).toEqual([]);
      expect(balanceOf(house.db, bob, 'USD').availableMinor).toBe(700);
    }),
    { numRuns: 40 },
  );
});

test('a period takes its first moment in and leaves its last out', () => {
  const house = makeHouse();
  const anna = house.customer('anna@example.org', 0);
  const at = [0, 1, 2].map((n) => {
    if (n > 0) house.clock.pass(1000);
    house.write((tx) => topUp(tx, house.terms, { userId: anna, amountMinor: 1, reference: `r${n}` }));
    return house.clock.nowMs();
  });
  const [first = 0, second = 0, third = 0] = at;
  const listed = (fromMs: number | null, toMs: number | null, cursor: string | null = null) =>
    ledgerWithBalances(house.db, anna, { limit: 9, cursor, fromMs, toMs }).map(({ reference }) => reference);
  expect(listed(first, third)).toEqual(['r1', 'r0']);
  expect(listed(second, null)).toEqual(['r2', 'r1']);
  expect(listed(null, second)).toEqual(['r0']);
  const [newest] = ledgerWithBalances(house.db, anna, { limit: 1, cursor: null });
  expect(listed(second, null, newest?.id ?? '')).toEqual(['r1']);
});

test('the balance after a movement is read from the index alone, and the list of a kind from its own', () => {
  const { db } = makeHouse();
  const plan = (sql: string) =>
    db
      .query<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => detail)
      .join(' | ');
  expect(
    plan("SELECT sum(amount_minor) FROM ledger_entries WHERE account_id = 'a' AND transaction_id > 'b' AND transaction_id <= 'c'"),
  ).toContain('USING COVERING INDEX ledger_entries_by_account (account_id=? AND transaction_id>? AND transaction_id<?)');
  expect(
    plan("SELECT id FROM ledger_transactions WHERE user_id = 'a' AND kind = 'top_up' AND id < 'c' ORDER BY id DESC LIMIT 5"),
  ).toContain('ledger_by_user_kind (user_id=? AND kind=? AND id<?)');
});

test('movements of one kind are never found by walking those of all kinds', () => {
  const house = makeHouse();
  const anna = house.customer('anna@example.org', 100);
  house.db.run('DROP INDEX ledger_by_user_kind');
  expect(() => ledgerWithBalances(house.db, anna, { limit: 1, cursor: null, kind: 'capture' })).toThrow('no such index');
  expect(ledgerWithBalances(house.db, anna, { limit: 5, cursor: null })).toHaveLength(1);
});
