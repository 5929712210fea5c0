/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { Elysia } from 'elysia';
import { AuditPage, type AuditTyped, type AuditView } from '../../views/desk/audit.tsx';
import { paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import { findUserByEmail } from '../accounts/users.ts';
import { BY_COMMAND, writeAudit } from '../admin/audit.ts';
import type { Door } from '../db/write.ts';
import { csvRecord } from '../exports/csv.ts';
import { pageContext } from '../http/context.ts';
import { page } from '../http/page.ts';
import { type Clock, rfc3339 } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { readDays } from '../lib/period.ts';
import { breather } from '../lib/slices.ts';
import { type AuditSearch, auditActions, searchAudit } from './audit-search.ts';
import { deepen, NOTHING_FOUND } from './bounded.ts';
import { csvResponse } from './csv-files.ts';

const PAGE = 50;
const CSV_PAGE = 500;
const HEADS = ['number', 'at', 'who', 'what', 'about', 'detail'];

/** `/admin/audit`: the audit log, searched, and as a file. */
export function auditRoutes({ db, door, clock, guard }: { db: Database; door: Door; clock: Clock; guard: Guard }) {
  return new Elysia({ name: 'audit-log', detail: { hide: true } })
    .use(guard)
    .get(
      paths.audit,
      async ({ request, user, query }) => {
        const typed = typedOf(query);
        const read = readSearch(db, typed);
        const cursor = /^[\d.]{1,31}$/.exec(query['cursor'] ?? '')?.[0] ?? null;
        const search = read.ok ? { ...read.search, limit: PAGE, cursor } : null;
        const found = search === null ? NOTHING_FOUND : await deepen(search, (slice) => searchAudit(db, slice), breather(clock));
        const view: AuditView = {
          ...{ nowMs: clock.nowMs(), typed, actions: auditActions(db), problem: read.ok ? null : read.problem },
          ...{ ...found, entries: found.rows },
        };
        return page(<AuditPage page={pageContext(db, request, user)} view={view} />);
      },
      { operator: true },
    )
    .get(
      `${paths.audit}.csv`,
      async ({ user, query }) => {
        const typed = typedOf(query);
        const read = readSearch(db, typed);
        if (!read.ok) throw new Refusal('validation', read.problem.message);
        const filters = Object.entries(typed).flatMap(([name, value]) => (value === '' ? [] : [`${name} ${value}`]));
        const detail = filters.length === 0 ? 'All of it as CSV.' : `As CSV: ${filters.join(', ')}.`;
        await door.write((tx) => writeAudit(tx, { userId: user.id, action: 'audit.csv', target: 'audit log', detail }));
        return csvResponse('smspin-audit.csv', HEADS, () => pieces(db, read.search, breather(clock)));
      },
      { operator: true },
    );
}

async function* pieces(db: Database, search: Omit<AuditSearch, 'limit' | 'cursor'>, breathe: () => Promise<void>): AsyncGenerator<string> {
  let cursor: string | null = null;
  do {
    const found = searchAudit(db, { ...search, limit: CSV_PAGE, cursor });
    yield found.rows
      .map(({ id, atMs, email, action, target, detail }) => csvRecord([id, rfc3339(atMs), email, action, target, detail]))
      .join('');
    cursor = found.nextCursor;
    await breathe();
  } while (cursor !== null);
}

function typedOf(query: Record<string, string | undefined>): AuditTyped {
  const field = (name: keyof AuditTyped): string => (query[name] ?? '').trim().slice(0, 100);
  return { who: field('who'), action: field('action'), target: field('target'), q: field('q'), from: field('from'), to: field('to') };
}

type Read = { ok: true; search: Omit<AuditSearch, 'limit' | 'cursor'> } | { ok: false; problem: NonNullable<AuditView['problem']> };

function readSearch(db: Database, { who, action, target, q, from, to }: AuditTyped): Read {
  const userId = who === '' ? null : who.toLowerCase() === BY_COMMAND ? BY_COMMAND : (findUserByEmail(db, who)?.id ?? null);
  if (who !== '' && userId === null) return { ok: false, problem: { field: 'who', message: 'Nobody has an account with this address.' } };
  try {
    return {
      ok: true,
      search: { ...readDays({ from, to }), userId, action: action === '' ? null : action, target, text: q },
    };
  } catch (thrown) {
    if (thrown instanceof Refusal) return { ok: false, problem: { field: 'from', message: thrown.detail } };
    throw thrown;
  }
}
