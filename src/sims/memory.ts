import type { Database } from 'bun:sqlite';
import type { Door } from '../db/write.ts';
import { invariant } from '../lib/errors.ts';
import { formsOf } from '../lib/iccid.ts';
import { historyOf } from '../lib/pin-history.ts';
import type { CardMemory } from '../modem/memory.ts';
import { cloneNoticed, formerIccid, isClonedImei, learnedNumber, numberLearned } from './sims.ts';

type Outcome = 'accepted' | 'wrong';

/**
 * What the house remembers of cards and modems, for the modem room: read from the database at once, written through the door, so each promise
 * resolves after the fsync and rejects with a Refusal when nothing could be kept. Cards are told apart by whichever form of their ICCID is known.
 */
export function cardMemory(db: Database, door: Door): CardMemory {
  const cardOf = (iccid: string): string => knownAs(db, iccid) ?? iccid;
  return {
    knownAs: (iccid) => knownAs(db, iccid),
    formerIccid: (imei) => (isClonedImei(db, imei) ? null : formerIccid(db, imei)),
    isCloned: (imei) => isClonedImei(db, imei),
    noteCloned: (imei) => door.write((tx) => cloneNoticed(tx, imei)),
    pinHistory: (iccid, pin) => historyOf(outcomesOf(db, cardOf(iccid), pin)),
    unprovenPins: (iccid) => unprovenPins(db, cardOf(iccid)),
    pinStarted: (iccid, pin) => {
      const card = cardOf(iccid);
      return door.write((tx) => {
        tx.db
          .query('INSERT INTO sim_pin_attempts (iccid, pin_hash, started_at_ms) VALUES ($card, $hash, $now)')
          .run({ card, hash: hashOf(card, pin), now: tx.nowMs });
      });
    },
    pinEnded: (iccid, pin, outcome) => {
      const card = cardOf(iccid);
      return door.write((tx) => {
        const ended = tx.db
          .query(
            `UPDATE sim_pin_attempts SET outcome = $outcome, ended_at_ms = $now
             WHERE id = (SELECT max(id) FROM sim_pin_attempts WHERE iccid = $card AND pin_hash = $hash)`,
          )
          .run({ outcome, card, hash: hashOf(card, pin), now: tx.nowMs });
        invariant(ended.changes === 1, 'an attempt with a PIN ended that was never started');
      });
    },
    learnedNumber: (iccid) => learnedNumber(db, cardOf(iccid)),
    numberLearned: (iccid, learned) => door.write((tx) => numberLearned(tx, cardOf(iccid), learned)),
    ussdAskedAtMs: (iccid) =>
      db
        .query<{ atMs: number }, { card: string }>('SELECT asked_at_ms AS atMs FROM sim_ussd WHERE iccid = $card')
        .get({ card: cardOf(iccid) })?.atMs ?? null,
    ussdAsked: (iccid) =>
      door.write((tx) => {
        tx.db
          .query(
            `INSERT INTO sim_ussd (iccid, asked_at_ms) VALUES ($card, $now)
             ON CONFLICT (iccid) DO UPDATE SET asked_at_ms = excluded.asked_at_ms`,
          )
          .run({ card: cardOf(iccid), now: tx.nowMs });
      }),
  };
}

/** As a SIM that was identified, or as a card to which a PIN was sent; each looked up by its key. The form as given wins. */
function knownAs(db: Database, iccid: string): string | null {
  const known = db.query<{ known: number }, { form: string }>(
    'SELECT EXISTS (SELECT 1 FROM sims WHERE iccid = $form) OR EXISTS (SELECT 1 FROM sim_pin_attempts WHERE iccid = $form) AS known',
  );
  return formsOf(iccid).find((form) => known.get({ form })?.known === 1) ?? null;
}

function outcomesOf(db: Database, card: string, pin: string): (Outcome | null)[] {
  return db
    .query<{ outcome: Outcome | null }, { card: string; hash: string }>(
      'SELECT outcome FROM sim_pin_attempts WHERE iccid = $card AND pin_hash = $hash ORDER BY id',
    )
    .all({ card, hash: hashOf(card, pin) })
    .map(({ outcome }) => outcome);
}

function unprovenPins(db: Database, card: string): number {
  return (
    db
      .query<{ count: number }, { card: string }>(
        `SELECT count(*) AS count FROM sim_pin_attempts WHERE iccid = $card
         AND id > coalesce((SELECT max(id) FROM sim_pin_attempts WHERE iccid = $card AND outcome = 'accepted'), 0)`,
      )
      .get({ card })?.count ?? 0
  );
}

/** Hides nothing from somebody who has the database, since there are but ten thousand PINs of four digits: it keeps them out of plain sight. */
function hashOf(card: string, pin: string): string {
  return new Bun.CryptoHasher('sha256').update(`${card} ${pin}`).digest('hex');
}
