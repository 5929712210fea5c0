import { describe, expect, test } from 'bun:test';
import { DOMParser } from '@xmldom/xmldom';
import { houseSecret } from '../../src/db/secret.ts';
import { statusUrl } from '../../src/mail/links.ts';
import { setMailOn } from '../../src/mail/queue.ts';
import { composeStatus } from '../../src/mail/status-mail.ts';
import type { Delivery } from '../../src/outbox/deliveries.ts';
import { minuteOf } from '../../src/status/calendar.ts';
import { openIncident } from '../../src/status/incidents.ts';
import { recordMinutes } from '../../src/status/minutes.ts';
import { SURFACES } from '../../src/status/surfaces.ts';
import { paths } from '../../views/paths.ts';
import { adminHouse } from '../support/admin-house.ts';
import { MINUTE_MS, START_MS, seededRandom } from '../support/house.ts';
import { seen } from '../views/markup.ts';
import * as sample from '../views/sample.ts';

const HOUR_MS = 3_600_000;
const local = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
const ALL = { ordering: 'yes', dashboard: 'yes', delivery: 'yes' };
const plan = (fromMs: number, toMs: number, more: Record<string, string> = {}) => ({
  title: 'New hub',
  text: 'Short.',
  starts: local(fromMs),
  ends: local(toMs),
  ...ALL,
  ...more,
});
const textOf = async (response: Response | Promise<Response>) => seen(await (await response).text()).text.replace(/\s+/g, ' ');
const stranger = (app: { handle(request: Request): Promise<Response> }, path: string, headers: Record<string, string> = {}) =>
  app.handle(new Request(`http://localhost${path}`, { headers: { accept: 'text/html', ...headers } }));

function recorded(house: ReturnType<typeof adminHouse>) {
  const first = minuteOf(START_MS);
  house.house.write((tx) => {
    tx.db.run(`INSERT INTO settings VALUES ('status_first_minute', '${first}')`);
    recordMinutes(
      tx,
      SURFACES.flatMap((surface) =>
        Array.from({ length: 60 }, (_, index) => ({
          surface,
          minute: first + index,
          ok: index === 30 && surface === 'ordering' ? 0 : 6,
          failed: 0,
          latencyMeanMs: 3,
          latencyMaxMs: 4,
        })),
      ),
    );
  });
  house.house.clock.pass(60 * MINUTE_MS);
  house.status.refresh();
}

describe('the page', () => {
  test('of a fresh house promises nothing it did not measure', async () => {
    const { app } = adminHouse();
    const text = await textOf(stranger(app, paths.status));
    expect(text).toContain('Just started: the first checks are being made');
    expect(text).toContain('no figure yet');
    expect(text).toContain('No message was delivered to a connected customer');
    expect(text.replaceAll('the target is 99.9 %', '')).not.toMatch(/100 %|99\.\d/);
  });

  test('needs no scripts, is the same for everybody and is kept by whoever asks again', async () => {
    const house = adminHouse();
    recorded(house);
    const first = await stranger(house.app, paths.status);
    const html = await first.text();
    expect(html).not.toContain('<script');
    expect(first.headers.get('cache-control')).toBe('public, max-age=30');
    const etag = first.headers.get('etag') ?? '';
    expect((await stranger(house.app, paths.status, { 'if-none-match': etag })).status).toBe(304);
    expect(await (await house.get(paths.status)).text()).toBe(html);
    expect(await textOf(stranger(house.app, paths.status))).toContain('98.333 %');
  });

  test('of a day says minute by minute what was away', async () => {
    const house = adminHouse();
    recorded(house);
    const text = await textOf(stranger(house.app, '/status/2026-11-22'));
    expect(text).toContain('12:30:00 UTC12:31:00 UTCfailed, 1 minute');
    for (const day of ['2026-02-30', '2026-11-23', 'x', '2026-11-2'])
      expect((await stranger(house.app, `/status/${day}`)).status).toBe(404);
    expect(await textOf(stranger(house.app, '/status/2026-11-21'))).toContain('before the first start');
  });

  test('and JSON and feed stand, with their age, when the database cannot be read', async () => {
    const house = adminHouse();
    recorded(house);
    await stranger(house.app, paths.status);
    house.house.db.run('ALTER TABLE status_minutes RENAME TO gone');
    house.house.clock.pass(5 * MINUTE_MS);
    const page = await stranger(house.app, paths.status);
    expect(page.status).toBe(200);
    expect(await textOf(page)).toContain('The newest figures cannot be read at the moment. What is shown is of 13:00 UTC, 5 minutes old.');
    expect(((await (await stranger(house.app, paths.statusJson)).json()) as { stale: boolean }).stale).toBe(true);
    expect((await stranger(house.app, paths.statusAtom)).status).toBe(200);
    house.house.db.run('ALTER TABLE gone RENAME TO status_minutes');
    house.house.clock.pass(2 * MINUTE_MS);
    expect(await textOf(stranger(house.app, paths.status))).not.toContain('cannot be read');
  });
});

