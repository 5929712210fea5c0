/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { ServicesView } from '../../views/catalogue/model.ts';
import { ServicesPage } from '../../views/catalogue/services.tsx';
import type { FormView } from '../../views/model.ts';
import { paths, withQuery } from '../../views/paths.ts';
import type { User } from '../accounts/users.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { CatalogueDeps } from './admin-routes.ts';
import { CATEGORIES, categoryName } from './categories.ts';
import { errorsOf, headOf, newestEntry, PAGE_SIZE, paged, pageNumber } from './head.ts';
import { hideService, listServices, SERVICES_AUDITED, setService } from './services.ts';

const ServiceForm = type({ 'name?': 'string <= 200', 'slug?': 'string <= 200', 'category?': 'string <= 60' });
const NO_FORM: FormView = { values: {}, errors: {} };
type Query = Record<string, string | undefined>;

/** `/admin/catalogue`: the services. */
export function serviceRoutes({ db, door, guard, terms, rules }: CatalogueDeps) {
  const view = (query: Query, form: FormView): ServicesView => {
    const q = (query['q'] ?? '').slice(0, 60);
    const category = query['category'] ?? '';
    const show = (['priced', 'hidden', 'own'] as const).find((one) => one === query['show']) ?? '';
    const all = listServices(db, terms);
    const needle = q.trim().toLowerCase();
    const found = all.filter(
      (service) =>
        (needle === '' || service.name.toLowerCase().includes(needle) || service.slug.includes(needle)) &&
        (category === '' || service.category === category) &&
        (show === '' || (show === 'priced' ? service.prices > 0 : service[show])),
    );
    const at = paged(pageNumber(query['page']), found.length);
    return {
      ...headOf(db, terms.currency, query['done']),
      services: found
        .slice((at.number - 1) * PAGE_SIZE, at.number * PAGE_SIZE)
        .map((service) => ({ ...service, categoryName: categoryName(service.category) })),
      ...{ found: found.length, total: all.length, page: at, filter: { q, category, show }, categories: CATEGORIES, form },
      empty: all.every(({ prices }) => prices === 0),
    };
  };
  const shown = (request: Request, user: User, query: Query, form: FormView, status = 200) =>
    page(<ServicesPage page={pageContext(db, request, user)} view={view(query, form)} />, { status });
  const hide = async (request: Request, user: User, slug: string, hidden: boolean) => {
    await door.write((tx) => hideService(tx, user.id, slug, hidden));
    return seeOther(request, withQuery(paths.catalogue, { q: slug, done: newestEntry(db, SERVICES_AUDITED) }));
  };
  return new Elysia({ prefix: paths.catalogue, detail: { hide: true } })
    .use(guard)
    .get('', ({ request, user, query }) => shown(request, user, query, NO_FORM), { operator: true })
    .post(
      '/services',
      async ({ request, user, body }) => {
        const values = { name: body.name ?? '', slug: body.slug ?? '', category: body.category ?? '' };
        try {
          const slug = await door.write((tx) => setService(tx, user.id, values, terms));
          rules.refresh();
          return seeOther(request, withQuery(paths.catalogue, { q: slug, done: newestEntry(db, SERVICES_AUDITED) }));
        } catch (thrown) {
          const { status, errors } = errorsOf(thrown);
          return shown(request, user, {}, { values, errors }, status);
        }
      },
      { operator: true, body: ServiceForm },
    )
    .post('/services/:slug/hide', ({ request, user, params }) => hide(request, user, params.slug, true), { operator: true })
    .post('/services/:slug/show', ({ request, user, params }) => hide(request, user, params.slug, false), { operator: true });
}
