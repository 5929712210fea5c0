import type { Database } from 'bun:sqlite';
import type { ConsoleView, SimView, SlotNowView, SlotView } from '../../views/admin/model.ts';
import type { BankFilter, FormView } from '../../views/model.ts';
import { alarmsOfSims } from '../alarms/of-sims.ts';
import { cutPage } from '../http/schema.ts';
import { Refusal } from '../lib/errors.ts';
import { rentalsOfSim } from '../rentals/view.ts';
import { careOf } from '../sims/care.ts';
import { earningsOf } from '../sims/earnings.ts';
import { simHistory, slotHistory, slotsOfSim } from '../sims/history.ts';
import { pinStateOf } from '../sims/inventory.ts';
import { unprovenPins } from '../sims/pin-attempts.ts';
import { findSim } from '../sims/sims.ts';
import { auditEntry, listAudit } from './audit.ts';
import { modemViews } from './bank.ts';
import type { BankControl } from './control.ts';
import type { UnderWay } from './under-way.ts';

const HISTORY_PAGE = 30;
const BESIDE = 10;
const DAY_MS = 86_400_000;

export interface AdminSources {
  db: Database;
  nowMs(): number;
}

export interface SlotSources extends AdminSources {
  bank: BankControl;
  underWay: UnderWay;
}

export interface SimSources extends AdminSources {
  bank: Pick<BankControl, 'snapshots'>;
  currency: string;
}

type Query = Record<string, string | undefined>;

/** What besides the slot itself a page of it shows: after an action, a refused form, a command. */
export interface Shown {
  query: Query;
  console?: ConsoleView;
  form?: FormView;
}

const NO_FORM: FormView = { values: {}, errors: {} };
const REFUSED = 'Refused: ';

/** An outcome as it is kept in the audit trail, from which the next page reads it. */
export function outcomeText({ ok, detail }: { ok: boolean; detail: string }): string {
  return ok ? detail : REFUSED + detail;
}

/** Which modems an address asks for. */
export function filterOf(query: Query): BankFilter {
  const show = (['attention', 'ready'] as const).find((one) => one === query['show']) ?? 'all';
  return { show, tiles: query['view'] === 'tiles' ? true : query['view'] === 'cards' ? false : null };
}

/** The part of a slot's page that is fetched again and again. Refuses a slot that was never heard of. */
export function slotNowView({ db, bank, underWay, nowMs }: SlotSources, slot: string, query: Query): SlotNowView {
  const snapshot = bank.snapshots().find((modem) => modem.slot === slot);
  if (snapshot === undefined && slotHistory(db, slot, { limit: 1, cursor: null }).length === 0) throw unknownSlot();
  const [modem = null] = snapshot === undefined ? [] : modemViews(db, [snapshot]);
  const doing = underWay.of(slot);
  const asked = doing !== null && doing.id === query['asked'];
  return {
    ...{ nowMs: nowMs(), slot, modem, dialogue: bank.dialogue(slot) },
    doing: doing?.state === 'running' ? { verb: doing.verb, startedAtMs: doing.startedAtMs, asked: asked ? doing.id : null } : null,
    unwritten: asked && doing.state === 'unwritten',
  };
}

/** Everything about a slot. */
export async function slotView(
  sources: SlotSources,
  slot: string,
  { query, console = null, form = NO_FORM }: Nullable<Shown>,
): Promise<SlotView> {
  const { db, bank } = sources;
  const now = slotNowView(sources, slot, query);
  const iccid = now.modem?.iccid ?? null;
  const on = bank.virtualCount > 0 ? await bank.faultsOn(slot) : [];
  // One that is unplugged, or does not answer, cannot say that it is virtual; its switches must stay within reach.
  const isVirtual = bank.virtualCount > 0 && (now.modem?.virtual === true || on.length > 0 || wasVirtual(db, slot));
  return {
    ...now,
    history: historyPage(query, (page) => slotHistory(db, slot, page)),
    simHistory: iccid === null ? [] : simHistory(db, iccid, { limit: BESIDE, cursor: null }),
    audit: listAudit(db, slot, BESIDE),
    result: resultOf(db, query, [slot, ...(iccid === null ? [] : [iccid])]),
    faults: isVirtual ? bank.virtualFaults.map((fault) => ({ ...fault, on: on.includes(fault.name) })) : [],
    console: console ?? null,
    form: form ?? NO_FORM,
  };
}