describe('under a name of its own', () => {
  test('nothing else is there, with and without a session', async () => {
    const { app, operator } = adminHouse({ env: { SMSPIN_STATUS_HOST: 'status.example.org' } });
    const ask = (path: string, host: string) =>
      app.handle(new Request(`http://localhost${path}`, { headers: { host, cookie: operator, accept: 'text/html' } }));
    for (const path of ['/status', '/status.json', '/status.atom', '/static/status.css', '/status/2026-11-22'])
      expect([path, (await ask(path, 'status.example.org:443')).status]).toEqual([path, 200]);
    for (const path of [
      '/dashboard',
      '/sign-in',
      '/admin/status',
      '/api/v1/offers',
      '/swagger',
      '/health/live',
      '/static/../dashboard',
      '/STATUS',
    ])
      expect([path, (await ask(path, 'Status.example.org.')).status]).toEqual([path, 404]);
    expect((await ask('/', 'status.example.org')).headers.get('location')).toBe('/status');
    expect((await ask('/dashboard', 'localhost:8080')).status).toBe(200);
  });
});

describe('the feed', () => {
  test('is XML whatever is written into it, and has what RFC 4287 asks for', async () => {
    for (const [, hostile] of sample.hostileTexts) {
      const house = adminHouse();
      const text = hostile.trim().slice(0, 100) || 'x';
      house.house.write((tx) =>
        openIncident(tx, seededRandom(4), { surface: null, severity: 'major', title: text, text, startedAtMs: tx.nowMs }),
      );
      house.status.refresh();
      const answer = await stranger(house.app, paths.statusAtom);
      expect(answer.headers.get('content-type')).toStartWith('application/atom+xml');
      const feed = new DOMParser({
        onError: (_level, message) => {
          throw new Error(message);
        },
      }).parseFromString(await answer.text(), 'application/xml');
      const names = (parent: typeof feed.documentElement) =>
        [...(parent?.childNodes ?? [])].map(({ nodeName }) => nodeName).filter((name) => name !== '#text');
      expect(names(feed.documentElement)).toEqual(['id', 'title', 'updated', 'author', 'link', 'link', 'entry']);
      expect(names(feed.getElementsByTagName('entry')[0] ?? null)).toEqual(['id', 'title', 'published', 'updated', 'link', 'content']);
      expect(feed.getElementsByTagName('updated')[0]?.textContent).toBe(new Date(START_MS).toISOString());
    }
  });
});

