import type { Database } from 'bun:sqlite';
import { writeAudit } from '../admin/audit.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { tellSubscribers } from './notices.ts';
import { SURFACES, type Surface } from './surfaces.ts';
import { type Announcement, excusedMinutes, excusedOfWindow, MINUTE_MS, NOTICE_HOURS, type Span } from './uptime.ts';

/** What the operator announces. */
export interface Plan {
  title: string;
  text: string;
  surfaces: readonly Surface[];
  startsAtMs: number;
  endsAtMs: number;
}

/** An announced window as it stands now. */
export interface Maintenance extends Plan {
  id: string;
  announcedAtMs: number;
  changedAtMs: number;
  isCanceled: boolean;
  /** Minutes of its plan that were not announced in time and count as downtime if the service is away. */
  lateMinutes: number;
}

interface Version extends Omit<Plan, 'surfaces'> {
  id: string;
  surfaces: string;
  announcedAtMs: number;
}

const TITLE_MAX = 120;
const TEXT_MAX = 2000;
const LONGEST_MS = 7 * 24 * 3_600_000;
const AHEAD_MAX_MS = 366 * 24 * 3_600_000;
export const AUDITED = 'status';

/** Announces a window to everybody: the page, the feed, mails. Refuses what does not lie ahead. Returns its id. */
export function announce(tx: Tx, random: RandomBytes, userId: string, plan: Plan): string {
  checkPlan(plan, tx.nowMs);
  const id = newId('mnt', tx.nowMs, random);
  tx.db.query('INSERT INTO maintenance (id, created_at_ms) VALUES ($id, $now)').run({ id, now: tx.nowMs });
  addVersion(tx, id, userId, plan, 'announced');
  return id;
}

/** Changes a window that has not begun. What is added later than 24 h ahead counts as downtime. */
export function change(tx: Tx, userId: string, id: string, plan: Plan): void {
  const before = required(tx.db, id);
  if (tx.nowMs >= before.startsAtMs) throw new Refusal('too_late', 'It has begun: it can only be ended early.');
  checkPlan(plan, tx.nowMs);
  addVersion(tx, id, userId, plan, 'changed');
}

/** Withdraws a window that has not begun, or ends one that runs: its remaining minutes count again. */
export function end(tx: Tx, userId: string, id: string): 'canceled' | 'ended' {
  const before = required(tx.db, id);
  if (tx.nowMs >= before.endsAtMs) throw new Refusal('too_late', 'It is over.');
  const isRunning = tx.nowMs >= before.startsAtMs;
  const endsAtMs = isRunning ? Math.max(before.startsAtMs, Math.ceil(tx.nowMs / MINUTE_MS) * MINUTE_MS) : before.startsAtMs;
  const what = isRunning ? 'ended' : 'canceled';
  addVersion(tx, id, userId, { ...before, endsAtMs: Math.min(endsAtMs, before.endsAtMs) }, what);
  return what;
}

/** Every window whose end is not before `sinceMs`, the next one first. */
export function listMaintenance(db: Database, sinceMs: number): Maintenance[] {
  return [...versionsOf(db).values()]
    .map(present)
    .filter(({ endsAtMs }) => endsAtMs >= sinceMs)
    .toSorted((a, b) => a.startsAtMs - b.startsAtMs);
}

export function findMaintenance(db: Database, id: string): Maintenance | null {
  const versions = versionsOf(db).get(id);
  return versions === undefined ? null : present(versions);
}

/** The minutes that maintenance excuses for a surface. */
export function excusedOf(db: Database, surface: Surface): Span[] {
  return excusedMinutes([...versionsOf(db).values()].map((versions) => announcementsOf(versions, surface)));
}

/** Minutes of a plan that would count as downtime if it were announced now. */
export function lateMinutesOf({ startsAtMs, endsAtMs }: Pick<Plan, 'startsAtMs' | 'endsAtMs'>, announcedAtMs: number): number {
  return startsAtMs - announcedAtMs >= NOTICE_HOURS * 3_600_000 ? 0 : Math.round((endsAtMs - startsAtMs) / MINUTE_MS);
}

