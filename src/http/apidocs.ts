import { STATUS_CODES } from 'node:http';
import { swagger } from '@elysiajs/swagger';
import { Elysia } from 'elysia';
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
<script src="/static/swagger-ui.js" defer></script>
<script src="/static/swagger.js" defer></script>
</head>
<body>
<main id="swagger"><noscript>The page needs JavaScript; the document itself is at <a href="/swagger/json">/swagger/json</a>.</noscript></main>
</body>
</html>`;

/** `/swagger/json`, made by @elysiajs/swagger from the routes, and `/swagger`, Swagger UI served by ourselves (the plugin's own page needs a CDN). */
export function apiDocs(version: string) {
  return new Elysia({ name: 'apidocs' })
    .onAfterHandle(({ request, response }) => {
      // A copy: the plugin hands out its own objects.
      if (new URL(request.url).pathname === '/swagger/json') return jsonOnly(JSON.parse(JSON.stringify(response)) as ApiDocument);
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
            description:
              'Rent real phone numbers by the minute and get the one-time code the moment its SMS arrives. Times are RFC 3339 in UTC, money is whole minor units. Refusals are RFC 9457 problems; branch on `type`.',
          },
          tags: [
            { name: 'offers', description: 'What can be rented' },
            { name: 'orders', description: 'One activation: a number for a service, for the length of its window' },
            { name: 'messages', description: 'The SMS of your orders' },
            { name: 'balance', description: 'Your money' },
            { name: 'webhooks', description: 'Events sent to an address of yours, signed as Standard Webhooks' },
          ],
          components: {
            securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key: `smspin key create EMAIL`' } },
          },
          security: [{ key: [] }],
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

type Content = Record<string, unknown>;
interface Operation {
  requestBody?: { content?: Content };
  responses?: Record<string, { content?: Content; description?: string }>;
}
interface ApiDocument {
  paths?: Record<string, Record<string, Operation>>;
}

/** The plugin offers every body as multipart and plain text too, which no route takes: leaves JSON, and problem+json for refusals. */
function jsonOnly(document: ApiDocument): ApiDocument {
  for (const operation of Object.values(document.paths ?? {}).flatMap((methods) => Object.values(methods))) {
    if (operation.requestBody?.content)
      operation.requestBody.content = { 'application/json': operation.requestBody.content['application/json'] };
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      response.description ??= STATUS_CODES[status] ?? 'Answer';
      if (Number(status) === 204 || Number(status) === 304) delete response.content;
      if (!response.content) continue;
      const name = Number(status) >= 400 ? 'application/problem+json' : 'application/json';
      response.content = { [name]: response.content['application/json'] };
    }
  }
  return document;
}