describe('maintenance', () => {
  const START = START_MS + 30 * HOUR_MS;
  test('is announced, changed, shown beforehand and withdrawn, all of it in the audit log', async () => {
    const house = adminHouse();
    expect(await house.postAndFollow(`${paths.adminStatus}/maintenance`, plan(START, START + HOUR_MS))).toContain('New hub');
    expect(await textOf(stranger(house.app, paths.status))).toContain('at least 24 hours ahead: it does not count as downtime');
    const id = house.house.db.query<{ id: string }, []>('SELECT id FROM maintenance').get()?.id ?? '';
    await house.postAndFollow(`${paths.adminStatus}/maintenance/${id}`, plan(START, START + 2 * HOUR_MS, { title: 'New hubs' }));
    expect(await textOf(stranger(house.app, paths.status))).toContain('New hubs');
    await house.postAndFollow(`${paths.adminStatus}/maintenance/${id}/end`, {});
    expect(await textOf(stranger(house.app, paths.status))).toContain('Withdrawn');
    expect(house.audit().map(({ action }) => action)).toEqual(['maintenance.announced', 'maintenance.changed', 'maintenance.canceled']);
    expect(() => house.house.db.run('UPDATE maintenance_versions SET announced_at_ms = 0')).toThrow('append only');
  });

  test('that comes too late is told to count, asks for a second yes, and is told to everybody then', async () => {
    const house = adminHouse();
    const late = plan(START_MS + 2 * HOUR_MS, START_MS + 3 * HOUR_MS);
    const answer = await house.post(`${paths.adminStatus}/maintenance`, late);
    expect(answer.status).toBe(422);
    expect(await textOf(answer)).toContain('Counts as downtime: less than 24 hours are left before it begins, so 1 h will count.');
    expect(house.audit()).toEqual([]);
    await house.postAndFollow(`${paths.adminStatus}/maintenance`, { ...late, sure: 'yes' });
    expect(await textOf(stranger(house.app, paths.status))).toContain('Announced too late: 1 h of it count as downtime');
  });

  test.each([
    [{ title: '' }, 'Write a title'],
    [{ starts: local(START_MS - HOUR_MS) }, 'It must begin in the future'],
    [{ ends: local(START_MS + HOUR_MS) }, 'It must end after it begins'],
    [{ starts: '2026-02-30T10:00' }, 'Type a day and a time in UTC'],
    [{ ends: 'tomorrow' }, 'Type a day and a time in UTC'],
    [{ ordering: '', dashboard: '', delivery: '' }, 'Choose at least one'],
    [{ ends: local(START_MS + 40 * 24 * HOUR_MS) }, 'at most 7 days'],
  ])('with %o is refused, with what would be right', async (wrong, words) => {
    const house = adminHouse();
    const answer = await house.post(`${paths.adminStatus}/maintenance`, {
      ...plan(START, START + HOUR_MS),
      ...(wrong as Record<string, string>),
    });
    expect(answer.status).toBe(422);
    expect(await textOf(answer)).toContain(words);
    expect(house.audit()).toEqual([]);
  });

  test('that has begun can only be ended', async () => {
    const house = adminHouse();
    await house.postAndFollow(`${paths.adminStatus}/maintenance`, plan(START, START + HOUR_MS));
    const id = house.house.db.query<{ id: string }, []>('SELECT id FROM maintenance').get()?.id ?? '';
    house.house.clock.pass(30 * HOUR_MS + 10 * MINUTE_MS);
    expect((await house.post(`${paths.adminStatus}/maintenance/${id}`, plan(START + 40 * HOUR_MS, START + 41 * HOUR_MS))).status).toBe(409);
    await house.postAndFollow(`${paths.adminStatus}/maintenance/${id}/end`, {});
    expect((await house.post(`${paths.adminStatus}/maintenance/${id}/end`, {})).status).toBe(409);
  });
});

describe('incidents of the operator', () => {
  test('are opened, told of, changed and ended, and the checks close only their own', async () => {
    const house = adminHouse();
    await house.postAndFollow(`${paths.adminStatus}/incidents`, {
      title: 'Carrier is slow',
      surface: 'delivery',
      severity: 'minor',
      text: 'We look at it.',
    });
    const id = house.house.db.query<{ id: string }, []>('SELECT id FROM incidents').get()?.id ?? '';
    await house.postAndFollow(`${paths.adminStatus}/incidents/${id}/update`, { text: 'It is the carrier.' });
    await house.postAndFollow(`${paths.adminStatus}/incidents/${id}/edit`, { title: 'Carrier was slow', severity: 'major' });
    const text = await textOf(stranger(house.app, `/status/incidents/${id}`));
    expect(text).toContain('Carrier was slow');
    expect(text).toContain('It is the carrier.');
    await house.postAndFollow(`${paths.adminStatus}/incidents/${id}/end`, { text: 'Resolved.' });
    expect(house.audit().map(({ action }) => action)).toEqual(['incident.opened', 'incident.update', 'incident.edited', 'incident.ended']);
    expect(house.audit()[2]?.detail).toContain('"Carrier is slow" (minor) became "Carrier was slow" (major)');
    const own = house.house.write((tx) =>
      openIncident(tx, seededRandom(4), { surface: 'ordering', severity: 'major', title: 'x', text: 'y', startedAtMs: tx.nowMs }),
    );
    expect((await house.post(`${paths.adminStatus}/incidents/${own}/end`, { text: 'no' })).status).toBe(409);
  });
});