/** The life of a SIM. Refuses an ICCID that was never seen. */
export function simView({ db, nowMs, bank, currency }: SimSources, iccid: string, { query, form = NO_FORM }: Nullable<Shown>): SimView {
  const sim = findSim(db, iccid);
  if (sim === null) throw new Refusal('not_found', 'No SIM with this ICCID was ever seen here.');
  const { number, country, carrier, state, online, slot, openOrders, rented, lastMessageAtMs } = sim;
  return {
    ...{ nowMs: nowMs(), iccid, number, country, carrier, state, online, slot, openOrders, rented, lastMessageAtMs },
    messages: messageCounts(db, iccid, nowMs()),
    alarms: alarmsOfSims(db).filter((alarm) => alarm.iccid === iccid),
    pin: { state: pinStateOf(bank.snapshots(), sim), spent: unprovenPins(db, iccid) },
    care: careOf(db, iccid),
    ...{ currency, earnings: earningsOf(db, iccid) },
    slots: slotsOfSim(db, iccid),
    history: historyPage(query, (page) => simHistory(db, iccid, page)),
    audit: listAudit(db, iccid, BESIDE),
    result: resultOf(db, query, [iccid]),
    rentals: rentalsOfSim(db, iccid, BESIDE).map(({ id, status, service, email, startsAtMs, endsAtMs, endedAtMs }) => ({
      ...{ id, status, service, email, startsAtMs, endsAtMs: endedAtMs ?? endsAtMs },
    })),
    form: form ?? NO_FORM,
  };
}

export function unknownSlot(): Refusal {
  return new Refusal('not_found', 'No modem was ever in this slot; the bank page lists the slots there are.');
}

type Nullable<T> = { [K in keyof T]: T[K] | null } & { query: Query };

function historyPage<T extends { id: string }>(query: Query, list: (page: { limit: number; cursor: string | null }) => T[]) {
  const cursor = query['cursor'] ?? null;
  const { rows, nextCursor } = cutPage(list({ limit: HISTORY_PAGE + 1, cursor }), HISTORY_PAGE);
  return { rows: [...rows], nextCursor, isOlder: cursor !== null };
}

function wasVirtual(db: Database, slot: string): boolean {
  return db.query('SELECT 1 FROM modems WHERE slot = $slot AND virtual = 1 LIMIT 1').get({ slot }) !== null;
}

/** What came of the action whose audit entry stands in the address; nothing of the address itself is shown. */
function resultOf(db: Database, query: Query, targets: readonly string[]): SlotView['result'] {
  const id = query['done'] ?? '';
  const [entry] = targets.flatMap((target) => auditEntry(db, id, target) ?? []);
  if (entry === undefined) return null;
  const ok = !entry.detail.startsWith(REFUSED);
  return { ok, text: ok ? entry.detail : entry.detail.slice(REFUSED.length) };
}

function messageCounts(db: Database, iccid: string, nowMs: number): SimView['messages'] {
  const since = (sinceMs: number): number =>
    db
      .query<{ n: number }, { iccid: string; sinceMs: number }>(
        'SELECT count(*) AS n FROM messages WHERE iccid = $iccid AND arrived_at_ms >= $sinceMs',
      )
      .get({ iccid, sinceMs })?.n ?? 0;
  return { all: since(0), day: since(nowMs - DAY_MS), month: since(nowMs - 30 * DAY_MS) };
}
