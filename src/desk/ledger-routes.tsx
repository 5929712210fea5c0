/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { ClosingPage, ClosingsPage } from '../../views/desk/closings.tsx';
import { ConfirmPage } from '../../views/desk/confirm.tsx';
import { DeskLedgerPage } from '../../views/desk/ledger.tsx';
import { paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import { writeAudit } from '../admin/audit.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import { closeDay, findClosing, linesOf, listClosings, openDays, recheck, totalsOf, workOut } from '../ledger/closings.ts';
import { LEDGER_KINDS } from '../ledger/ledger.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { breather } from '../lib/slices.ts';
import { isDay } from '../lib/zoned-day.ts';
import { deepen, NOTHING_FOUND } from './bounded.ts';
import { closedDays, csvResponse, DAY_HEADS, ENTRY_HEADS, entriesOf } from './csv-files.ts';
import { searchMovements } from './ledger-search.ts';
import { readSearch, typedOf } from './query.ts';

export interface LedgerDeskDeps {
  db: Database;
  door: Door;
  clock: Clock;
  guard: Guard;
  currency: string;
  timeZone: string;
}

const CloseForm = type({ 'upto?': 'string <= 20', 'confirm?': 'string <= 10' }).or('undefined | null');
const PAGE = 50;
const DAYS_PAGE = 31;
/** So many days are offered, and closed, at once. */
const DAYS_MAX = 31;

/** `/admin/ledger`: movements of everybody's money, and the days of the books. */
export function ledgerDeskRoutes({ db, door, clock, guard, currency, timeZone }: LedgerDeskDeps) {
  const breathe = () => breather(clock);
  const audited = (userId: string, target: string, detail: string) =>
    door.write((tx) => writeAudit(tx, { userId, action: 'ledger.csv', target, detail }));
  const requireClosing = (day: string) => {
    const closing = isDay(day) ? findClosing(db, day) : null;
    if (closing === null) throw new Refusal('not_found', 'This day is not closed, so there are no final figures of it.');
    return closing;
  };
  return new Elysia({ name: 'ledger-desk', detail: { hide: true } })
    .use(guard)
    .get(
      paths.deskLedger,
      async ({ request, user, query }) => {
        const typed = typedOf(query);
        const read = readSearch(db, typed, /^(txn|ord|rnt)_\w{1,40}$/, { numbers: false });
        const kind = LEDGER_KINDS.find((one) => one === typed.state) ?? null;
        const cursor = /^txn_\w{1,40}$/.exec(query['cursor'] ?? '')?.[0] ?? null;
        const asked = { ...read.period, userId: read.userId, id: read.id, kind, text: read.text, limit: PAGE, cursor };
        const found = read.problem === null ? await deepen(asked, (slice) => searchMovements(db, slice), breathe()) : NOTHING_FOUND;
        const view = { nowMs: clock.nowMs(), typed, problem: read.problem, ...found, movements: found.rows, currency };
        return page(<DeskLedgerPage page={pageContext(db, request, user)} view={view} />);
      },
      { operator: true },
    )
    .get(
      paths.closings,
      ({ request, user, query }) => {
        const cursor = isDay(query['cursor'] ?? '') ? (query['cursor'] ?? null) : null;
        const rows = listClosings(db, { limit: DAYS_PAGE + 1, cursor });
        const closings = rows.slice(0, DAYS_PAGE).map((closing) => ({ ...closing, totals: totalsOf(linesOf(db, closing.day)) }));
        const open = openDays(db, timeZone, clock.nowMs(), DAYS_MAX + 1).map(({ day }) => day);
        const view = {
          ...{ closings, zone: timeZone, currency, open: { days: open.slice(0, DAYS_MAX), more: open.length > DAYS_MAX } },
          isOlder: cursor !== null,
          nextCursor: rows.length > DAYS_PAGE ? (closings.at(-1)?.day ?? null) : null,
        };
        return page(<ClosingsPage page={pageContext(db, request, user)} view={view} />);
      },
      { operator: true },
    )
    .post(
      paths.closings,
      async ({ request, user, body }) => {
        const upTo = body?.upto ?? '';
        const days = openDays(db, timeZone, clock.nowMs(), DAYS_MAX).filter(({ day }) => day <= upTo);
        if (!isDay(upTo)) throw new Refusal('validation', 'The form was not whole. Nothing was closed; send it again.');
        // All of them were closed meanwhile: by this very form, sent twice, or by another operator.
        if (days.length === 0) return seeOther(request, `${paths.closings}?notice=days-closed-before`);
        if (body?.confirm !== 'yes') {
          const [first = '', last = ''] = [days[0]?.day, days.at(-1)?.day];
          const view = {
            ...{
              title: days.length === 1 ? 'Close this day?' : 'Close these days?',
              subject: first === last ? first : `${first} to ${last}`,
            },
            facts: ['A closed day cannot be opened or changed.', 'What is written from now on counts for a day that is not closed yet.'],
            ...{ action: paths.closings, fields: { upto: upTo }, button: 'Close', back: paths.closings },
          };
          return page(<ConfirmPage page={pageContext(db, request, user)} view={view} />);
        }
        for (const open of days) {
          const worked = await workOut(db, open, breathe());
          await door.write((tx) => {
            if (closeDay(tx, worked, user.id) === 'closed_before') return;
            writeAudit(tx, {
              userId: user.id,
              action: 'ledger.close',
              target: open.day,
              detail: `Entries ${worked.firstEntry} to ${worked.lastEntry}.`,
            });
          });
        }
        return seeOther(request, `${paths.closings}?notice=days-closed`);
      },
      { operator: true, body: CloseForm },
    )
    .get(
      `${paths.closings}.csv`,
      async ({ user }) => {
        await audited(user.id, 'closed days', 'All closed days as CSV.');
        return csvResponse('smspin-days.csv', DAY_HEADS, () => closedDays(db, currency, breathe()));
      },
      { operator: true },
    )
    .get(
      `${paths.closings}/:day`,
      async ({ request, user, params }) => {
        const closing = requireClosing(params.day);
        const lines = linesOf(db, closing.day);
        const view = { closing, lines, totals: totalsOf(lines), isRight: await recheck(db, closing, breathe()), currency };
        return page(<ClosingPage page={pageContext(db, request, user)} view={view} />);
      },
      { operator: true },
    )
    .get(
      `${paths.closings}/:day/entries.csv`,
      async ({ user, params }) => {
        const closing = requireClosing(params.day);
        await audited(user.id, closing.day, 'Its entries as CSV.');
        return csvResponse(`smspin-entries-${closing.day}.csv`, ENTRY_HEADS, () => entriesOf(db, closing, currency, breathe()));
      },
      { operator: true },
    );
}