describe('subscriptions', () => {
  const subscribe = (house: ReturnType<typeof adminHouse>, email: string) =>
    house.post(`${paths.status}/subscribe`, { email }, { cookie: '' });
  const queued = (house: ReturnType<typeof adminHouse>) =>
    house.house.db
      .query<{ topic: string; payload: string }, []>(`SELECT topic, payload FROM deliveries WHERE channel = 'mail' ORDER BY seq`)
      .all();

  test('without a mail server there is no form, and none is taken', async () => {
    const house = adminHouse();
    expect(await textOf(stranger(house.app, paths.status))).toContain('There are no mails here');
    expect((await subscribe(house, 'a@example.org')).status).toBe(503);
  });

  test('an address is asked once, whoever asks; a wrong one is refused', async () => {
    const house = adminHouse();
    house.house.write((tx) => setMailOn(tx, true));
    house.status.refresh();
    expect((await subscribe(house, 'nonsense')).status).toBe(422);
    const first = await textOf(subscribe(house, 'a@example.org'));
    expect(await textOf(subscribe(house, 'A@example.org'))).toBe(first.replaceAll('\u0000', ''));
    expect(queued(house).map(({ topic }) => topic)).toEqual(['status_confirm']);
    expect((await subscribe(house, 'a@example.org')).status).toBe(200);
    expect((await subscribe(house, 'a@example.org')).status).toBe(429);
    await house.postAndFollow(`${paths.adminStatus}/maintenance`, plan(START_MS + 30 * HOUR_MS, START_MS + 31 * HOUR_MS));
    expect(queued(house).map(({ topic }) => topic)).toEqual(['status_confirm']);
  });

  test('who confirms is mailed, and one link ends it and forgets the address', async () => {
    const house = adminHouse();
    const { db } = house.house;
    house.house.write((tx) => setMailOn(tx, true));
    house.status.refresh();
    await subscribe(house, 'anna@example.org');
    const links = { publicUrl: 'http://localhost:8080', secret: houseSecret(db, 'links', seededRandom(1), START_MS) };
    const id = db.query<{ id: string }, []>('SELECT id FROM status_subscribers').get()?.id ?? '';
    const pathOfLink = (verb: 'confirm' | 'unsubscribe') => new URL(statusUrl(links, verb, id, START_MS)).pathname;
    expect(await textOf(stranger(house.app, pathOfLink('confirm')))).toContain('Send mails about the status?To anna@example.org');
    expect(db.query('SELECT confirmed_at_ms FROM status_subscribers').get()).toEqual({ confirmed_at_ms: null });
    expect(await textOf(house.post(pathOfLink('confirm'), {}, { cookie: '' }))).toContain('On the list');
    await house.postAndFollow(`${paths.adminStatus}/maintenance`, plan(START_MS + 30 * HOUR_MS, START_MS + 31 * HOUR_MS));
    house.house.write((tx) =>
      openIncident(tx, seededRandom(4), {
        surface: 'ordering',
        severity: 'major',
        title: 'Ordering fails',
        text: 'Found.',
        startedAtMs: tx.nowMs,
      }),
    );
    expect(queued(house).map(({ topic }) => topic)).toEqual(['status_confirm', 'status_maintenance', 'status_incident']);
    const deliveries = db
      .query<Delivery, []>(
        `SELECT seq, id, channel, user_id AS userId, target, lane, topic, event_id AS eventId, payload, created_at_ms AS createdAtMs FROM deliveries WHERE channel = 'mail' ORDER BY seq`,
      )
      .all();
    const written = deliveries.slice(1).map((one) => composeStatus(db, links, one.topic as 'status_incident', one));
    expect(written.map((one) => ('content' in one ? one.content.subject : one.moot))).toEqual([
      'Maintenance announced: New hub',
      'Incident: Ordering fails',
    ]);
    // As a mail provider does it (RFC 8058): from nowhere, without a cookie.
    const oneClick = new Request(`http://localhost${pathOfLink('unsubscribe')}`, {
      method: 'POST',
      headers: { origin: 'https://mail.example.net' },
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
    expect((await house.app.handle(oneClick)).status).toBe(200);
    expect(db.query('SELECT count(*) AS n FROM status_subscribers').get()).toEqual({ n: 0 });
    expect(deliveries.map((one) => composeStatus(db, links, one.topic as 'status_incident', one))).toEqual(
      Array(3).fill({ moot: 'the address was taken off the list' }),
    );
    expect((await stranger(house.app, pathOfLink('unsubscribe'))).status).toBe(410);
    house.house.clock.pass(4 * 24 * HOUR_MS);
    expect((await stranger(house.app, pathOfLink('confirm'))).status).toBe(410);
  });

  test('a forged link changes nothing', async () => {
    const house = adminHouse();
    for (const verb of ['confirm', 'unsubscribe']) expect((await stranger(house.app, `/status/${verb}/forged.token`)).status).toBe(410);
  });
});
