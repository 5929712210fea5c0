import type { Database } from 'bun:sqlite';
import { hashSecret } from '../accounts/secrets.ts';
import { writeAudit } from '../admin/audit.ts';
import type { Tx } from '../db/write.ts';
import { type LedgerTerms, topUp, transactionOfReference } from '../ledger/ledger.ts';
import { invariant, Refusal } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { AMOUNT_MINOR_MAX, formatMinor } from '../lib/money.ts';
import { endOfCode, newVoucherCode, parseVoucherCode } from './codes.ts';

export const VOUCHERS_PER_BATCH_MAX = 500;
export const NOTE_CHARACTERS_MAX = 200;

/** What the operator asks for. `createdBy` is null on the command line, where nobody signs in. */
export interface NewBatch {
  count: number;
  amountMinor: number;
  expiresAtMs: number | null;
  note: string;
  createdBy: string | null;
  formKey: string | null;
}

/** Makes a batch and returns its codes: they are known this once, only hashes and last characters are kept. */
export function createBatch(tx: Tx, terms: LedgerTerms, batch: NewBatch): { id: string; codes: string[] } {
  checkBatch(tx, batch);
  const id = newId('vbt', tx.nowMs, terms.random);
  const { amountMinor, note, expiresAtMs, createdBy, formKey } = batch;
  tx.db
    .query(
      `INSERT INTO voucher_batches (id, amount_minor, note, expires_at_ms, created_by, created_at_ms, form_key)
       VALUES ($id, $amountMinor, $note, $expiresAtMs, $createdBy, $now, $formKey)`,
    )
    .run({ id, amountMinor, note: note.trim(), expiresAtMs, createdBy, now: tx.nowMs, formKey });
  const codes = Array.from({ length: batch.count }, () => newVoucherCode(terms.random));
  const insert = tx.db.query('INSERT INTO vouchers (id, batch_id, code_hash, code_end) VALUES ($id, $batch, $hash, $end)');
  for (const code of codes) {
    insert.run({ id: newId('vch', tx.nowMs, terms.random), batch: id, hash: hashSecret(code), end: endOfCode(code) });
  }
  const detail = `${batch.count === 1 ? '1 voucher' : `${batch.count} vouchers`} of ${formatMinor(amountMinor, terms.currency)}`;
  writeAudit(tx, { userId: createdBy, action: 'voucher_batch_created', target: id, detail });
  return { id, codes };
}

function checkBatch(tx: Tx, { count, amountMinor, expiresAtMs, note, formKey }: NewBatch): void {
  const refuse = (field: string, message: string): never => {
    throw new Refusal('validation', message, { errors: [{ field, message }] });
  };
  if (!Number.isInteger(count) || count < 1 || count > VOUCHERS_PER_BATCH_MAX)
    refuse('count', `A batch has 1 to ${VOUCHERS_PER_BATCH_MAX} vouchers.`);
  if (!Number.isInteger(amountMinor) || amountMinor < 1 || amountMinor > AMOUNT_MINOR_MAX)
    refuse('amount', `The amount is from 1 to ${AMOUNT_MINOR_MAX} minor units.`);
  if (expiresAtMs !== null && expiresAtMs <= tx.nowMs) refuse('expires', 'The vouchers would have expired already: choose a later day.');
  if (note.length > NOTE_CHARACTERS_MAX) refuse('note', `The note has at most ${NOTE_CHARACTERS_MAX} characters.`);
  if (formKey !== null && tx.db.query('SELECT 1 FROM voucher_batches WHERE form_key = $formKey').get({ formKey }))
    throw new Refusal(
      'already_exists',
      'This form was sent before, and its vouchers were shown then. Revoke them below if the sheet is lost.',
    );
}

export interface Redeemed {
  amountMinor: number;
  /** The top-up, for its receipt. */
  transactionId: string;
}

interface VoucherRow {
  id: string;
  batchId: string;
  amountMinor: number;
  expiresAtMs: number | null;
  redeemedBy: string | null;
  revokedAtMs: number | null;
}

