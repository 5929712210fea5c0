import * as drawings from 'country-flag-icons/string/3x2';
import { Elysia } from 'elysia';
import { SECURITY_HEADERS } from './page.ts';

/** Flags change once in years; a browser asks for each once a month. */
const KEPT_SECONDS = 30 * 86_400;
/** The drawings of ISO 3166-1 countries and no others, by lower-case code: they are part of the program, so that no page asks another site. */
const FLAGS = new Map(
  Object.entries(drawings).flatMap(([code, svg]) => (/^[A-Z]{2}$/.test(code) ? [[code.toLowerCase(), svg] as const] : [])),
);

/** `/static/flags/gb.svg`. */
export function flags() {
  return new Elysia({ name: 'flags' }).get(
    '/static/flags/:name',
    ({ params, request, status }) => {
      const svg = FLAGS.get(/^([a-z]{2})\.svg$/.exec(params.name)?.[1] ?? '');
      if (svg === undefined) return status(404, 'There is no such flag.');
      const etag = `"${Bun.hash(svg).toString(36)}"`;
      const headers = { ...SECURITY_HEADERS, etag, 'content-type': 'image/svg+xml', 'cache-control': `public, max-age=${KEPT_SECONDS}` };
      if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
      return new Response(svg, { headers });
    },
    { detail: { hide: true } },
  );
}
