import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { noteOperator, type Operator, receiptOf, taxWithin } from '../../src/balance/receipts.ts';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { ledgerOf, topUp } from '../../src/ledger/ledger.ts';
import { createBatch } from '../../src/vouchers/vouchers.ts';
import { adminHouse } from '../support/admin-house.ts';
import { makeHouse } from '../support/house.ts';

const NOBODY: Operator = { name: '', address: '', taxId: '', taxPercent: null };
const SHOP: Operator = { name: 'Example Ltd', address: '1 Street\nTown', taxId: 'XX 1', taxPercent: 19 };

/** They came with the schema after this one. */
const SCHEMA_BEFORE_RECEIPTS = 20;

describe('the tax within an amount', () => {
  test.each([
    [11_900, 19, 1900],
    [100, 0, 0],
    [1, 19, 0],
    [500, 7.7, 36],
    [1_000_000_000, 100, 500_000_000],
  ])('%d with %d %% is %d', (amount, percent, tax) => expect(taxWithin(amount, percent)).toBe(tax));

  test('and what is left give the amount, and stand in the ratio of the rate', () => {
    const amount = fc.integer({ min: 1, max: 1_000_000_000 });
    const percent = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100);
    fc.assert(
      fc.property(amount, percent, (minor, rate) => {
        const tax = taxWithin(minor, rate);
        expect(Number.isInteger(tax)).toBe(true);
        expect(Math.abs(tax - (minor * rate) / (100 + rate))).toBeLessThanOrEqual(0.500001);
      }),
    );
  });
});

describe('a receipt', () => {
  test('has the next number, without a gap over refusals, and keeps it', () => {
    const house = makeHouse();
    const [anna, bob] = [house.customer('anna@example.org', 0), house.customer('bob@example.org', 0)];
    const credit = (userId: string, reference: string, amountMinor = 100) => {
      house.clock.pass(1);
      house.write((tx) => topUp(tx, house.terms, { userId, amountMinor, reference }));
    };
    credit(anna, 'a');
    credit(bob, 'b');
    expect(() => credit(anna, 'a', 7)).toThrow('reference_conflict');
    credit(anna, 'c');
    const numbers = () =>
      [anna, bob].map((userId) =>
        ledgerOf(house.db, userId, { limit: 9, cursor: null }).map(({ id }) => receiptOf(house.db, userId, id, NOBODY).number),
      );
    expect(numbers()).toEqual([[3, 1], [2]]);
    expect(() => house.db.run('UPDATE receipts SET number = 9 WHERE number = 1')).toThrow('append only');
    const [bobs] = ledgerOf(house.db, bob, { limit: 1, cursor: null });
    expect(() => receiptOf(house.db, anna, bobs?.id ?? '', NOBODY)).toThrow('not_found');
  });

  test('of money that was there before receipts were is numbered by the migration, oldest first', () => {
    const db = openDatabase(':memory:');
    migrate(db, MIGRATIONS.slice(0, SCHEMA_BEFORE_RECEIPTS));
    db.run("INSERT INTO users (id, email, role, state, created_at_ms) VALUES ('usr_1', 'a@example.org', 'customer', 'active', 1)");
    db.run(
      "INSERT INTO ledger_accounts (id, kind, user_id) VALUES ('funding', 'funding', NULL), ('available:usr_1', 'available', 'usr_1')",
    );
    for (const id of ['txn_2', 'txn_1']) {
      db.transaction(() => {
        db.run(
          "INSERT INTO ledger_entries (transaction_id, account_id, amount_minor) VALUES (?, 'funding', -5), (?, 'available:usr_1', 5)",
          [id, id],
        );
        db.run("INSERT INTO ledger_transactions (id, kind, user_id, created_at_ms) VALUES (?, 'top_up', 'usr_1', 1)", [id]);
      })();
    }
    migrate(db);
    expect(['txn_1', 'txn_2'].map((id) => receiptOf(db, 'usr_1', id, NOBODY).number)).toEqual([1, 2]);
  });

  test('tells who the operator was when the money came, and who was named first when nobody was', () => {
    const house = makeHouse();
    const anna = house.customer('anna@example.org', 0);
    const note = (operator: Operator) => house.write((tx) => noteOperator(tx, operator));
    const pay = (reference: string) => house.write((tx) => topUp(tx, house.terms, { userId: anna, amountMinor: 11_900, reference }));
    const steps = [() => pay('before'), () => note(NOBODY), () => pay('nobody'), () => note(SHOP), () => note(SHOP), () => pay('shop')];
    for (const step of [...steps, () => note({ ...SHOP, taxPercent: 7 }), () => pay('later')]) {
      house.clock.pass(1000);
      step();
    }
    const told = ledgerOf(house.db, anna, { limit: 9, cursor: null }).map(({ id, reference }) => {
      const { operator, taxMinor } = receiptOf(house.db, anna, id, NOBODY);
      return [reference, operator.name, operator.taxPercent, taxMinor];
    });
    expect(told).toEqual([
      ['later', 'Example Ltd', 7, 779],
      ['shop', 'Example Ltd', 19, 1900],
      ['nobody', 'Example Ltd', 19, 1900],
      ['before', 'Example Ltd', 19, 1900],
    ]);
    expect(house.db.query<{ n: number }, []>('SELECT count(*) AS n FROM operator_details').get()?.n).toBe(3);
  });
});

describe('/dashboard/balance/receipts', () => {
  async function shown(env: Record<string, string>) {
    const s = adminHouse({ env });
    const cookie = s.signIn('customer');
    const { codes } = s.house.write((tx) =>
      createBatch(tx, s.house.terms, { count: 1, amountMinor: 11_900, expiresAtMs: null, note: '', createdBy: null, formKey: null }),
    );
    await s.post('/dashboard/balance/redeem', { code: codes[0] ?? '' }, { cookie });
    const html = await (await s.get('/dashboard/balance', { cookie })).text();
    const path = /href="(\/dashboard\/balance\/receipts\/txn_\w+)"/.exec(html)?.[1] ?? '';
    return { s, cookie, path, code: codes[0] ?? '', html: await (await s.get(path, { cookie })).text() };
  }

  test('shows number, date, amount, tax, who and how', async () => {
    const { html, code } = await shown({
      ...{ SMSPIN_OPERATOR_NAME: 'Example <Ltd>', SMSPIN_OPERATOR_ADDRESS: '1 Street\nTown', SMSPIN_OPERATOR_TAX_ID: 'XX 1' },
      SMSPIN_OPERATOR_TAX_PERCENT: '19',
    });
    for (const text of [
      'Receipt R-000001',
      '2026-11-22',
      '$119.00',
      'Tax included, 19 %',
      '$19.00',
      'Example &lt;Ltd&gt;',
      'Tax number XX 1',
      'customer@example.org',
    ])
      expect(html).toContain(text);
    expect(html).toContain(`by the voucher ending in ${code.slice(-4)}`);
    expect(html).not.toContain('has not stated');
  });

  test('says plainly what the operator did not state', async () => {
    const { html } = await shown({});
    expect(html).toContain('has not stated a name, an address, a tax number and the tax yet; ask for a full receipt');
    expect(html).toContain('Operator not named');
    expect(html).toContain('Tax: none is stated');
  });

  test('are not there for anybody else, nor for what is no top-up', async () => {
    const { s, path, cookie } = await shown({});
    expect((await s.get(path)).status).toBe(404);
    expect((await s.get('/dashboard/balance/receipts/txn_none', { cookie })).status).toBe(404);
  });
});
