import { swagger } from '@elysiajs/swagger';
import { Elysia } from 'elysia';
import { type ApiDocument, finishDocument } from './openapi.ts';
import { SECURITY_HEADERS } from './page.ts';

/** Swagger UI sets styles from its script; nothing else of the page's policy is loosened. */
const SWAGGER_POLICY = (SECURITY_HEADERS['content-security-policy'] ?? '').replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

const SWAGGER_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · SMSPin</title>
<link rel="icon" href="/static/icon.svg">
<link rel="stylesheet" href="/static/swagger-ui.css">
<link rel="stylesheet" href="/static/swagger.css">
<script src="/static/swagger-ui.js" defer></script>
<script src="/static/swagger.js" defer></script>
</head>
<body>
<header class="house"><a href="/">← SMSPin</a></header>
<div id="swagger"><noscript>The page needs JavaScript; the document itself is at <a href="/swagger/json">/swagger/json</a>.</noscript></div>
</body>
</html>`;

const ABOUT =
  'Rent real phone numbers by the minute and get the one-time code the moment its SMS arrives. Times are RFC 3339 in UTC, money is whole minor units. Refusals are RFC 9457 problems; branch on `type`.';

const TAGS: readonly [name: string, description: string][] = [
  ['offers', 'What can be rented'],
  ['orders', 'One activation: a number for a service, for the length of its window'],
  ['rentals', 'A whole number for hours, days or weeks'],
  ['waiting', 'Places in line for a number of an offer without stock: to be told, or to buy when it is there'],
  ['messages', 'The SMS of your orders and rentals'],
  ['balance', 'Your money'],
  ['webhooks', 'Events sent to an address of yours, signed as Standard Webhooks'],
  ['exports', 'Files of your orders, messages and money, by signed links'],
  ['keys', 'API keys'],
  [
    'events',
    'What happens to your orders, your rentals and your balance. `WS /api/v1/stream?after=EVENT` sends each event as one JSON text as soon as it is committed; with `after` it begins with those after that one. Programs open it with `Authorization: Bearer KEY`, browsers, which cannot send that, with `?ticket=`; `?heartbeat=1` adds `{"type": "heartbeat"}` every 15 seconds. It is closed with 4401 when the key ends, 4408 when the reader is too slow, 4410 when `after` is not in the log any more, 4429 when the account has too many.',
  ],
];

/** `/swagger/json`, made by @elysiajs/swagger from the routes, and `/swagger`, Swagger UI served by ourselves (the plugin's own page needs a CDN). */
export function apiDocs(version: string) {
  return new Elysia({ name: 'apidocs' })
    .onAfterHandle(({ request, response }) => {
      // A copy: the plugin hands out its own objects.
      if (new URL(request.url).pathname === '/swagger/json') return finishDocument(JSON.parse(JSON.stringify(response)) as ApiDocument);
      return undefined;
    })
    .use(
      swagger({
        path: '/swagger',
        exclude: ['/swagger', '/swagger/json'],
        documentation: {
          info: {
            title: 'SMSPin',
            version,
            description: ABOUT,
            license: { name: 'MIT', identifier: 'MIT' },
          } as { title: string; version: string },
          tags: TAGS.map(([name, description]) => ({ name, description })),
          components: {
            securitySchemes: {
              key: {
                type: 'http',
                scheme: 'bearer',
                description: 'An API key, made in the settings or by `smspin key create EMAIL`. Each call names the scope it needs.',
              },
            },
          },
        },
      }),
    )
    .get(
      '/swagger',
      () =>
        new Response(SWAGGER_PAGE, {
          headers: { ...SECURITY_HEADERS, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': SWAGGER_POLICY },
        }),
      { detail: { hide: true } },
    );
}
