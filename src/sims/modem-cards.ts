import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';

/** A modem as it was found: where it is, and the IMEI it tells ('' for none). */
export interface FoundModem {
  imei: string;
  slot: string;
}

/** In `modem_cards`: a card that may have been in the modem and that nobody saw. */
const UNSEEN = '';
/** What stands for an ICCID in `sims` where it cannot be told for which card a message came; followed by the modem. */
export const UNKNOWN_CARD = 'unknown card of ';

/** What a modem is known by: its IMEI, or its slot where that tells nothing (unprogrammed modules have none, or all digits alike; or two modems tell the same). */
export function modemKey(db: Database, modem: FoundModem): string {
  return isTelling(db, modem.imei) ? modem.imei : `slot ${modem.slot}`;
}

/** Whether this IMEI tells its modem from all others. */
export function isTelling(db: Database, imei: string): boolean {
  return !/^(.?)\1*$/.test(imei) && !isClonedImei(db, imei);
}

export function isClonedImei(db: Database, imei: string): boolean {
  return db.query('SELECT 1 FROM cloned_imeis WHERE imei = $imei').get({ imei }) !== null;
}

/** Whether no other card than this can have received what lies in the modem's own storage, as far as is known already. */
export function isOnlyCard(db: Database, modem: FoundModem, iccid: string): boolean {
  const [only, ...others] = cardsIn(db, modemKey(db, modem));
  return only === iccid && others.length === 0;
}

/**
 * A card was found in a modem, before anything is read there: from now on it is one of those that may have received what lies in the modem's own
 * storage. True when it is the only one. In a modem never seen before, messages may lie for a card that was in it elsewhere: they are taken for those of
 * the card in it only where that does not matter, since the card was never seen either and can have been nobody's.
 */
export function cardFound(tx: Tx, modem: FoundModem, iccid: string): boolean {
  const key = modemKey(tx.db, modem);
  const isNew = cardsIn(tx.db, key).length === 0;
  const isNewCard = tx.db.query('SELECT 1 FROM sims WHERE iccid = $iccid').get({ iccid }) === null;
  if (isNew && !(isNewCard && isTelling(tx.db, modem.imei))) add(tx, key, UNSEEN);
  add(tx, key, iccid);
  return isOnlyCard(tx.db, modem, iccid);
}

/** The modem's own storage was read whole with this card in it, and everything found is stored: what turns up there from now on is this card's. */
export function ownStorageRead(tx: Tx, modem: FoundModem, iccid: string): void {
  tx.db.query('DELETE FROM modem_cards WHERE modem = $modem AND iccid <> $iccid').run({ modem: modemKey(tx.db, modem), iccid });
}

/**
 * The IMEI turned out to be two modems': what is known of it goes to the slot of the one that was known by it. Any of them may have noted the cards, so
 * only a card that is being read there now, and was the only one, is certain.
 */
export function cardsOfClone(tx: Tx, imei: string): void {
  const row = tx.db.query<{ slot: string }, { imei: string }>('SELECT slot FROM modems WHERE imei = $imei').get({ imei });
  if (row !== null) {
    const cards = cardsIn(tx.db, imei);
    const [only = UNSEEN] = cards;
    const isRead = tx.db.query('SELECT 1 FROM sims WHERE iccid = $only AND imei = $imei AND slot = $slot AND online = 1');
    const isCertain = cards.length === 1 && isRead.get({ only, imei, slot: row.slot }) !== null;
    for (const iccid of isCertain ? cards : [...cards, UNSEEN]) add(tx, `slot ${row.slot}`, iccid);
  }
  tx.db.query('DELETE FROM modem_cards WHERE modem = $imei').run({ imei });
}

/** Stands for the card of a message of which nobody can tell for which card it came: never sold, never shown as a SIM. Made when it is needed first. */
export function unknownCardOf(tx: Tx, modem: FoundModem): string {
  const iccid = UNKNOWN_CARD + modemKey(tx.db, modem);
  tx.db
    .query(
      `INSERT INTO sims (iccid, virtual, state, first_seen_at_ms, last_seen_at_ms) VALUES ($iccid, 0, 'paused', $now, $now)
       ON CONFLICT (iccid) DO NOTHING`,
    )
    .run({ iccid, now: tx.nowMs });
  return iccid;
}

export function isUnknownCard(iccid: string): boolean {
  return iccid.startsWith(UNKNOWN_CARD);
}

/** The cards a message may have come for: the one it is kept under, or, where that is an unknown one, all that may have been in its modem. */
export function possibleCards(db: Database, iccid: string): string[] {
  return isUnknownCard(iccid) ? cardsIn(db, iccid.slice(UNKNOWN_CARD.length)).filter((card) => card !== UNSEEN) : [iccid];
}

function cardsIn(db: Database, modem: string): string[] {
  return db
    .query<{ iccid: string }, { modem: string }>('SELECT iccid FROM modem_cards WHERE modem = $modem')
    .all({ modem })
    .map(({ iccid }) => iccid);
}

function add(tx: Tx, modem: string, iccid: string): void {
  tx.db.query('INSERT INTO modem_cards (modem, iccid) VALUES ($modem, $iccid) ON CONFLICT DO NOTHING').run({ modem, iccid });
}
