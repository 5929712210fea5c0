import pico from '@picocss/pico/css/pico.min.css' with { type: 'file' };
import { Elysia } from 'elysia';
import hxWs from 'htmx.org/dist/ext/hx-ws.min.js' with { type: 'file' };
import htmx from 'htmx.org/dist/htmx.min.js' with { type: 'file' };
import swaggerCss from 'swagger-ui-dist/swagger-ui.css' with { type: 'file' };
import swaggerUi from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'file' };
import alarmsCss from '../../static/alarms.css' with { type: 'file' };
import balance from '../../static/balance.css' with { type: 'file' };
import bank from '../../static/bank.css' with { type: 'file' };
import catalogue from '../../static/catalogue.css' with { type: 'file' };
import consoleCss from '../../static/console.css' with { type: 'file' };
import consoleJs from '../../static/console.js' with { type: 'file' };
import desk from '../../static/desk.css' with { type: 'file' };
import exportsCss from '../../static/exports.css' with { type: 'file' };
import icon from '../../static/icon.svg' with { type: 'file' };
import keys from '../../static/keys.css' with { type: 'file' };
import live from '../../static/live.js' with { type: 'file' };
import overviewCss from '../../static/overview.css' with { type: 'file' };
import rentals from '../../static/rentals.css' with { type: 'file' };
import rules from '../../static/rules.css' with { type: 'file' };
import simsCss from '../../static/sims.css' with { type: 'file' };
import site from '../../static/site.css' with { type: 'file' };
import statusCss from '../../static/status.css' with { type: 'file' };
import swaggerOwnCss from '../../static/swagger.css' with { type: 'file' };
import swaggerStart from '../../static/swagger.js' with { type: 'file' };
import talk from '../../static/talk.css' with { type: 'file' };
import waiting from '../../static/waiting.css' with { type: 'file' };
import webhooks from '../../static/webhooks.css' with { type: 'file' };
import { SECURITY_HEADERS } from './page.ts';

/** Every file the browser loads, by its name under /static/; all of them travel inside the executable. */
const ASSETS = new Map<string, { file: string; type: string }>(
  Object.entries({
    'pico.css': { file: pico, type: 'text/css; charset=utf-8' },
    'site.css': { file: site, type: 'text/css; charset=utf-8' },
    'keys.css': { file: keys, type: 'text/css; charset=utf-8' },
    'rentals.css': { file: rentals, type: 'text/css; charset=utf-8' },
    'overview.css': { file: overviewCss, type: 'text/css; charset=utf-8' },
    'sims.css': { file: simsCss, type: 'text/css; charset=utf-8' },
    'console.css': { file: consoleCss, type: 'text/css; charset=utf-8' },
    'console.js': { file: consoleJs, type: 'text/javascript; charset=utf-8' },
    'desk.css': { file: desk, type: 'text/css; charset=utf-8' },
    'waiting.css': { file: waiting, type: 'text/css; charset=utf-8' },
    'bank.css': { file: bank, type: 'text/css; charset=utf-8' },
    'alarms.css': { file: alarmsCss, type: 'text/css; charset=utf-8' },
    'balance.css': { file: balance, type: 'text/css; charset=utf-8' },
    'catalogue.css': { file: catalogue, type: 'text/css; charset=utf-8' },
    'talk.css': { file: talk, type: 'text/css; charset=utf-8' },
    'webhooks.css': { file: webhooks, type: 'text/css; charset=utf-8' },
    'exports.css': { file: exportsCss, type: 'text/css; charset=utf-8' },
    'status.css': { file: statusCss, type: 'text/css; charset=utf-8' },
    'rules.css': { file: rules, type: 'text/css; charset=utf-8' },
    'htmx.js': { file: htmx, type: 'text/javascript; charset=utf-8' },
    'hx-ws.js': { file: hxWs, type: 'text/javascript; charset=utf-8' },
    'live.js': { file: live, type: 'text/javascript; charset=utf-8' },
    'icon.svg': { file: icon, type: 'image/svg+xml' },
    'swagger-ui.css': { file: swaggerCss, type: 'text/css; charset=utf-8' },
    'swagger-ui.js': { file: swaggerUi, type: 'text/javascript; charset=utf-8' },
    'swagger.css': { file: swaggerOwnCss, type: 'text/css; charset=utf-8' },
    'swagger.js': { file: swaggerStart, type: 'text/javascript; charset=utf-8' },
  }),
);

/** `/static/*`, each compressed and hashed once at its first request. */
export function assets() {
  const ready = new Map<string, Promise<{ body: Uint8Array<ArrayBuffer>; gzipped: Uint8Array<ArrayBuffer>; etag: string; type: string }>>();
  const load = (name: string, asset: { file: string; type: string }) => {
    const loaded = ready.get(name) ?? prepare(asset);
    ready.set(name, loaded);
    return loaded;
  };
  return new Elysia({ name: 'assets' }).get(
    '/static/:name',
    async ({ params, request, status }) => {
      const asset = ASSETS.get(params.name);
      if (!asset) return status(404, 'Nothing is at this address.');
      const { body, gzipped, etag, type } = await load(params.name, asset);
      const headers = { ...SECURITY_HEADERS, etag, 'content-type': type, 'cache-control': 'public, max-age=300', vary: 'accept-encoding' };
      if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
      const zip = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
      return new Response(zip ? gzipped : body, { headers: zip ? { ...headers, 'content-encoding': 'gzip' } : headers });
    },
    { detail: { hide: true } },
  );
}

async function prepare(asset: { file: string; type: string }) {
  const body = await Bun.file(asset.file).bytes();
  return { body, gzipped: Bun.gzipSync(body), etag: `"${Bun.hash(body).toString(36)}"`, type: asset.type };
}
