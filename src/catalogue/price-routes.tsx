/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { PricesView } from '../../views/catalogue/model.ts';
import { PricesPage } from '../../views/catalogue/prices.tsx';
import type { FormView } from '../../views/model.ts';
import { paths, priceChangePath, withQuery } from '../../views/paths.ts';
import type { User } from '../accounts/users.ts';
import { serviceName } from '../codes/services.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { CatalogueDeps } from './admin-routes.ts';
import { CATEGORIES } from './categories.ts';
import { keepPlan, PRICES_AUDITED } from './changes.ts';
import { isService } from './check.ts';
import { errorsOf, headOf, newestEntry, PAGE_SIZE, paged, pageNumber } from './head.ts';
import { readMany } from './many.ts';
import { serviceDenied } from './offers.ts';
import { planPrices, setOnePrice } from './planning.ts';
import { findPrice, pricePage } from './prices.ts';
import { listServices } from './services.ts';
import { readTerms } from './typed.ts';

const Text = 'string <= 200';
const PriceForm = type({
  ...{ 'country?': Text, 'service?': Text, 'carrier?': Text, 'price?': Text, 'window?': Text, 'remove?': Text, 'new?': Text },
  ...{ 'at_country?': Text, 'at_service?': Text, 'at_page?': Text },
});
const ManyForm = type({
  ...{ 'category?': Text, 'service?': Text, 'countries?': 'string <= 2000' },
  ...{ 'many_price?': Text, 'many_window?': Text, 'create?': Text },
});
const NO_FORM: FormView = { values: {}, errors: {} };
type Query = Record<string, string | undefined>;
type Forms = Partial<Pick<PricesView, 'refused' | 'form' | 'many'>>;

/** `/admin/catalogue/prices`: each price changed where it stands, a new one set, many at once planned. */
export function priceRoutes(deps: CatalogueDeps) {
  const { db, door, guard, terms } = deps;
  const view = (query: Query, forms: Forms): PricesView => {
    const country = /^[a-z]{2}$/.test(query['country'] ?? '') ? (query['country'] ?? '') : '';
    const service = isService(query['service'] ?? '') ? (query['service'] ?? '') : '';
    const filter = { country: country || null, service: service || null };
    const wanted = pageNumber(query['page']);
    const first = pricePage(db, filter, { number: wanted, size: PAGE_SIZE });
    const at = paged(wanted, first.found);
    const { prices } = at.number === wanted ? first : pricePage(db, filter, { number: at.number, size: PAGE_SIZE });
    const book = terms.rules();
    const services = listServices(db, terms);
    const hidden = new Set(services.filter((one) => one.hidden).map(({ slug }) => slug));
    const distinct = (sql: string) =>
      db
        .query<{ country: string }, []>(sql)
        .all()
        .map((row) => row.country);
    return {
      ...headOf(db, terms.currency, query['done']),
      rows: prices.map((price) => ({
        ...{ ...price, serviceName: serviceName(price.service, book), hidden: hidden.has(price.service) },
        denied: serviceDenied(price.service, terms),
      })),
      ...{ found: first.found, page: at, filter: { country, service, serviceName: serviceName(service, book) } },
      countries: distinct('SELECT DISTINCT country FROM offers ORDER BY country'),
      services: services.map(({ slug, name }) => ({ slug, name })),
      ...{ categories: CATEGORIES, windowMinutes: terms.windowMinutes },
      ...{ refused: null, form: NO_FORM, many: NO_FORM, ...forms },
      simCountries: distinct('SELECT DISTINCT country FROM sims WHERE country IS NOT NULL ORDER BY country'),
      empty: first.found === 0 && country === '' && service === '',
    };
  };
  const shown = (request: Request, user: User, query: Query, forms: Forms = {}, status = 200) =>
    page(<PricesPage page={pageContext(db, request, user)} view={view(query, forms)} />, { status });

  return new Elysia({ prefix: paths.prices, detail: { hide: true } })
    .use(guard)
    .get('', ({ request, user, query }) => shown(request, user, query), { operator: true })
    .post(
      '',
      async ({ request, user, body }) => {
        const key = {
          country: (body.country ?? '').trim().toLowerCase(),
          service: (body.service ?? '').trim().toLowerCase(),
          carrier: (body.carrier ?? '').trim().toLowerCase(),
        };
        const values = { ...key, price: body.price ?? '', window: body.window ?? '' };
        const at = { country: body.at_country ?? '', service: body.at_service ?? '', page: body.at_page ?? '' };
        const refuse = (errors: Record<string, string>, status: number) => {
          const form = { values, errors };
          if (body.new === '1') return shown(request, user, at, { form }, status);
          // What is left of a row that went away meanwhile is said above the others.
          const isThere = findPrice(db, key) !== null;
          const forms = isThere ? { refused: { key: `${key.country}/${key.service}/${key.carrier}`, form } } : { form };
          return shown(request, user, at, forms, status);
        };
        const read = readTerms(values, terms.currency);
        if (!read.ok && body.remove === undefined) return refuse(read.errors, 422);
        const after = body.remove !== undefined || !read.ok ? null : read.terms;
        try {
          const changed = await door.write((tx) => setOnePrice(tx, terms, user.id, key, after));
          return seeOther(request, withQuery(paths.prices, { ...at, done: changed ? newestEntry(db, PRICES_AUDITED) : '' }));
        } catch (thrown) {
          const { status, errors } = errorsOf(thrown);
          const { window_minutes: window, ...others } = errors;
          return refuse({ ...others, ...(window === undefined ? {} : { window }) }, status);
        }
      },
      { operator: true, body: PriceForm },
    )
    .post(
      '/many',
      async ({ request, user, body }) => {
        const values = {
          ...{ category: body.category ?? '', service: (body.service ?? '').trim(), countries: body.countries ?? '' },
          ...{ many_price: body.many_price ?? '', many_window: body.many_window ?? '', create: body.create ?? '' },
        };
        const read = readMany(db, terms, values);
        if (!read.ok) return shown(request, user, {}, { many: { values, errors: read.errors } }, 422);
        const plan = await planPrices(deps, read.prices, false);
        const change = { kind: 'many', title: read.title, userId: user.id } as const;
        const id = await door.write((tx) => keepPlan(tx, terms.random, change, plan));
        return seeOther(request, priceChangePath(id));
      },
      { operator: true, body: ManyForm },
    );
}
