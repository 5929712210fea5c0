import { expect, test } from 'bun:test';
import { auditLedger, balanceOf, ledgerOf, topUp } from '../../src/ledger/ledger.ts';
import { makeHouse } from '../support/house.ts';

test('a top-up moves money from the funding account to the customer', () => {
  const house = makeHouse();
  const anna = house.customer('anna@example.org', 2500);
  expect(balanceOf(house.db, anna, 'USD')).toEqual({ currency: 'USD', availableMinor: 2500, heldMinor: 0 });
  expect(auditLedger(house.db)).toEqual([]);
});

test('the same reference credits once, and another amount under it is refused', () => {
  const house = makeHouse();
  const anna = house.customer('anna@example.org', 0);
  const bob = house.customer('bob@example.org', 0);
  const credit = (userId: string, amountMinor: number) =>
    house.write((tx) => topUp(tx, house.terms, { userId, amountMinor, reference: 'T-1' }));
  expect(credit(anna, 500)).toBe('credited');
  expect(credit(anna, 500)).toBe('already_credited');
  expect(() => credit(anna, 600)).toThrow('reference_conflict');
  expect(credit(bob, 500)).toBe('credited');
  expect(balanceOf(house.db, anna, 'USD').availableMinor).toBe(500);
  expect(ledgerOf(house.db, anna, { limit: 10, cursor: null })).toHaveLength(1);
});

test('the schema itself refuses entries that do not sum to zero, changes of what is written, and a balance below zero', () => {
  const house = makeHouse();
  const anna = house.customer('anna@example.org', 100);
  const { db } = house;
  const insert = (id: string, account: string, amount: number) =>
    db.run('INSERT INTO ledger_entries (transaction_id, account_id, amount_minor) VALUES (?, ?, ?)', [id, account, amount]);
  const seal = (id: string) =>
    db.run("INSERT INTO ledger_transactions (id, kind, user_id, created_at_ms) VALUES (?, 'top_up', ?, 1)", [id, anna]);
  const attempt = (work: () => void) => () => db.transaction(work)();
  expect(
    attempt(() => {
      insert('x1', 'funding', -5);
      insert('x1', `available:${anna}`, 6);
      seal('x1');
    }),
  ).toThrow('do not sum to zero');
  expect(
    attempt(() => {
      insert('x2', 'funding', -5);
      seal('x2');
    }),
  ).toThrow('do not sum to zero');
  expect(
    attempt(() => {
      insert('x3', 'funding', 101);
      insert('x3', `available:${anna}`, -101);
      seal('x3');
    }),
  ).toThrow('CHECK constraint');
  expect(
    attempt(() => {
      insert('orphan', 'funding', -5);
      insert('orphan', `available:${anna}`, 5);
    }),
  ).toThrow('FOREIGN KEY');
  const [sealed] = ledgerOf(db, anna, { limit: 1, cursor: null });
  expect(attempt(() => insert(sealed?.id ?? '', 'funding', 1))).toThrow('sealed');
  for (const statement of [
    'UPDATE ledger_entries SET amount_minor = 1',
    'DELETE FROM ledger_entries',
    'DELETE FROM ledger_transactions',
    'UPDATE ledger_transactions SET created_at_ms = 2',
  ]) {
    expect(() => db.run(statement)).toThrow('append only');
  }
  expect(auditLedger(db)).toEqual([]);
});

test('the audit sees a balance that differs from its entries', () => {
  const house = makeHouse();
  const anna = house.customer('anna@example.org', 100);
  house.db.run('UPDATE ledger_accounts SET balance_minor = 200 WHERE id = ?', [`available:${anna}`]);
  expect(auditLedger(house.db)).toEqual([`account available:${anna} differs from its entries`]);
});