function addVersion(tx: Tx, id: string, userId: string, plan: Plan, what: 'announced' | 'changed' | 'canceled' | 'ended'): void {
  const last = tx.db
    .query<{ n: number }, { id: string }>('SELECT count(*) AS n FROM maintenance_versions WHERE maintenance_id = $id')
    .get({ id });
  tx.db
    .query(
      `INSERT INTO maintenance_versions (maintenance_id, number, title, text, surfaces, starts_at_ms, ends_at_ms, announced_at_ms, user_id)
       VALUES ($id, $number, $title, $text, $surfaces, $startsAtMs, $endsAtMs, $now, $userId)`,
    )
    .run({
      ...{ id, number: (last?.n ?? 0) + 1, title: plan.title, text: plan.text, surfaces: JSON.stringify(plan.surfaces), userId },
      ...{ startsAtMs: plan.startsAtMs, endsAtMs: plan.endsAtMs, now: tx.nowMs },
    });
  const detail = `${plan.title}: ${new Date(plan.startsAtMs).toISOString()} to ${new Date(plan.endsAtMs).toISOString()}, ${plan.surfaces.join(', ')}.`;
  writeAudit(tx, { userId, action: `maintenance.${what}`, target: AUDITED, detail });
  tellSubscribers(tx, { kind: 'status_maintenance', about: `${id}:${tx.nowMs}`, payload: { id, what } });
}

function checkPlan({ title, text, surfaces, startsAtMs, endsAtMs }: Plan, nowMs: number): void {
  const wrong = (field: string, message: string) => new Refusal('validation', message, { errors: [{ field, message }] });
  if (title.length === 0 || title.length > TITLE_MAX) throw wrong('title', `Write a title of at most ${TITLE_MAX} characters.`);
  if (text.length > TEXT_MAX) throw wrong('text', `Write at most ${TEXT_MAX} characters.`);
  if (surfaces.length === 0) throw wrong('surfaces', 'Choose at least one of ordering, dashboard and delivery.');
  if (startsAtMs < nowMs) throw wrong('starts', 'It must begin in the future: what has happened is an incident.');
  if (startsAtMs > nowMs + AHEAD_MAX_MS) throw wrong('starts', 'It must begin within a year.');
  if (endsAtMs <= startsAtMs) throw wrong('ends', 'It must end after it begins.');
  if (endsAtMs - startsAtMs > LONGEST_MS) throw wrong('ends', 'It may last at most 7 days.');
}

function required(db: Database, id: string): Maintenance {
  const found = findMaintenance(db, id);
  if (found === null || found.isCanceled) throw new Refusal('not_found', 'There is no such maintenance, or it was withdrawn.');
  return found;
}

function versionsOf(db: Database): Map<string, Version[]> {
  const rows = db
    .query<Version, []>(
      `SELECT maintenance_id AS id, title, text, surfaces, starts_at_ms AS startsAtMs, ends_at_ms AS endsAtMs, announced_at_ms AS announcedAtMs
       FROM maintenance_versions ORDER BY maintenance_id, number`,
    )
    .all();
  return Map.groupBy(rows, ({ id }) => id);
}

/** The versions as the arithmetic takes them: one that leaves the surface out is empty for it. */
function announcementsOf(versions: readonly Version[], surface: Surface): Announcement[] {
  return versions.map(({ surfaces, startsAtMs, endsAtMs, announcedAtMs }) => ({
    from: startsAtMs,
    to: surfacesOf(surfaces).includes(surface) ? endsAtMs : startsAtMs,
    announcedAtMs,
  }));
}

function present(versions: readonly Version[]): Maintenance {
  const first = versions[0] as Version;
  const last = versions.at(-1) as Version;
  const surfaces = surfacesOf(last.surfaces);
  const planned = Math.floor((last.endsAtMs - last.startsAtMs) / MINUTE_MS);
  const excused = Math.min(
    ...surfaces.map((surface) => excusedOfWindow(announcementsOf(versions, surface)).reduce((sum, { from, to }) => sum + to - from, 0)),
  );
  return {
    ...{ id: last.id, title: last.title, text: last.text, surfaces, startsAtMs: last.startsAtMs, endsAtMs: last.endsAtMs },
    ...{ announcedAtMs: first.announcedAtMs, changedAtMs: last.announcedAtMs, isCanceled: last.endsAtMs === last.startsAtMs },
    lateMinutes: planned - excused,
  };
}

function surfacesOf(json: string): Surface[] {
  const listed = JSON.parse(json) as string[];
  return SURFACES.filter((surface) => listed.includes(surface));
}
