/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Elysia } from 'elysia';
import { ChangePage, ChangesPage } from '../../views/catalogue/changes.tsx';
import { paths, priceChangePath, withQuery } from '../../views/paths.ts';
import type { User } from '../accounts/users.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import { Refusal } from '../lib/errors.ts';
import type { CatalogueDeps } from './admin-routes.ts';
import {
  endChange,
  keepPlan,
  listChanges,
  PRICES_AUDITED,
  requireChange,
  scheduledChanges,
  sourceOf,
  stepPage,
  stepsOf,
} from './changes.ts';
import { headOf, namesOf, newestEntry, PAGE_SIZE, paged, pageNumber } from './head.ts';
import { confirmPlan, planPrices, planRules, undoChange } from './planning.ts';
import type { Price, StepKind } from './steps.ts';

const LISTED_MAX = 100;
const KINDS: readonly StepKind[] = ['changed', 'added', 'removed'];

/** `/admin/catalogue/changes`: what changed and will change, a plan to confirm, the newest to take back. */
export function changeRoutes(deps: CatalogueDeps) {
  const { db, door, clock, guard, terms, schedule } = deps;
  const list = (request: Request, user: User, done: string | undefined) => {
    const view = { ...headOf(db, terms.currency, done), changes: ended(db), to: scheduledChanges(db), nowMs: clock.nowMs() };
    return page(<ChangesPage page={pageContext(db, request, user)} view={view} />);
  };
  const one = (
    request: Request,
    user: User,
    id: string,
    query: Record<string, string | undefined>,
    problem: string | null,
    status = 200,
  ) => {
    const change = requireChange(db, id);
    const of: Record<StepKind, number> = { changed: change.changed, added: change.added, removed: change.removed };
    const kind = KINDS.find((word) => word === query['show']) ?? KINDS.find((word) => of[word] > 0) ?? 'changed';
    const at = paged(pageNumber(query['page']), of[kind]);
    const steps = stepPage(db, id, kind, { number: at.number, size: PAGE_SIZE });
    const view = {
      ...headOf(db, terms.currency, query['done']),
      ...{ change, names: namesOf(steps, terms), kind, steps, page: at, problem, nowMs: clock.nowMs() },
    };
    return page(<ChangePage page={pageContext(db, request, user)} view={view} />, { status });
  };
  const back = (request: Request, id: string) =>
    seeOther(request, withQuery(priceChangePath(id), { done: newestEntry(db, PRICES_AUDITED) }));

  return new Elysia({ prefix: paths.priceChanges, detail: { hide: true } })
    .use(guard)
    .get('', ({ request, user, query }) => list(request, user, query['done']), { operator: true })
    .get('/:id', ({ request, user, params, query }) => one(request, user, params.id, query, null), { operator: true })
    .post(
      '/:id/confirm',
      async ({ request, user, params: { id } }) => {
        try {
          await confirmPlan(deps, id, user.id);
          return back(request, id);
        } catch (thrown) {
          if (!(thrown instanceof Refusal && thrown.type === 'prices_changed')) throw thrown;
          if (requireChange(db, id).state !== 'planned') return one(request, user, id, {}, thrown.detail, 409);
          const again = await planAgain(deps, id, user.id);
          return one(request, user, again, {}, 'Prices were changed meanwhile, so nothing was done. This is what would change now.', 409);
        }
      },
      { operator: true },
    )
    .post(
      '/:id/cancel',
      async ({ request, user, params: { id } }) => {
        await door.write((tx) => endChange(tx, id, 'canceled', user.id));
        schedule.look();
        return seeOther(request, withQuery(paths.priceChanges, { done: newestEntry(db, PRICES_AUDITED) }));
      },
      { operator: true },
    )
    .post(
      '/:id/undo',
      async ({ request, user, params: { id } }) => {
        try {
          await undoChange(deps, id, user.id);
          return back(request, id);
        } catch (thrown) {
          if (!(thrown instanceof Refusal && thrown.type === 'prices_changed')) throw thrown;
          return one(request, user, id, {}, thrown.detail, 409);
        }
      },
      { operator: true },
    );
}

/** What is no plan and not to come. */
function ended(db: CatalogueDeps['db']) {
  return listChanges(db, LISTED_MAX).filter(({ state }) => state !== 'scheduled');
}

/** The same intent on the prices as they are now: rules anew, a list to the same prices. Returns the new plan's id; the old one ends. */
async function planAgain(deps: CatalogueDeps, id: string, userId: string): Promise<string> {
  const { db, door, terms } = deps;
  const { kind, title } = requireChange(db, id);
  const { rules, wanted } = sourceOf(db, id);
  const plan = rules === null ? await planPrices(deps, wanted ?? endsOf(db, id), wanted !== null) : await planRules(deps, rules);
  const source = { ...(rules === null ? {} : { rules }), ...(wanted === null ? {} : { wanted: JSON.stringify(wanted) }) };
  return door.write((tx) => {
    endChange(tx, id, 'canceled', userId, 'prices were changed meanwhile');
    return keepPlan(tx, terms.random, { kind, title, userId }, plan, source);
  });
}

/** What the prices of a plan become; a plan that is no whole list takes none away. */
function endsOf(db: CatalogueDeps['db'], id: string): Price[] {
  return stepsOf(db, id).flatMap(([country, service, carrier, , , priceMinor, windowMinutes]) =>
    priceMinor === null ? [] : [{ country, service, carrier, priceMinor, windowMinutes }],
  );
}