/**
 * Redeems a code for a customer: the voucher ends and the top-up is posted in this one transaction, its reference made from the voucher's id. Refuses
 * with `voucher_unknown`, `voucher_used`, `voucher_expired` or `voucher_revoked`. What is said tells nobody who has it, what it was worth or which
 * others there are; that a code once was good is told only to who has all of it, and then it is worth nothing.
 */
export function redeemVoucher(tx: Tx, terms: LedgerTerms, { userId, typed }: { userId: string; typed: string }): Redeemed {
  const code = parseVoucherCode(typed);
  const voucher = code === null ? null : findByCode(tx.db, code);
  if (voucher === null)
    throw new Refusal(
      'voucher_unknown',
      'No voucher has this code. Compare it with the paper: sixteen letters and digits in groups of four.',
    );
  if (voucher.redeemedBy === userId) throw new Refusal('voucher_used', 'You redeemed this voucher already: it stands in your ledger.');
  if (voucher.redeemedBy !== null) throw new Refusal('voucher_used', 'This voucher was redeemed already. Each one works once.');
  if (voucher.revokedAtMs !== null) throw new Refusal('voucher_revoked', 'The operator took this voucher back. Ask who gave it to you.');
  if (voucher.expiresAtMs !== null && tx.nowMs >= voucher.expiresAtMs)
    throw new Refusal('voucher_expired', 'This voucher is past its date and cannot be redeemed any more.');
  const { changes } = tx.db
    .query(
      'UPDATE vouchers SET redeemed_by = $userId, redeemed_at_ms = $now WHERE id = $id AND redeemed_at_ms IS NULL AND revoked_at_ms IS NULL',
    )
    .run({ id: voucher.id, userId, now: tx.nowMs });
  invariant(changes === 1, 'a voucher that was open a moment ago in this transaction is open');
  const reference = voucherReference(voucher.id);
  const outcome = topUp(tx, terms, { userId, amountMinor: voucher.amountMinor, reference });
  invariant(outcome === 'credited', 'a voucher is credited once');
  writeAudit(tx, { userId, action: 'voucher_redeemed', target: voucher.batchId, detail: voucher.id });
  const transactionId = transactionOfReference(tx.db, userId, reference);
  invariant(transactionId !== null, 'a top-up is found by its reference');
  return { amountMinor: voucher.amountMinor, transactionId };
}

/** What a top-up by a voucher carries in the ledger. */
export function voucherReference(voucherId: string): string {
  return `voucher:${voucherId}`;
}

/** The id of the voucher that a reference was made from, or null. */
export function voucherOfReference(reference: string | null): string | null {
  return /^voucher:(vch_\w+)$/.exec(reference ?? '')?.[1] ?? null;
}

function findByCode(db: Database, code: string): VoucherRow | null {
  return db
    .query<VoucherRow, { hash: string }>(
      `SELECT v.id, v.batch_id AS batchId, b.amount_minor AS amountMinor, b.expires_at_ms AS expiresAtMs, v.redeemed_by AS redeemedBy,
         v.revoked_at_ms AS revokedAtMs FROM vouchers v JOIN voucher_batches b ON b.id = v.batch_id WHERE v.code_hash = $hash`,
    )
    .get({ hash: hashSecret(code) });
}

/** Revokes what is unredeemed of a batch, or one voucher of it; returns how many ended. Refuses with `not_found`. */
export function revokeVouchers(tx: Tx, userId: string, batchId: string, voucherId: string | null = null): number {
  if (!tx.db.query('SELECT 1 FROM voucher_batches WHERE id = $batchId').get({ batchId }))
    throw new Refusal('not_found', 'There is no such batch of vouchers.');
  const { changes } = tx.db
    .query(
      `UPDATE vouchers SET revoked_at_ms = $now
       WHERE batch_id = $batchId AND redeemed_at_ms IS NULL AND revoked_at_ms IS NULL AND ($voucherId IS NULL OR id = $voucherId)`,
    )
    .run({ batchId, voucherId, now: tx.nowMs });
  const what = voucherId === null ? `${changes} vouchers` : `${voucherId}: ${changes === 1 ? 'revoked' : 'had ended before'}`;
  writeAudit(tx, { userId, action: 'vouchers_revoked', target: batchId, detail: what });
  return changes;
}
