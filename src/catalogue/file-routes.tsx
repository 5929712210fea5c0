/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { FilesPage } from '../../views/catalogue/files.tsx';
import type { FilesView } from '../../views/catalogue/model.ts';
import { paths, priceChangePath } from '../../views/paths.ts';
import type { User } from '../accounts/users.ts';
import { pageContext } from '../http/context.ts';
import { page, SECURITY_HEADERS, seeOther } from '../http/page.ts';
import { majorText, minorDigits } from '../lib/money.ts';
import { breather } from '../lib/slices.ts';
import type { CatalogueDeps } from './admin-routes.ts';
import { keepPlan } from './changes.ts';
import { headOf } from './head.ts';
import { planPrices } from './planning.ts';
import { columnsOf, FILE_LINES_MAX, FILE_OCTETS_MAX, priceFile, readPriceFile } from './price-file.ts';
import { allPrices } from './prices.ts';

/** What `readPriceFile` takes, and the rest of the form. The route's own limit (app.ts). */
export const IMPORT_OCTETS_MAX = FILE_OCTETS_MAX + 64 * 1024;
const ImportForm = type({ 'file?': 'unknown', 'mode?': 'string <= 20' }).or('undefined | null');
const NAME_CHARACTERS_MAX = 80;

/** `/admin/catalogue/files`: price lists in and out. */
export function fileRoutes(deps: CatalogueDeps) {
  const { db, door, guard, terms, log, clock } = deps;
  const { currency } = terms;
  const shown = (request: Request, user: User, more: Partial<Pick<FilesView, 'refused' | 'form'>> = {}, status = 200) => {
    const view: FilesView = {
      ...headOf(db, currency, undefined),
      prices: db.query<{ n: number }, []>('SELECT count(*) AS n FROM offers').get()?.n ?? 0,
      ...{ columns: columnsOf(currency), decimals: minorDigits(currency) },
      example: `gb,telegram,,${majorText(45, currency)},\nde,whatsapp,vodafone,${majorText(120, currency)},30`,
      ...{ octetsMax: FILE_OCTETS_MAX, linesMax: FILE_LINES_MAX, refused: null, form: { values: {}, errors: {} }, ...more },
    };
    return page(<FilesPage page={pageContext(db, request, user)} view={view} />, { status });
  };
  return new Elysia({ prefix: paths.priceFiles, detail: { hide: true } })
    .use(guard)
    .get('', ({ request, user }) => shown(request, user), { operator: true })
    .get('/import', ({ request }) => seeOther(request, paths.priceFiles), { operator: true })
    .post(
      '/import',
      async ({ request, user, body }) => {
        const file = body?.file;
        const mode = body?.mode === 'whole' ? 'whole' : 'some';
        const values = { mode };
        if (!(file instanceof Blob) || file.size === 0) {
          return shown(request, user, { form: { values, errors: { file: 'Choose a CSV file.' } } }, 422);
        }
        const name = (file instanceof File ? file.name : '').slice(0, NAME_CHARACTERS_MAX) || 'price list';
        const breathe = breather(clock);
        const { prices } = await allPrices(db, breathe);
        const read = await readPriceFile(await file.bytes(), terms, prices, breathe);
        if (!read.ok) {
          log.info('price_list_refused', { lines: read.lines, bad: read.badCount });
          return shown(request, user, { refused: { ...read, name }, form: { values, errors: {} } }, 422);
        }
        const plan = await planPrices(deps, read.prices, mode === 'whole');
        const title = `${name}${mode === 'whole' ? ' as the whole list' : ''}`;
        const source = mode === 'whole' ? { wanted: JSON.stringify(read.prices) } : {};
        const id = await door.write((tx) => keepPlan(tx, terms.random, { kind: 'import', title, userId: user.id }, plan, source));
        return seeOther(request, priceChangePath(id));
      },
      { operator: true, body: ImportForm },
    )
    .get(
      '/prices.csv',
      async () => {
        const { prices } = await allPrices(db, breather(clock));
        return new Response([...priceFile(prices.values(), currency)].join(''), {
          headers: {
            ...SECURITY_HEADERS,
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': 'attachment; filename="prices.csv"',
            'cache-control': 'no-store',
          },
        });
      },
      { operator: true },
    );
}
