/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { SimPage } from '../../views/admin/sim.tsx';
import { simPagePath } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { ownPath, page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { setSim } from '../sims/sims.ts';
import { writeAudit } from './audit.ts';
import type { BankControl } from './control.ts';
import { simView } from './present.ts';

const BackForm = type({ 'back?': 'string <= 500' });
const SetForm = type({ 'number?': 'string <= 40', 'country?': 'string <= 10', 'back?': 'string <= 500' });

/** `/admin/sims/:iccid`: the life of a SIM, its number and country, and whether it is for sale. */
export function simRoutes(deps: { db: Database; door: Door; clock: Clock; guard: Guard; bank: BankControl }) {
  const { db, door, clock, guard, bank } = deps;
  const sources = { db, bank, nowMs: clock.nowMs };
  const setState = (state: 'active' | 'paused') => async (iccid: string, request: Request, userId: string, back: string | undefined) => {
    const paused = state === 'paused';
    await door.write((tx) => {
      setSim(tx, iccid, { state });
      const detail = paused ? 'The SIM is not sold until it is resumed.' : 'The SIM is for sale again.';
      writeAudit(tx, { userId, action: paused ? 'sim.pause' : 'sim.resume', target: iccid, detail });
    });
    return seeOther(request, `${ownPath(back, '/admin/bank')}?notice=${paused ? 'paused' : 'resumed'}`);
  };
  const pause = setState('paused');
  const resume = setState('active');
  return new Elysia({ detail: { hide: true } })
    .use(guard)
    .get(
      '/sims/:iccid',
      ({ request, user, params, query }) =>
        page(<SimPage page={pageContext(db, request, user)} view={simView(sources, params.iccid, { query })} />),
      { operator: true },
    )
    .get('/sims/:iccid/set', ({ request, params }) => seeOther(request, simPagePath(params.iccid)), { operator: true })
    .post('/sims/:iccid/pause', ({ params, request, user, body }) => pause(params.iccid, request, user.id, body?.back), {
      operator: true,
      body: BackForm.or('undefined | null'),
    })
    .post('/sims/:iccid/resume', ({ params, request, user, body }) => resume(params.iccid, request, user.id, body?.back), {
      operator: true,
      body: BackForm.or('undefined | null'),
    })
    .post(
      '/sims/:iccid/set',
      async ({ params: { iccid }, request, user, body }) => {
        const [number, country] = [body.number?.replace(/[\s().-]/g, '') || undefined, body.country?.trim().toLowerCase() || undefined];
        const detail = `Number ${number ?? 'as it was'}, country ${country ?? 'as it was'}.`;
        try {
          const id = await door.write((tx) => {
            setSim(tx, iccid, { number, country });
            return writeAudit(tx, { userId: user.id, action: 'sim.set', target: iccid, detail });
          });
          return seeOther(request, `${ownPath(body.back, simPagePath(iccid))}?done=${id}`);
        } catch (thrown) {
          if (!(thrown instanceof Refusal) || thrown.type !== 'validation') throw thrown;
          const form = { values: { number: body.number ?? '', country: body.country ?? '' }, errors: { '': thrown.detail } };
          const view = simView(sources, iccid, { query: {}, form });
          return page(<SimPage page={pageContext(db, request, user)} view={view} />, { status: 422 });
        }
      },
      { operator: true, body: SetForm },
    );
}
