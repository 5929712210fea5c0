import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/db/open.ts';
import { openDoor, writeNow } from '../../src/db/write.ts';
import { auditLedger, balanceOf, ledgerOf } from '../../src/ledger/ledger.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { silentLog } from '../../src/lib/log.ts';
import { listBatches, vouchersOf } from '../../src/vouchers/batches.ts';
import { newVoucherCode, printedCode } from '../../src/vouchers/codes.ts';
import { createBatch, type NewBatch, redeemVoucher, revokeVouchers } from '../../src/vouchers/vouchers.ts';
import { type House, makeHouse, seededRandom } from '../support/house.ts';

const DAY_MS = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'smspin-vouchers-'));
afterAll(() => rmSync(folder, { recursive: true }));

function make(house: House, batch: Partial<NewBatch> = {}) {
  const all = { count: 3, amountMinor: 500, expiresAtMs: null, note: '', createdBy: null, formKey: null, ...batch };
  return house.write((tx) => createBatch(tx, house.terms, all));
}
const redeem = (house: House, userId: string, typed: string) => house.write((tx) => redeemVoucher(tx, house.terms, { userId, typed }));

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof Refusal) return `${thrown.type}: ${thrown.detail}`;
    throw thrown;
  }
  return 'accepted';
}

describe('a voucher', () => {
  test('credits its customer once, by a top-up that names it', () => {
    const house = makeHouse();
    const anna = house.customer('anna@example.org', 0);
    const { codes } = make(house);
    const { amountMinor, transactionId } = redeem(house, anna, printedCode(codes[1] ?? '').toLowerCase());
    expect(amountMinor).toBe(500);
    const [line] = ledgerOf(house.db, anna, { limit: 10, cursor: null });
    expect(line).toMatchObject({ id: transactionId, kind: 'top_up', availableMinor: 500 });
    expect(line?.reference).toMatch(/^voucher:vch_/);
    expect(refusal(() => redeem(house, anna, codes[1] ?? ''))).toStartWith('voucher_used: You redeemed this voucher already');
    expect(balanceOf(house.db, anna, 'USD').availableMinor).toBe(500);
    expect(auditLedger(house.db)).toEqual([]);
  });

  test('that is used, expired, revoked or unknown is refused by name, and nothing is credited', () => {
    const house = makeHouse();
    const [anna, eve] = [house.customer('anna@example.org', 0), house.customer('eve@example.org', 0)];
    const { id, codes } = make(house, { expiresAtMs: house.clock.nowMs() + DAY_MS, note: 'market' });
    const [first = '', second = '', third = ''] = codes;
    redeem(house, anna, first);
    const voucher = vouchersOf(house.db, house.clock.nowMs(), id).find(({ codeEnd }) => second.endsWith(codeEnd));
    house.write((tx) => revokeVouchers(tx, anna, id, voucher?.id ?? ''));
    const said = [refusal(() => redeem(house, eve, first)), refusal(() => redeem(house, eve, second))];
    house.clock.pass(DAY_MS - 1);
    house.clock.pass(1);
    said.push(refusal(() => redeem(house, eve, third)));
    expect(said.map((one) => one.split(':')[0])).toEqual(['voucher_used', 'voucher_revoked', 'voucher_expired']);
    // Neither who, nor how much, nor which batch.
    for (const one of said) expect(one).not.toMatch(/anna|500|5\.00|market|vbt_|vch_/);
    expect(balanceOf(house.db, eve, 'USD').availableMinor).toBe(0);
  });

  test('whose check digit is right and one whose is wrong are told apart from none by nothing', () => {
    const house = makeHouse();
    const eve = house.customer('eve@example.org', 0);
    const { codes } = make(house);
    const guesses = [newVoucherCode(seededRandom(99)), `${(codes[0] ?? '').slice(0, 15)}~`, 'x', ''];
    expect(new Set(guesses.map((guess) => refusal(() => redeem(house, eve, guess)))).size).toBe(1);
  });

  test('is good until the very end of its last day', () => {
    const house = makeHouse();
    const anna = house.customer('anna@example.org', 0);
    const { codes } = make(house, { expiresAtMs: house.clock.nowMs() + DAY_MS });
    house.clock.pass(DAY_MS - 1);
    expect(redeem(house, anna, codes[0] ?? '').amountMinor).toBe(500);
  });

  test('asked for by two at once goes to one of them', async () => {
    const house = makeHouse();
    const door = openDoor(house.db, house.clock.nowMs, silentLog);
    const [anna, bob] = [house.customer('anna@example.org', 0), house.customer('bob@example.org', 0)];
    const { codes } = make(house);
    const tries = [anna, bob, anna, bob].map((userId) =>
      door.write((tx) => redeemVoucher(tx, house.terms, { userId, typed: codes[0] ?? '' })),
    );
    const ended = await Promise.allSettled(tries);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(balanceOf(house.db, anna, 'USD').availableMinor + balanceOf(house.db, bob, 'USD').availableMinor).toBe(500);
    expect(auditLedger(house.db)).toEqual([]);
  });

  test('asked for through two connections goes to one of them', () => {
    const path = join(folder, 'two.db');
    const house = makeHouse({}, path);
    const other = openDatabase(path);
    const [anna, bob] = [house.customer('anna@example.org', 0), house.customer('bob@example.org', 0)];
    const { codes } = make(house);
    redeem(house, anna, codes[0] ?? '');
    const second = () =>
      writeNow(other, house.clock.nowMs(), (tx) => redeemVoucher(tx, house.terms, { userId: bob, typed: codes[0] ?? '' }));
    expect(refusal(second)).toStartWith('voucher_used');
    other.close();
  });

  test('stays ended in the schema itself, and is kept', () => {
    const house = makeHouse();
    const anna = house.customer('anna@example.org', 0);
    const { codes } = make(house);
    redeem(house, anna, codes[0] ?? '');
    expect(() => house.db.run('UPDATE vouchers SET redeemed_by = NULL, redeemed_at_ms = NULL WHERE redeemed_by IS NOT NULL')).toThrow(
      'ended already',
    );
    expect(() => house.db.run('DELETE FROM vouchers')).toThrow('kept for ever');
  });
});

