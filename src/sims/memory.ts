import type { Database } from 'bun:sqlite';
import type { Door } from '../db/write.ts';
import { formsOf } from '../lib/iccid.ts';
import type { CardMemory } from '../modem/memory.ts';
import { cardFound, isClonedImei, isOnlyCard, ownStorageRead } from './modem-cards.ts';
import { pinEnded, pinHistory, pinStarted, triesStated, unprovenPins } from './pin-attempts.ts';
import { cloneNoticed, learnedNumber, numberLearned } from './sims.ts';

/**
 * What the house remembers of cards and modems, for the modem room: read from the database at once, written through the door, so each promise
 * resolves after the fsync and rejects with a Refusal when nothing could be kept. Cards are told apart by whichever form of their ICCID is known.
 */
export function cardMemory(db: Database, door: Door): CardMemory {
  const cardOf = (iccid: string): string => knownAs(db, iccid) ?? iccid;
  return {
    knownAs: (iccid) => knownAs(db, iccid),
    cardFound: async (modem, iccid) => isOnlyCard(db, modem, iccid) || (await door.write((tx) => cardFound(tx, modem, iccid))),
    ownStorageRead: (modem, iccid) => door.write((tx) => ownStorageRead(tx, modem, iccid)),
    isCloned: (imei) => isClonedImei(db, imei),
    noteCloned: (imei) => door.write((tx) => cloneNoticed(tx, imei)),
    pinHistory: (iccid, pin) => pinHistory(db, cardOf(iccid), pin),
    unprovenPins: (iccid) => unprovenPins(db, cardOf(iccid)),
    pinStarted: (iccid, pin) => door.write((tx) => pinStarted(tx, cardOf(iccid), pin)),
    pinEnded: (iccid, pin, outcome) => door.write((tx) => pinEnded(tx, cardOf(iccid), pin, outcome)),
    triesStated: (iccid, atLeast) => door.write((tx) => triesStated(tx, cardOf(iccid), atLeast)),
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
