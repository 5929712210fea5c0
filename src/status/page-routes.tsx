/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { paths } from '../../views/paths.ts';
import { DayPage, IncidentPage } from '../../views/status/day.tsx';
import type { StatusFrameView, StatusView } from '../../views/status/model.ts';
import { StatusPage } from '../../views/status/page.tsx';
import { LinkPage, SaidPage, SubscribePage } from '../../views/status/subscribe.tsx';
import { cleanEmail } from '../accounts/users.ts';
import type { Door } from '../db/write.ts';
import { clientAddress, networkOf } from '../http/address.ts';
import { RateLimit } from '../http/limits.ts';
import { page, SECURITY_HEADERS } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { type MailLinks, readStatusLink } from '../mail/links.ts';
import { statusAtom } from './atom.ts';
import { dayOf, startOfDay } from './calendar.ts';
import { findIncident } from './incidents.ts';
import { statusJson } from './json.ts';
import type { StatusRoom } from './room.ts';
import { confirm, findSubscriber, subscribe, unsubscribe } from './subscribers.ts';

export interface StatusPageDeps {
  db: Database;
  door: Door;
  clock: Clock;
  random: RandomBytes;
  status: StatusRoom;
  links: MailLinks;
  trustedProxies: readonly string[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Everybody sees the same, and it changes once a minute. */
const CACHE = 'public, max-age=30';
/** Older figures than this are told to be old. */
const FRESH_MS = 3 * 60_000;
const EmailForm = type({ 'email?': 'string <= 300' }).or('undefined | null');

/** `/status` and what belongs to it: for everybody. What is asked most is kept ready as text and made anew when the figures are. */
export function statusPages(deps: StatusPageDeps) {
  const { db, door, clock, random, status, links, trustedProxies } = deps;
  const limits = {
    address: new RateLimit({ burst: 10, refillMs: HOUR_MS, what: 'subscriptions from this address' }),
    email: new RateLimit({ burst: 3, refillMs: 12 * HOUR_MS, what: 'subscriptions of this e-mail address' }),
  };
  const frameOf = (view: StatusView, stale: string | null): StatusFrameView => ({
    publicUrl: links.publicUrl,
    stale: ageOf(view, stale),
    nowMs: clock.nowMs(),
  });
  const ageOf = (view: StatusView, stale: string | null): string | null => {
    const ageMs = clock.nowMs() - view.madeAtMs;
    if (stale === null && ageMs < FRESH_MS) return null;
    return `${stale ?? 'The newest figures are late.'} What is shown is of ${new Date(view.madeAtMs).toISOString().slice(11, 16)} UTC, ${Math.max(0, Math.round(ageMs / 60_000))} minutes old.`;
  };
  const frameNow = () => {
    const { view, stale } = status.shown();
    return { frame: frameOf(view, stale), isVirtual: view.isVirtual };
  };
  const html = kept((view, stale) => StatusPage({ frame: frameOf(view, stale), view }) as string, 'text/html; charset=utf-8');
  const json = kept((view, stale) => `${JSON.stringify(statusJson(view, ageOf(view, stale)))}\n`, 'application/json');
  const atom = kept((view) => statusAtom(view, links.publicUrl), 'application/atom+xml; charset=utf-8');
  const answer = (ready: ReturnType<typeof kept>, request: Request): Response => {
    const { view, stale } = status.shown();
    return ready(request, view, stale, ageOf(view, stale));
  };
  const said = (title: string, text: string, code = 200) => page(<SaidPage {...frameNow()} title={title} text={text} />, { status: code });
  const linkOf = (verb: 'confirm' | 'unsubscribe', token: string) => {
    const id = readStatusLink(links.secret, verb, token, clock.nowMs());
    const subscriber = id === null ? null : findSubscriber(db, id);
    if (subscriber === null)
      throw new Refusal(
        'link_ended',
        'It is not whole, too old, or the address is not on the list any more. Subscribe again on the status page.',
      );
    return subscriber;
  };

  return new Elysia({ name: 'status-pages', detail: { hide: true } })
    .get(paths.status, ({ request }) => answer(html, request))
    .get(paths.statusJson, ({ request }) => answer(json, request))
    .get(paths.statusAtom, ({ request }) => answer(atom, request))
    .get(`${paths.status}/:day`, ({ params: { day } }) => {
      const atMs = startOfDay(day);
      if (atMs === null || atMs > clock.nowMs())
        throw new Refusal('not_found', 'There is no such day yet; days are written like 2026-11-29.');
      const { view } = status.shown();
      const { frame, isVirtual } = frameNow();
      const first = view.sinceMs === null ? null : dayOf(view.sinceMs);
      const [previous, next] = [dayOf(atMs - DAY_MS), dayOf(atMs + DAY_MS)];
      const overlaps = (fromMs: number, toMs: number | null) => fromMs < atMs + DAY_MS && (toMs ?? clock.nowMs()) >= atMs;
      const shown = {
        ...{ day, isVirtual, surfaces: status.day(day) },
        previous: first !== null && previous >= first ? previous : null,
        next: atMs + DAY_MS <= clock.nowMs() ? next : null,
        incidents: view.incidents.filter(({ startedAtMs, endedAtMs }) => overlaps(startedAtMs, endedAtMs)),
        maintenance: view.maintenance.filter(({ startsAtMs, endsAtMs, isCanceled }) => !isCanceled && overlaps(startsAtMs, endsAtMs)),
      };
      return page(<DayPage frame={frame} view={shown} />, { headers: { 'cache-control': CACHE } });
    })
    .get(`${paths.status}/incidents/:id`, ({ params: { id } }) => {
      const incident = findIncident(db, id);
      if (incident === null) throw new Refusal('not_found', 'There is no such incident.');
      return page(<IncidentPage {...frameNow()} incident={incident} />, { headers: { 'cache-control': CACHE } });
    })
    .post(
      `${paths.status}/subscribe`,
      async ({ body, request, server }) => {
        if (!status.shown().view.canMail) throw new Refusal('unavailable', 'The operator has not set up mail. Use the Atom feed.');
        const typed = body?.email ?? '';
        const email = cleanEmail(typed);
        if (email === null) {
          const form = { values: { email: typed }, errors: { email: 'Type an address such as you@example.org.' } };
          return page(<SubscribePage {...frameNow()} form={form} />, { status: 422 });
        }
        limits.address.take(networkOf(clientAddress(server, request, trustedProxies)), clock.monotonicMs());
        limits.email.take(email, clock.monotonicMs());
        await door.write((tx) => subscribe(tx, random, email));
        // The same for an address that is on the list: nobody learns who is.
        return said('Look into your mail', `If ${email} is not on the list yet, a mail asks it to confirm. It works for three days.`);
      },
      { body: EmailForm },
    )
    .get(`${paths.status}/confirm/:token`, ({ params: { token } }) =>
      page(<LinkPage {...frameNow()} view={{ verb: 'confirm', token, email: linkOf('confirm', token).email }} />),
    )
    .post(`${paths.status}/confirm/:token`, async ({ params: { token } }) => {
      const { id } = linkOf('confirm', token);
      await door.write((tx) => confirm(tx, id));
      return said('On the list', 'You get a mail when maintenance is announced and when an incident begins or ends.');
    })
    .get(`${paths.status}/unsubscribe/:token`, ({ params: { token } }) =>
      page(<LinkPage {...frameNow()} view={{ verb: 'unsubscribe', token, email: linkOf('unsubscribe', token).email }} />),
    )
    .post(`${paths.status}/unsubscribe/:token`, async ({ params: { token } }) => {
      const { id } = linkOf('unsubscribe', token);
      await door.write((tx) => unsubscribe(tx, id));
      return said('Off the list', 'No more mails about the status come, and the address is forgotten.');
    });
}

/** An answer that is made once for each view and told by an ETag. */
function kept(make: (view: StatusView, stale: string | null) => string, contentType: string) {
  let ready: { view: StatusView; age: string | null; text: string; gzipped: Uint8Array<ArrayBuffer>; etag: string } | null = null;
  return (request: Request, view: StatusView, stale: string | null, age: string | null): Response => {
    if (ready === null || ready.view !== view || ready.age !== age) {
      const text = make(view, stale);
      ready = { view, age, text, gzipped: Bun.gzipSync(text), etag: `"${Bun.hash(text).toString(36)}"` };
    }
    const headers = { ...SECURITY_HEADERS, etag: ready.etag, 'content-type': contentType, 'cache-control': CACHE, vary: 'accept-encoding' };
    if (request.headers.get('if-none-match') === ready.etag) return new Response(null, { status: 304, headers });
    if (!/\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')) return new Response(ready.text, { headers });
    return new Response(ready.gzipped, { headers: { ...headers, 'content-encoding': 'gzip' } });
  };
}
