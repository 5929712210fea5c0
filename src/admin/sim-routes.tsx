/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { SimPage } from '../../views/admin/sim.tsx';
import type { FormView } from '../../views/model.ts';
import { simPagePath } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import type { Door, Tx } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { ownPath, page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { tagsTyped } from '../orders/labels.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { type Care, setCare, toppedUp } from '../sims/care.ts';
import { setSim } from '../sims/correct.ts';
import { findSim } from '../sims/sims.ts';
import { writeAudit } from './audit.ts';
import type { BankControl } from './control.ts';
import { simView } from './present.ts';

const BackForm = type({ 'back?': 'string <= 500' });
const SetForm = type({ 'number?': 'string <= 40', 'country?': 'string <= 10', 'carrier?': 'string <= 60', 'back?': 'string <= 500' });

const CARE_FIELDS = ['note', 'tags', 'expires', 'topup', 'topupdays'] as const;
const CareForm = type({
  ...{ 'note?': 'string <= 10000', 'tags?': 'string <= 1000', 'expires?': 'string <= 40', 'topup?': 'string <= 40' },
  'topupdays?': 'string <= 20',
});

/** `/admin/sims/:iccid`: the life of a SIM, its number, country and carrier, and whether it is for sale. */
export function simRoutes(deps: {
  db: Database;
  door: Door;
  clock: Clock;
  guard: Guard;
  bank: Pick<BankControl, 'snapshots'>;
  terms: Pick<OrderTerms, 'currency'>;
}) {
  const { db, door, clock, guard } = deps;
  const sources = { db, nowMs: clock.nowMs, bank: deps.bank, currency: deps.terms.currency };
  const refused = (thrown: unknown, request: Request, user: User, iccid: string, values: FormView['values']): Promise<Response> => {
    if (!(thrown instanceof Refusal) || (thrown.type !== 'validation' && thrown.type !== 'already_exists')) throw thrown;
    const view = simView(sources, iccid, { query: {}, form: { values, errors: { [fieldOf(thrown)]: thrown.detail } } });
    return page(<SimPage page={pageContext(db, request, user)} view={view} />, { status: thrown.status });
  };
  const setState = (state: 'active' | 'paused') => async (iccid: string, request: Request, user: User, back: string | undefined) => {
    const paused = state === 'paused';
    try {
      await door.write((tx) => {
        setSim(tx, iccid, { state });
        const detail = paused ? 'The SIM is not sold until it is resumed.' : 'The SIM is for sale again.';
        writeAudit(tx, { userId: user.id, action: paused ? 'sim.pause' : 'sim.resume', target: iccid, detail });
      });
    } catch (thrown) {
      return refused(thrown, request, user, iccid, {});
    }
    return seeOther(request, `${ownPath(back, '/admin/bank')}?notice=${paused ? 'paused' : 'resumed'}`);
  };
  const pause = setState('paused');
  const resume = setState('active');
  return (
    new Elysia({ detail: { hide: true } })
      .use(guard)
      .get(
        '/sims/:iccid',
        ({ request, user, params, query }) =>
          page(<SimPage page={pageContext(db, request, user)} view={simView(sources, params.iccid, { query })} />),
        { operator: true },
      )
      // The addresses of forms that may answer with the page itself: reloaded from the address bar they lead back to it.
      .get('/sims/:iccid/:verb', ({ request, params }) => seeOther(request, simPagePath(params.iccid)), { operator: true })
      .post('/sims/:iccid/pause', ({ params, request, user, body }) => pause(params.iccid, request, user, body?.back), {
        operator: true,
        body: BackForm.or('undefined | null'),
      })
      .post('/sims/:iccid/resume', ({ params, request, user, body }) => resume(params.iccid, request, user, body?.back), {
        operator: true,
        body: BackForm.or('undefined | null'),
      })
      .post(
        '/sims/:iccid/set',
        async ({ params: { iccid }, request, user, body }) => {
          const typed = { number: body.number ?? '', country: body.country ?? '', carrier: body.carrier };
          try {
            const id = await door.write((tx) => {
              const detail = correct(tx, iccid, typed);
              return writeAudit(tx, { userId: user.id, action: 'sim.set', target: iccid, detail });
            });
            return seeOther(request, `${ownPath(body.back, simPagePath(iccid))}?done=${id}`);
          } catch (thrown) {
            return refused(thrown, request, user, iccid, { ...typed, carrier: typed.carrier ?? '' });
          }
        },
        { operator: true, body: SetForm },
      )
      .post(
        '/sims/:iccid/care',
        async ({ params: { iccid }, request, user, body }) => {
          const values = Object.fromEntries(CARE_FIELDS.map((field) => [field, body[field] ?? '']));
          try {
            const id = await door.write((tx) => {
              setCare(tx, iccid, careFrom(body));
              return writeAudit(tx, { userId: user.id, action: 'sim.care', target: iccid, detail: 'Days, tags and note are kept.' });
            });
            return seeOther(request, `${simPagePath(iccid)}?done=${id}`);
          } catch (thrown) {
            return refused(thrown, request, user, iccid, values);
          }
        },
        { operator: true, body: CareForm },
      )
      .post(
        '/sims/:iccid/topped-up',
        async ({ params: { iccid }, request, user }) => {
          const id = await door.write((tx) => {
            const { topUpOn } = toppedUp(tx, iccid);
            const detail = topUpOn === null ? 'Topped up; no further top-up is due.' : `Topped up; the next is due on ${topUpOn}.`;
            return writeAudit(tx, { userId: user.id, action: 'sim.topped_up', target: iccid, detail });
          });
          return seeOther(request, `${simPagePath(iccid)}?done=${id}`);
        },
        { operator: true },
      )
  );
}

/** Does what was typed into the form, in which a field left as it was means no change and an emptied one takes back what was set; says what came of it. */
function correct(tx: Tx, iccid: string, typed: { number: string; country: string; carrier: string | undefined }): string {
  const before = findSim(tx.db, iccid);
  const change = {
    number: changed(typed.number.replace(/[\s().-]/g, ''), before?.number ?? null),
    country: changed(typed.country.trim().toLowerCase(), before?.country ?? null),
    // A form of before may not have the field.
    carrier: typed.carrier === undefined ? undefined : changed(typed.carrier.trim().toLowerCase(), before?.carrier ?? null),
  };
  const after = setSim(tx, iccid, change);
  const said = [
    sentence('number', change.number, before?.number ?? null, after.number),
    sentence('country', change.country, before?.country ?? null, after.country),
    sentence('carrier', change.carrier, before?.carrier ?? null, after.carrier),
  ].filter((one) => one !== null);
  return said.length === 0 ? 'Nothing was changed: number, country and carrier are as they were.' : said.join(' ');
}

/** What was typed about a card; an emptied field takes away what was there. */
function careFrom(body: typeof CareForm.infer): Partial<Care> {
  const { note = '', tags = '', expires = '', topup = '', topupdays = '' } = body;
  const days = topupdays.trim();
  return {
    ...{ note, tags: tagsTyped(tags), expiresOn: expires.trim() || null, topUpOn: topup.trim() || null },
    topUpDays: days === '' ? null : Number(days),
  };
}

/** Undefined: as it was; null: to be taken back. */
function changed(typed: string, known: string | null): string | null | undefined {
  if (typed === (known ?? '')) return undefined;
  return typed === '' ? null : typed;
}

function sentence(what: string, change: string | null | undefined, before: string | null, after: string | null): string | null {
  if (change === undefined) return null;
  if (change !== null) return `The ${what} is ${change} now.`;
  return `The ${what} ${before ?? ''} was removed; ${after === null ? `the SIM tells none` : `now it is ${after}, as the SIM tells`}.`;
}

/** The field of the form that a refusal is about; '' is the form as a whole. */
function fieldOf({ extra }: Refusal): string {
  const [error] = Array.isArray(extra['errors']) ? extra['errors'] : [];
  return typeof error?.field === 'string' ? error.field : '';
}
