import type { Database } from 'bun:sqlite';
import type { CatalogueHead } from '../../views/catalogue/model.ts';
import { auditEntry } from '../admin/audit.ts';
import { serviceName } from '../codes/services.ts';
import { Refusal } from '../lib/errors.ts';
import { PRICES_AUDITED, scheduledChanges, undoable } from './changes.ts';
import type { PriceDeps } from './planning.ts';
import { SERVICES_AUDITED } from './services.ts';
import type { Step } from './steps.ts';

export const PAGE_SIZE = 50;

/** What every page of the catalogue shows; `done`: the id of an audit entry that stands in the address after something was done. */
export function headOf(db: Database, currency: string, done: string | undefined): CatalogueHead {
  const entry = done === undefined ? null : (auditEntry(db, done, PRICES_AUDITED) ?? auditEntry(db, done, SERVICES_AUDITED));
  return {
    ...{ currency, done: entry?.detail ?? null },
    undoable: undoable(db),
    scheduled: scheduledChanges(db).length,
  };
}

/** The id of the newest audit entry about prices or services: what was just done. */
export function newestEntry(db: Database, target: string): string {
  const row = db.query<{ id: number | null }, { target: string }>('SELECT max(id) AS id FROM audit WHERE target = $target').get({ target });
  return String(row?.id ?? '');
}

/** Names of the services of steps, for the pages. */
export function namesOf(steps: readonly Step[], terms: Pick<PriceDeps['terms'], 'rules'>): Record<string, string> {
  const book = terms.rules();
  return Object.fromEntries(steps.map(([, service]) => [service, serviceName(service, book)]));
}

/** Field to message of a refusal; anything else is thrown on. */
export function errorsOf(thrown: unknown): { status: number; errors: Record<string, string> } {
  if (!(thrown instanceof Refusal)) throw thrown;
  const wrong = thrown.extra['errors'] as { field: string; message: string }[] | undefined;
  const errors = Object.fromEntries((wrong ?? [{ field: '', message: thrown.detail }]).map(({ field, message }) => [field, message]));
  return { status: thrown.status, errors };
}

/** The page number of an address, from 1. */
export function pageNumber(text: string | undefined): number {
  return /^[1-9]\d{0,5}$/.test(text ?? '') ? Number(text) : 1;
}

export function paged(number: number, found: number, size: number = PAGE_SIZE): { number: number; count: number } {
  const count = Math.max(1, Math.ceil(found / size));
  return { number: Math.min(number, count), count };
}
