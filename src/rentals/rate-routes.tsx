/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { RatesPage } from '../../views/admin/rates.tsx';
import { paths } from '../../views/paths.ts';
import type { RatesView } from '../../views/rentals/model.ts';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import { auditEntry, writeAudit } from '../admin/audit.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { formatMinor, majorText, parseMajor } from '../lib/money.ts';
import { stockOf } from './free.ts';
import { UNITS } from './pricing.ts';
import { listRates, type PriceChange, RATES_AUDITED, removeRate, setRate } from './rates.ts';
import type { RentalTerms } from './rentals.ts';

const RateForm = type({ 'country?': 'string <= 10', 'hour?': 'string <= 20', 'day?': 'string <= 20', 'week?': 'string <= 20' });

/** `/admin/rates`: what a whole number costs, by country. */
export function rateRoutes(deps: { db: Database; door: Door; clock: Clock; guard: Guard; terms: RentalTerms }) {
  const { db, door, clock, guard, terms } = deps;
  const { currency } = terms;
  const view = (form: RatesView['form'], done: string | null): RatesView => ({
    ...{ currency, form, done },
    rates: listRates(db).map(({ country, prices }) => ({
      country,
      prices: {
        hour: prices.hour === null ? '' : majorText(prices.hour, currency),
        day: prices.day === null ? '' : majorText(prices.day, currency),
        week: prices.week === null ? '' : majorText(prices.week, currency),
      },
      stock: stockOf(db, country, terms, clock.nowMs()),
    })),
  });
  const shown = (request: Request, user: User, form: RatesView['form'], done: string | null, status = 200) =>
    page(<RatesPage page={pageContext(db, request, user)} view={view(form, done)} />, { status });
  const act = async (request: Request, user: User, values: Record<string, string>, verb: () => Promise<string>) => {
    try {
      return seeOther(request, `${paths.rates}?done=${await verb()}`);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return shown(request, user, { values, errors: { [fieldOf(thrown)]: thrown.detail } }, null, thrown.status);
    }
  };

  return new Elysia({ detail: { hide: true } })
    .use(guard)
    .get(
      '/admin/rates',
      ({ request, user, query }) =>
        shown(request, user, { values: {}, errors: {} }, auditEntry(db, query['done'] ?? '', RATES_AUDITED)?.detail ?? null),
      { operator: true },
    )
    .post(
      '/admin/rates',
      ({ request, user, body }) => {
        const values = { country: body.country ?? '', hour: body.hour ?? '', day: body.day ?? '', week: body.week ?? '' };
        return act(request, user, values, () => {
          const change = pricesOf(values, currency);
          return door.write((tx) => {
            const { country, prices } = setRate(tx, values.country.trim().toLowerCase(), change);
            const said = UNITS.flatMap((unit) => (prices[unit] === null ? [] : [`${unit} ${formatMinor(prices[unit], currency)}`])).join(
              ', ',
            );
            return writeAudit(tx, { userId: user.id, action: 'rate.set', target: RATES_AUDITED, detail: `${country}: ${said}.` });
          });
        });
      },
      { operator: true, body: RateForm },
    )
    .post(
      '/admin/rates/:country/remove',
      ({ request, user, params: { country } }) =>
        act(request, user, {}, () =>
          door.write((tx) => {
            removeRate(tx, country);
            const detail = `${country}: no whole numbers are rented out any more. Rentals that run go on and cannot be extended.`;
            return writeAudit(tx, { userId: user.id, action: 'rate.remove', target: RATES_AUDITED, detail });
          }),
        ),
      { operator: true },
    );
}

/** An empty field means that the unit is not offered. */
function pricesOf(values: Record<'hour' | 'day' | 'week', string>, currency: string): PriceChange {
  const change: PriceChange = {};
  for (const unit of UNITS) {
    const text = values[unit].trim();
    const price = text === '' ? null : parseMajor(text, currency);
    if (text !== '' && price === null) {
      const message = `The price must be an amount such as ${majorText(400, currency)}, or empty.`;
      throw new Refusal('validation', message, { errors: [{ field: unit, message }] });
    }
    change[unit] = price;
  }
  return change;
}

function fieldOf({ extra }: Refusal): string {
  const [error] = Array.isArray(extra['errors']) ? extra['errors'] : [];
  return typeof error?.field === 'string' ? error.field : '';
}
