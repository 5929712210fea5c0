/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { SimsPage } from '../../views/admin/sims.tsx';
import { SimChangePage } from '../../views/admin/sims-bulk.tsx';
import { type InventoryFilter, SIM_VERBS } from '../../views/admin/sims-model.ts';
import { paths, simChangePath } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { filteredIccids, filterFrom, inventory } from '../sims/inventory.ts';
import type { BankControl } from './control.ts';
import { CARDS_MAX, changeView, listChanges, makeChange, planChange, undoChange } from './sim-changes.ts';

const ROWS = 30;
const ChangeForm = type({
  verb: type.enumerated(...SIM_VERBS),
  which: "'ticked' | 'all'",
  'value?': 'string <= 100',
  'filter?': 'string <= 1000',
  'iccid?': 'string <= 40 | (string <= 40)[] <= 1000',
});

/** `/admin/sims`: every card, found and sorted; `/admin/sim-changes`: many of them changed at once, with a preview and a way back. */
export function simsRoutes(deps: {
  db: Database;
  door: Door;
  clock: Clock;
  guard: Guard;
  bank: Pick<BankControl, 'snapshots'>;
  terms: Pick<OrderTerms, 'currency' | 'random'>;
}) {
  const { db, door, clock, guard, bank, terms } = deps;
  const now = () => ({ nowMs: clock.nowMs(), snapshots: bank.snapshots() });
  const show = (request: Request, user: User, filter: InventoryFilter, wanted: number, error: string | null) => {
    const at = now();
    const first = inventory(db, filter, { offset: (wanted - 1) * ROWS, limit: ROWS }, at);
    const pages = Math.max(1, Math.ceil(first.total / ROWS));
    const number = Math.min(wanted, pages);
    const found = number === wanted ? first : inventory(db, filter, { offset: (number - 1) * ROWS, limit: ROWS }, at);
    const view = {
      ...found,
      ...{ nowMs: at.nowMs, currency: terms.currency, filter, page: number, pages, error, changes: listChanges(db) },
      isEmpty: found.total === 0 && found.countries.length === 0 && filteredIccids(db, filterFrom({}), 1, at).length === 0,
    };
    return page(<SimsPage page={pageContext(db, request, user)} view={view} />, { status: error === null ? 200 : 422 });
  };
  return (
    new Elysia({ detail: { hide: true } })
      .use(guard)
      .get('/sims', ({ request, user, query }) => show(request, user, filterFrom(query), pageNumber(query['page']), null), {
        operator: true,
      })
      // The addresses of forms: reloaded from the address bar they lead back.
      .get('/sim-changes', ({ request }) => seeOther(request, paths.sims), { operator: true })
      .get('/sim-changes/:id/:verb', ({ request, params }) => seeOther(request, simChangePath(params.id)), { operator: true })
      .get(
        '/sim-changes/:id',
        ({ request, user, params }) =>
          page(<SimChangePage page={pageContext(db, request, user)} view={changeView(db, params.id, clock.nowMs())} />),
        { operator: true },
      )
      .post(
        '/sim-changes',
        async ({ request, user, body }) => {
          const filter = filterFrom(Object.fromEntries(new URLSearchParams((body.filter ?? '').replace(/^\?/, ''))));
          const iccids = body.which === 'all' ? filteredIccids(db, filter, CARDS_MAX + 1, now()) : [body.iccid ?? []].flat();
          try {
            const id = await planChange(door, terms.random, { userId: user.id, verb: body.verb, value: body.value ?? '', iccids });
            return seeOther(request, simChangePath(id));
          } catch (thrown) {
            if (!(thrown instanceof Refusal) || thrown.type !== 'validation') throw thrown;
            return show(request, user, filter, 1, thrown.detail);
          }
        },
        { operator: true, body: ChangeForm },
      )
      .post(
        '/sim-changes/:id/confirm',
        async ({ request, user, params }) => {
          await makeChange(door, user.id, params.id);
          return seeOther(request, `${simChangePath(params.id)}?notice=sims-changed`);
        },
        { operator: true },
      )
      .post(
        '/sim-changes/:id/undo',
        async ({ request, user, params }) => {
          await undoChange(door, user.id, params.id);
          return seeOther(request, `${simChangePath(params.id)}?notice=sims-undone`);
        },
        { operator: true },
      )
  );
}

function pageNumber(typed: string | undefined): number {
  return /^[1-9]\d{0,5}$/.test(typed ?? '') ? Number(typed) : 1;
}
