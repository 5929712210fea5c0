/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { RetiredPage, type RetiredView } from '../../views/admin/retired.tsx';
import { paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import { serviceName } from '../codes/judge.ts';
import type { Door, Tx } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import type { OrderTerms } from '../orders/orders.ts';
import {
  frequentReporters,
  liftedNumbers,
  liftNumber,
  OFTEN,
  type Retired,
  retireAgain,
  retiredCounts,
  retiredNumbers,
} from '../sims/retired.ts';
import { writeAudit } from './audit.ts';

const NumberForm = type({ number: 'string <= 20', service: 'string <= 40' });
const SHOWN_MAX = 200;
const LIFTED_MAX = 20;

/** `/admin/retired`: numbers that a service refuses, as customers reported them, and what an operator lifts of that. */
export function retiredRoutes(deps: { db: Database; door: Door; clock: Clock; guard: Guard; terms: OrderTerms }) {
  const { db, door, clock, guard, terms } = deps;
  const name = (service: string) => serviceName(service, terms.rules());
  const row = (retired: Retired) => ({ ...retired, serviceName: name(retired.service) });
  const view = (service: string | null): RetiredView => ({
    ...{ nowMs: clock.nowMs(), service, often: OFTEN, shownMax: SHOWN_MAX },
    counts: retiredCounts(db).map((one) => ({ ...one, serviceName: name(one.service) })),
    numbers: retiredNumbers(db, service, SHOWN_MAX).map(row),
    lifted: liftedNumbers(db, LIFTED_MAX).map(row),
    reporters: frequentReporters(db, clock.nowMs()),
  });
  type About = { number: string; service: string };
  const act = async (request: Request, user: User, about: About, verb: (tx: Tx, about: About) => void, notice: 'lifted' | 'retired') => {
    const lifted = notice === 'lifted';
    await door.write((tx) => {
      verb(tx, about);
      const detail = `${about.number} is ${lifted ? 'sold for' : 'retired again for'} ${about.service}${lifted ? ' again' : ''}.`;
      writeAudit(tx, { userId: user.id, action: lifted ? 'number.lift' : 'number.retire', target: about.number, detail });
    });
    return seeOther(request, `${paths.retired}?notice=number-${notice}`);
  };

  return new Elysia({ detail: { hide: true } })
    .use(guard)
    .get(
      '/admin/retired',
      ({ request, user, query }) =>
        page(<RetiredPage page={pageContext(db, request, user)} view={view((query['service'] ?? '').slice(0, 40) || null)} />),
      { operator: true },
    )
    .post('/admin/retired/lift', ({ request, user, body }) => act(request, user, body, liftNumber, 'lifted'), {
      operator: true,
      body: NumberForm,
    })
    .post('/admin/retired/again', ({ request, user, body }) => act(request, user, body, retireAgain, 'retired'), {
      operator: true,
      body: NumberForm,
    });
}
