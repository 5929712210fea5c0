import type { SimVerb } from '../../views/admin/sims-model.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { isTag, TAG_CHARACTERS_MAX, TAGS_MAX } from '../orders/labels.ts';
import { startOfDay } from '../status/calendar.ts';
import { careOf, dayAfter, setCare } from './care.ts';
import { type SimState, setSim } from './correct.ts';
import { refuseTwin } from './one-number.ts';
import { findSim } from './sims.ts';

/** What of a card such a change touches. */
export type Facts = { state: SimState } | { tags: string[] } | { expiresOn: string | null } | { topUpOn: string | null };

/** What a change would do to one card. */
export type Judged = { outcome: 'waiting'; before: Facts; after: Facts; detail: string } | { outcome: 'same' | 'refused'; detail: string };

/** The tag or the day a verb needs, as it is kept. Refuses as `validation` what is none. */
export function valueFor(verb: SimVerb, typed: string): string {
  const value = typed.trim().toLowerCase();
  if (verb === 'tag' || verb === 'untag') {
    if (!isTag(value)) throw new Refusal('validation', `Type the tag: 1 to ${TAG_CHARACTERS_MAX} of the characters a-z, 0-9, - and _.`);
    return value;
  }
  if (verb === 'expires' || verb === 'top_up') {
    if (value !== '' && startOfDay(value) === null)
      throw new Refusal('validation', `Type the day as year-month-day, for example 2027-03-31, or leave it empty to take it away.`);
    return value;
  }
  return '';
}

/** What the verb would do to this card now, and why not. Changes nothing. */
export function judgeCard(tx: Tx, verb: SimVerb, value: string, iccid: string): Judged {
  const sim = findSim(tx.db, iccid);
  if (sim === null) return { outcome: 'refused', detail: 'No SIM with this ICCID was ever seen here.' };
  const care = careOf(tx.db, iccid);
  switch (verb) {
    case 'pause':
    case 'resume': {
      const state = verb === 'pause' ? 'paused' : 'active';
      if (sim.state === state) return { outcome: 'same', detail: verb === 'pause' ? 'It is paused.' : 'It is for sale.' };
      const refusal = verb === 'resume' && sim.number !== null ? refusalOf(() => refuseTwin(tx, iccid, sim.number ?? '')) : null;
      if (refusal !== null) return { outcome: 'refused', detail: refusal };
      const goOn =
        sim.openOrders === 0 || verb === 'resume'
          ? ''
          : `Its ${sim.openOrders === 1 ? 'open order goes' : `${sim.openOrders} open orders go`} on.`;
      return { outcome: 'waiting', before: { state: sim.state }, after: { state }, detail: goOn };
    }
    case 'tag':
      if (care.tags.includes(value)) return { outcome: 'same', detail: 'It has this tag.' };
      if (care.tags.length >= TAGS_MAX) return { outcome: 'refused', detail: `It has ${TAGS_MAX} tags, which is the most.` };
      return { outcome: 'waiting', before: { tags: care.tags }, after: { tags: [...care.tags, value].toSorted() }, detail: '' };
    case 'untag':
      if (!care.tags.includes(value)) return { outcome: 'same', detail: 'It does not have this tag.' };
      return { outcome: 'waiting', before: { tags: care.tags }, after: { tags: care.tags.filter((tag) => tag !== value) }, detail: '' };
    case 'expires':
      return day({ expiresOn: care.expiresOn }, { expiresOn: value || null });
    case 'top_up':
      return day({ topUpOn: care.topUpOn }, { topUpOn: value || null });
    case 'topped_up': {
      if (care.topUpDays === null && care.topUpOn === null)
        return { outcome: 'refused', detail: 'Neither a top-up day nor the days between top-ups are set on its page.' };
      return day({ topUpOn: care.topUpOn }, { topUpOn: care.topUpDays === null ? null : dayAfter(tx.nowMs, care.topUpDays) });
    }
  }
}

/** Puts facts on a card: those of a change, or, to take it back, those of before. Refuses what the card's own page would refuse. */
export function putFacts(tx: Tx, iccid: string, facts: Facts): void {
  if ('state' in facts) setSim(tx, iccid, facts);
  else setCare(tx, iccid, facts);
}

/** Whether a card still is as a change left it. */
export function isAs(tx: Tx, iccid: string, facts: Facts): boolean {
  const now = { ...careOf(tx.db, iccid), state: findSim(tx.db, iccid)?.state };
  return Object.entries(facts).every(([name, value]) => JSON.stringify(now[name as keyof typeof now]) === JSON.stringify(value));
}

/** The words of a refusal that something ends with, or null; whatever else it throws goes on. */
export function refusalOf(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.detail;
    throw thrown;
  }
}

function day(before: Facts, after: Facts): Judged {
  if (JSON.stringify(before) === JSON.stringify(after)) return { outcome: 'same', detail: 'It is so already.' };
  return { outcome: 'waiting', before, after, detail: '' };
}
