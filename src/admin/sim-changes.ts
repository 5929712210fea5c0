import type { Database } from 'bun:sqlite';
import type { ItemOutcome, SimChangeLine, SimChangeView, SimVerb } from '../../views/admin/sims-model.ts';
import type { Door, Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { type Facts, isAs, judgeCard, putFacts, refusalOf, valueFor } from '../sims/many.ts';
import { writeAudit } from './audit.ts';

/** More are refused: a change of more is two. */
export const CARDS_MAX = 10_000;
/** So many cards of a change share a transaction, so that an SMS never waits long. */
const AT_ONCE = 50;
const SHOWN_OF_EACH = 50;
const LINES = 10;
/** Plans nobody confirmed are forgotten after this. */
const PLAN_KEPT_MS = 86_400_000;

interface Change {
  id: string;
  verb: SimVerb;
  value: string;
  state: SimChangeLine['state'];
}

/** Plans a change of many cards and judges each of them; nothing is changed yet. Refuses no cards, too many, and a value that is none. */
export async function planChange(
  door: Pick<Door, 'write'>,
  random: RandomBytes,
  asked: { userId: string; verb: SimVerb; value: string; iccids: readonly string[] },
): Promise<string> {
  const { userId, verb } = asked;
  const value = valueFor(verb, asked.value);
  const iccids = [...new Set(asked.iccids)];
  if (iccids.length === 0) throw new Refusal('validation', 'Tick the SIMs to change, or choose all that the filter shows.');
  if (iccids.length > CARDS_MAX) throw new Refusal('validation', `At most ${CARDS_MAX} SIMs are changed at once: filter for fewer.`);
  const id = await door.write((tx) => {
    forgetPlans(tx);
    const made = newId('sch', tx.nowMs, random);
    tx.db
      .query(
        "INSERT INTO sim_changes (id, verb, value, state, user_id, created_at_ms) VALUES ($id, $verb, $value, 'planned', $userId, $now)",
      )
      .run({ id: made, verb, value, userId, now: tx.nowMs });
    return made;
  });
  for (const slice of slicesOf(iccids)) await door.write((tx) => writePlan(tx, { id, verb, value }, slice));
  return id;
}

function writePlan(tx: Tx, { id, verb, value }: Pick<Change, 'id' | 'verb' | 'value'>, iccids: readonly string[]): void {
  const insert = tx.db.query(
    'INSERT INTO sim_change_items (change_id, iccid, outcome, before, after, detail) VALUES ($id, $iccid, $outcome, $before, $after, $detail)',
  );
  for (const iccid of iccids) {
    const judged = judgeCard(tx, verb, value, iccid);
    const [before, after] = judged.outcome === 'waiting' ? [JSON.stringify(judged.before), JSON.stringify(judged.after)] : [null, null];
    // A card that is none has no row to refer to.
    if (tx.db.query('SELECT 1 FROM sims WHERE iccid = $iccid').get({ iccid }) === null) continue;
    insert.run({ id, iccid, outcome: judged.outcome, before, after, detail: judged.detail });
  }
}

/** Makes the change, card by card, each judged anew; going on with one that was interrupted does what is left. Refuses one that was done or taken back. */
export async function makeChange(door: Pick<Door, 'write'>, userId: string, id: string): Promise<void> {
  const change = await door.write((tx) => begin(tx, id, ['planned', 'running'], 'running'));
  await through(door, id, 'waiting', (tx, { iccid }) => {
    const judged = judgeCard(tx, change.verb, change.value, iccid);
    if (judged.outcome !== 'waiting') return judged;
    const refusal = refusalOf(() => putFacts(tx, iccid, judged.after));
    if (refusal !== null) return { outcome: 'refused', detail: refusal };
    writeAudit(tx, { userId, action: `sim.${change.verb}`, target: iccid, detail: `${factsInWords(judged.after)} (with others: ${id})` });
    return { ...judged, outcome: 'changed' };
  });
  await door.write((tx) => end(tx, userId, id, 'done'));
}

/** Takes a change back on every card that still is as it left it; on others it says why not. Refuses one that was not made. */
export async function undoChange(door: Pick<Door, 'write'>, userId: string, id: string): Promise<void> {
  const change = await door.write((tx) => begin(tx, id, ['done', 'undoing'], 'undoing'));
  await through(door, id, 'changed', (tx, { iccid, before, after }) => {
    const detail = isAs(tx, iccid, after) ? refusalOf(() => putFacts(tx, iccid, before)) : 'It was changed again since.';
    if (detail !== null) return { outcome: 'kept', detail };
    writeAudit(tx, {
      userId,
      action: `sim.${change.verb}.undo`,
      target: iccid,
      detail: `${factsInWords(before)} again (with others: ${id})`,
    });
    return { outcome: 'undone', detail: '' };
  });
  await door.write((tx) => end(tx, userId, id, 'undone'));
}

interface Item {
  iccid: string;
  before: Facts;
  after: Facts;
}

/** Does something with each card of one outcome, a few in each transaction, until none is left. */
async function through(
  door: Pick<Door, 'write'>,
  id: string,
  from: ItemOutcome,
  work: (tx: Tx, item: Item) => { outcome: ItemOutcome; detail: string; before?: Facts; after?: Facts },
): Promise<void> {
  for (let left = AT_ONCE; left === AT_ONCE; ) {
    left = await door.write((tx) => {
      const rows = tx.db
        .query<{ iccid: string; before: string; after: string }, { id: string; from: string; limit: number }>(
          'SELECT iccid, before, after FROM sim_change_items WHERE change_id = $id AND outcome = $from ORDER BY iccid LIMIT $limit',
        )
        .all({ id, from, limit: AT_ONCE });
      const keep = tx.db.query(
        `UPDATE sim_change_items SET outcome = $outcome, detail = $detail, before = coalesce($before, before), after = coalesce($after, after)
         WHERE change_id = $id AND iccid = $iccid`,
      );
      for (const row of rows) {
        const done = work(tx, { iccid: row.iccid, before: JSON.parse(row.before) as Facts, after: JSON.parse(row.after) as Facts });
        const facts = { before: done.before ? JSON.stringify(done.before) : null, after: done.after ? JSON.stringify(done.after) : null };
        keep.run({ id, iccid: row.iccid, outcome: done.outcome, detail: done.detail, ...facts });
      }
      return rows.length;
    });
  }
}

function begin(tx: Tx, id: string, from: readonly Change['state'][], to: Change['state']): Change {
  const change = requireChange(tx.db, id);
  if (!from.includes(change.state))
    throw new Refusal(
      'too_late',
      `This change ${{ planned: 'was not made yet', running: 'is being made', done: 'was made', undoing: 'is being taken back', undone: 'was taken back' }[change.state]}; see below.`,
    );
  tx.db.query('UPDATE sim_changes SET state = $to WHERE id = $id').run({ id, to });
  return change;
}

function end(tx: Tx, userId: string, id: string, state: 'done' | 'undone'): void {
  const ended = tx.db
    .query('UPDATE sim_changes SET state = $state, done_at_ms = $now WHERE id = $id AND state <> $state')
    .run({ id, state, now: tx.nowMs });
  if (ended.changes === 0) return;
  const { verb, value } = requireChange(tx.db, id);
  const counts = countsOf(tx.db, id);
  const said =
    state === 'done'
      ? `changed ${counts.changed}, refused ${counts.refused}, same ${counts.same}`
      : `undone ${counts.undone}, kept ${counts.kept}`;
  writeAudit(tx, {
    userId,
    action: state === 'done' ? 'sims.change' : 'sims.undo',
    target: id,
    detail: `${verb} ${value}`.trim().concat(`: ${said}`),
  });
}

function requireChange(db: Database, id: string): Change {
  const change = db.query<Change, { id: string }>('SELECT id, verb, value, state FROM sim_changes WHERE id = $id').get({ id });
  if (change === null) throw new Refusal('not_found', 'There is no such change of SIMs; a plan nobody confirmed is forgotten after a day.');
  return change;
}

function countsOf(db: Database, id: string): Record<ItemOutcome, number> {
  const rows = db
    .query<{ outcome: ItemOutcome; n: number }, { id: string }>(
      'SELECT outcome, count(*) AS n FROM sim_change_items WHERE change_id = $id GROUP BY outcome',
    )
    .all({ id });
  const counts = { waiting: 0, changed: 0, same: 0, refused: 0, undone: 0, kept: 0 };
  for (const { outcome, n } of rows) counts[outcome] = n;
  return counts;
}

const LINE = `SELECT c.id, c.verb, c.value, c.state, u.email, c.created_at_ms AS createdAtMs,
  (SELECT count(*) FROM sim_change_items i WHERE i.change_id = c.id) AS cards FROM sim_changes c JOIN users u ON u.id = c.user_id`;

/** A change with some of its cards of each outcome. Refuses one there is not. */
export function changeView(db: Database, id: string, nowMs: number): SimChangeView {
  requireChange(db, id);
  const line = db.query<SimChangeLine, { id: string }>(`${LINE} WHERE c.id = $id`).get({ id });
  if (line === null) throw new Refusal('not_found', 'There is no such change of SIMs.');
  const counts = countsOf(db, id);
  const some = db.query<
    { iccid: string; number: string | null; outcome: ItemOutcome; detail: string; before: string | null; after: string | null },
    { id: string; outcome: string; limit: number }
  >(
    `SELECT i.iccid, s.number, i.outcome, i.detail, i.before, i.after FROM sim_change_items i JOIN sims s ON s.iccid = i.iccid
     WHERE i.change_id = $id AND i.outcome = $outcome ORDER BY i.iccid LIMIT $limit`,
  );
  const items = (Object.keys(counts) as ItemOutcome[]).flatMap((outcome) => some.all({ id, outcome, limit: SHOWN_OF_EACH }));
  return {
    ...{ ...line, nowMs, counts, itemsMax: SHOWN_OF_EACH },
    items: items.map((item) => ({ ...item, before: wordsOf(item.before), after: wordsOf(item.after) })),
  };
}

/** The newest changes that were made or begun. */
export function listChanges(db: Database): SimChangeLine[] {
  return db
    .query<SimChangeLine, { limit: number }>(`${LINE} WHERE c.state <> 'planned' ORDER BY c.id DESC LIMIT $limit`)
    .all({ limit: LINES });
}

function forgetPlans(tx: Tx): void {
  const old = tx.db
    .query<{ id: string }, { before: number }>("SELECT id FROM sim_changes WHERE state = 'planned' AND created_at_ms < $before LIMIT 5")
    .all({ before: tx.nowMs - PLAN_KEPT_MS });
  for (const { id } of old) {
    tx.db.query('DELETE FROM sim_change_items WHERE change_id = $id').run({ id });
    tx.db.query('DELETE FROM sim_changes WHERE id = $id').run({ id });
  }
}

function wordsOf(facts: string | null): string {
  return facts === null ? '' : factsInWords(JSON.parse(facts) as Facts);
}

/** What a card is then, in a few words. */
export function factsInWords(facts: Facts): string {
  if ('state' in facts) return facts.state === 'paused' ? 'paused' : 'for sale';
  if ('tags' in facts) return facts.tags.length === 0 ? 'no tag' : `tags: ${facts.tags.join(', ')}`;
  if ('expiresOn' in facts) return facts.expiresOn === null ? 'no expiry day' : `expires ${facts.expiresOn}`;
  return facts.topUpOn === null ? 'no top-up day' : `next top-up ${facts.topUpOn}`;
}

function* slicesOf(iccids: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < iccids.length; at += AT_ONCE) yield iccids.slice(at, at + AT_ONCE);
}
