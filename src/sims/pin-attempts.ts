import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { invariant } from '../lib/errors.ts';
import { historyOf, type PinHistory, TRIES_OF_A_CARD } from '../lib/pin-history.ts';

type Outcome = 'accepted' | 'wrong';

/** Written before the PIN is sent. */
export function pinStarted(tx: Tx, card: string, pin: string): void {
  tx.db
    .query('INSERT INTO sim_pin_attempts (iccid, pin_hash, started_at_ms) VALUES ($card, $hash, $now)')
    .run({ card, hash: hashOf(card, pin), now: tx.nowMs });
}

/** How the last attempt with this PIN ended. */
export function pinEnded(tx: Tx, card: string, pin: string, outcome: Outcome): void {
  const ended = tx.db
    .query(
      `UPDATE sim_pin_attempts SET outcome = $outcome, ended_at_ms = $now
       WHERE id = (SELECT max(id) FROM sim_pin_attempts WHERE iccid = $card AND pin_hash = $hash)`,
    )
    .run({ outcome, card, hash: hashOf(card, pin), now: tx.nowMs });
  invariant(ended.changes === 1, 'an attempt with a PIN ended that was never started');
}

export function pinHistory(db: Database, card: string, pin: string): PinHistory {
  const rows = db
    .query<{ outcome: Outcome | null }, { card: string; hash: string }>(
      'SELECT outcome FROM sim_pin_attempts WHERE iccid = $card AND pin_hash = $hash ORDER BY id',
    )
    .all({ card, hash: hashOf(card, pin) });
  return historyOf(rows.map(({ outcome }) => outcome));
}

/**
 * How many of the card's tries may be gone: every PIN sent since one was right, or since the tries were learned otherwise (it was seen open, or a person
 * looked them up), whichever came last, and what was gone then.
 */
export function unprovenPins(db: Database, card: string): number {
  const accepted = lastAttempt(db, card, 'accepted');
  const known = db
    .query<{ after: number; spent: number }, { card: string }>(
      'SELECT after_attempt AS after, spent FROM sim_pin_tries WHERE iccid = $card ORDER BY id DESC LIMIT 1',
    )
    .get({ card });
  const since = known !== null && known.after >= accepted ? known : { after: accepted, spent: 0 };
  const sent = db
    .query<{ count: number }, { card: string; after: number }>(
      'SELECT count(*) AS count FROM sim_pin_attempts WHERE iccid = $card AND id > $after',
    )
    .get({ card, after: since.after });
  return since.spent + (sent?.count ?? 0);
}

/** The card was read: whoever typed it, its right PIN was given after all attempts of ours (or it asks for none), and that gives all tries back. */
export function cardOpen(tx: Tx, card: string): void {
  if (unprovenPins(tx.db, card) > 0) note(tx, card, 0, 'open');
}

/** A person looked up in a phone that so many tries are left at least. */
export function triesStated(tx: Tx, card: string, atLeast: number): void {
  note(tx, card, TRIES_OF_A_CARD - Math.min(atLeast, TRIES_OF_A_CARD), 'stated');
}

function note(tx: Tx, card: string, spent: number, how: 'open' | 'stated'): void {
  tx.db
    .query('INSERT INTO sim_pin_tries (iccid, after_attempt, spent, how, at_ms) VALUES ($card, $after, $spent, $how, $now)')
    .run({ card, after: lastAttempt(tx.db, card, null), spent, how, now: tx.nowMs });
}

/** The id of the card's last attempt, or of the last with this outcome; 0 for none. */
function lastAttempt(db: Database, card: string, outcome: Outcome | null): number {
  return (
    db
      .query<{ id: number | null }, { card: string; outcome: Outcome | null }>(
        'SELECT max(id) AS id FROM sim_pin_attempts WHERE iccid = $card AND ($outcome IS NULL OR outcome = $outcome)',
      )
      .get({ card, outcome })?.id ?? 0
  );
}

/** Hides nothing from somebody who has the database, since there are but ten thousand PINs of four digits: it keeps them out of plain sight. */
function hashOf(card: string, pin: string): string {
  return new Bun.CryptoHasher('sha256').update(`${card} ${pin}`).digest('hex');
}