describe('a batch', () => {
  test('keeps nothing by which a voucher could be redeemed', () => {
    const house = makeHouse();
    const { codes } = make(house, { count: 20 });
    expect(new Set(codes).size).toBe(20);
    const kept = JSON.stringify(
      ['voucher_batches', 'vouchers', 'audit', 'events'].map((table) => house.db.query(`SELECT * FROM ${table}`).all()),
    );
    for (const code of codes) {
      expect(kept).not.toContain(code);
      expect(kept).not.toContain(code.slice(0, 8));
    }
  });

  test('counts what became of its vouchers, and revokes only what is unredeemed', () => {
    const house = makeHouse();
    const anna = house.customer('anna@example.org', 0);
    const { id, codes } = make(house, { count: 5, expiresAtMs: house.clock.nowMs() + DAY_MS });
    redeem(house, anna, codes[0] ?? '');
    const counts = () => listBatches(house.db, house.clock.nowMs(), { limit: 9, cursor: null })[0]?.counts;
    expect(counts()).toEqual({ open: 4, redeemed: 1, expired: 0, revoked: 0 });
    const one = vouchersOf(house.db, house.clock.nowMs(), id).find(({ state }) => state === 'open');
    expect(house.write((tx) => revokeVouchers(tx, anna, id, one?.id ?? ''))).toBe(1);
    house.clock.pass(DAY_MS);
    expect(counts()).toEqual({ open: 0, redeemed: 1, expired: 3, revoked: 1 });
    expect(house.write((tx) => revokeVouchers(tx, anna, id))).toBe(3);
    expect(house.write((tx) => revokeVouchers(tx, anna, id))).toBe(0);
    expect(counts()).toEqual({ open: 0, redeemed: 1, expired: 0, revoked: 4 });
    expect(refusal(() => house.write((tx) => revokeVouchers(tx, anna, 'vbt_none')))).toStartWith('not_found');
  });

  test('of a form that was sent twice is one', () => {
    const house = makeHouse();
    make(house, { formKey: 'form-1' });
    expect(refusal(() => make(house, { formKey: 'form-1' }))).toStartWith('already_exists');
    expect(listBatches(house.db, 0, { limit: 9, cursor: null })).toHaveLength(1);
  });

  test.each([
    [{ count: 0 }, 'count'],
    [{ count: 501 }, 'count'],
    [{ count: 1.5 }, 'count'],
    [{ amountMinor: 0 }, 'amount'],
    [{ amountMinor: 1_000_000_001 }, 'amount'],
    [{ expiresAtMs: 1 }, 'expires'],
    [{ note: 'x'.repeat(201) }, 'note'],
  ])('with %j is refused, and says where', (batch, field) => {
    const house = makeHouse();
    try {
      make(house, batch);
      throw new Error('accepted');
    } catch (thrown) {
      expect(thrown).toMatchObject({ type: 'validation', extra: { errors: [{ field }] } });
    }
  });
});
