import { createKey, SCOPES } from '../../src/accounts/keys.ts';
import { startSession } from '../../src/accounts/sessions.ts';
import { addUser } from '../../src/accounts/users.ts';
import { planChange } from '../../src/admin/sim-changes.ts';
import { insertAlarm } from '../../src/alarms/alarms.ts';
import { setOnePrice } from '../../src/catalogue/planning.ts';
import { hideService } from '../../src/catalogue/services.ts';
import { loadConfig } from '../../src/config.ts';
import type { Verb } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { askPayment } from '../../src/payments/payments.ts';
import { setRate } from '../../src/rentals/rates.ts';
import { startServer } from '../../src/server.ts';
import { openIncident } from '../../src/status/incidents.ts';
import { announce } from '../../src/status/maintenance.ts';
import { openTicket } from '../../src/support/tickets.ts';
import { createBatch } from '../../src/vouchers/vouchers.ts';
import { type House, MINUTE_MS, testSim } from './house.ts';
import { freePort } from './server.ts';

const SERVICES = ['telegram', 'google', 'whatsapp', 'discord', 'any'];

export interface FilledHouse {
  url: string;
  /** API keys. */
  key: string;
  operatorKey: string;
  /** Cookies. */
  customer: string;
  operator: string;
  stop(): Promise<void>;
}

/** A server on the database of `house`, and something of everything in it: for walks of all that can be asked. `env`: the configuration; `self`: starts the program for its virtual bank. */
export async function openFilledHouse(
  house: House,
  folder: string,
  { env = {}, self = [] }: { env?: Record<string, string>; self?: readonly string[] } = {},
): Promise<FilledHouse> {
  house.clock.ms = Date.now();
  const port = freePort();
  const config = loadConfig(
    null,
    {
      ...{ SMSPIN_SERVER_PORT: String(port), SMSPIN_DATA_DIR: folder, SMSPIN_MODEMS_VIRTUAL: '0', SMSPIN_MODEMS_DISCOVER: 'false' },
      SMSPIN_SERVER_PUBLIC_URL: `http://127.0.0.1:${port}`,
      ...{ SMSPIN_SMTP_URL: 'smtp://127.0.0.1:9', SMSPIN_SMTP_FROM: 'pin@example.org' },
      ...{ SMSPIN_WEBHOOKS_ALLOW: '127.0.0.1/32', SMSPIN_API_REQUESTS_PER_MINUTE: '0', ...env },
    },
    folder,
  );
  const server = await startServer({ config, db: house.db, log: silentLog, self });
  const url = `http://127.0.0.1:${port}`;
  try {
    const filled = await fill(house);
    await act(house, async (method, path, body) => {
      const headers = { authorization: `Bearer ${filled.key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(`${url}/api/v1${path}`, { method, headers, ...sent });
      return { status: answer.status, body: (await answer.json()) as Record<string, never> };
    });
    return { url, ...filled, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

type Api = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: Record<string, never> }>;

async function fill(house: House): Promise<Omit<FilledHouse, 'url' | 'stop'>> {
  const { random } = house.terms;
  for (let n = 1; n <= 8; n++) house.sim(n);
  for (const service of SERVICES) house.offer(service, 45);
  house.offer('google', 45, { country: 'fr' });
  house.write((tx) => setRate(tx, 'gb', { hour: 80, day: 400, week: 1500 }));
  const anna = house.customer('anna@example.org', 50_000);
  house.customer(`${'long.name.'.repeat(6)}z@${'mail'.repeat(8)}.example.org`);
  const operator = house.write((tx) =>
    addUser(tx, random, {
      email: 'op@example.org',
      passwordHash: null,
      role: 'operator',
      state: 'active',
      purpose: null,
      acceptedTerms: true,
    }),
  );
  const cookie = (id: string) => `smspin_session=${house.write((tx) => startSession(tx, random, id, 'test'))}`;
  const { secret } = house.write((tx) => createKey(tx, random, { userId: anna, name: 'test', scopes: SCOPES }));
  const { secret: operatorKey } = house.write((tx) => createKey(tx, random, { userId: operator.id, name: 'test', scopes: SCOPES }));
  house.write((tx) =>
    openTicket(tx, random, {
      userId: anna,
      email: 'anna@example.org',
      topic: 'other',
      orderId: null,
      text: 'No code came to my number.',
      formKey: 'a',
    }),
  );
  house.write((tx) =>
    createBatch(tx, house.terms, { count: 3, amountMinor: 100, note: 'n', expiresAtMs: null, createdBy: operator.id, formKey: 'b' }),
  );
  house.write((tx) => askPayment(tx, house.terms, { userId: anna, provider: 'stripe', amountMinor: 1000, formKey: 'c' }));
  await fillConsole(house, operator.id);
  return { key: secret, operatorKey, customer: cookie(anna), operator: cookie(operator.id) };
}

/** What the operator looks at: alarms, incidents, maintenance, changes of prices and of SIMs. */
async function fillConsole({ terms, write }: House, userId: string): Promise<void> {
  const { random } = terms;
  const inDoor = async <T>(verb: Verb<T>): Promise<T> => write(verb);
  write((tx) =>
    insertAlarm(tx, random, { code: 'modem_down', subject: '/dev/test1', text: 'The modem in /dev/test1 does not answer.' }, tx.nowMs),
  );
  write((tx) => {
    const text = 'Orders are slower than they should be. We look into it.';
    openIncident(tx, random, {
      surface: 'ordering',
      severity: 'minor',
      title: 'Slow orders',
      text,
      startedAtMs: tx.nowMs - MINUTE_MS,
      userId,
    });
    const startsAtMs = tx.nowMs + 2 * 24 * 60 * MINUTE_MS;
    const surfaces = ['delivery'] as const;
    announce(tx, random, userId, {
      title: 'New SIMs',
      text: 'We change SIMs.',
      surfaces,
      startsAtMs,
      endsAtMs: startsAtMs + 30 * MINUTE_MS,
    });
    setOnePrice(tx, terms, userId, { country: 'gb', service: 'discord', carrier: '' }, { priceMinor: 55, windowMinutes: null });
  });
  write((tx) => hideService(tx, userId, 'badoo', true));
  await planChange({ write: inDoor }, random, { userId, verb: 'tag', value: 'spare', iccids: [testSim(1).iccid, testSim(2).iccid] });
}

/** Buys, receives, ends, rents, reports: what makes rows, by the API. */
async function act(house: House, api: Api): Promise<void> {
  const order = async (service: string) => (await api('POST', '/orders', { country: 'gb', service, tags: ['ci'] })).body;
  const iccidOf = (id: string) =>
    house.db.prepare<{ iccid: string }, [string]>('SELECT iccid FROM orders WHERE id = ?').get(id)?.iccid ?? '';
  const receive = (iccid: string, sender: string, text: string) => {
    house.clock.ms = Date.now();
    house.receive({ iccid, sender, text });
  };
  const hook = await api('POST', '/webhooks', { url: 'http://127.0.0.1:9/hook' });
  if (hook.status >= 300) throw new Error(`no webhook: ${JSON.stringify(hook.body)}`);
  const received = await order('telegram');
  receive(iccidOf(received['id'] ?? ''), 'Telegram', 'Telegram code: 48213');
  await api('POST', `/orders/${received['id']}/finish`);
  await api('POST', `/orders/${received['id']}/reuse`, {});
  await api('POST', `/orders/${(await order('whatsapp'))['id']}/cancel`);
  await api('POST', `/orders/${(await order('discord'))['id']}/report`, { reason: 'number_unusable' });
  const open = await order('google');
  receive(iccidOf(open['id'] ?? ''), 'Acme', 'Your verification code is 482913');
  await api('POST', '/orders', { service: 'telegram', pick: 'cheapest', count: 2 });
  const rental = await api('POST', '/rentals', { country: 'gb', hours: 2 });
  if (rental.status !== 201) throw new Error(`no rental: ${JSON.stringify(rental.body)}`);
  const iccid = house.db.prepare<{ iccid: string }, []>('SELECT iccid FROM rentals').get()?.iccid ?? '';
  receive(iccid, 'Friend', 'Are you coming to dinner tonight?');
  receive(iccid, 'Shop', `https://shop.example/${'parcel'.repeat(20)}`);
  await api('POST', `/rentals/${rental.body['id']}/extend`, { hours: 1 });
  house.db
    .prepare(
      `INSERT INTO rental_shares (id, rental_id, owner_id, email, user_id, state, invited_at_ms, until_ms, accepted_at_ms)
       SELECT 'shr_1', id, user_id, 'anna@example.org', user_id, 'accepted', 1, ends_at_ms, 1 FROM rentals`,
    )
    .run();
  receive(house.sim(9), 'Nobody', 'This is for nobody at all.');
  for (const only of [[1], [0], [2]]) house.receive({ iccid, sender: 'Shop', text: 'A long text in parts. '.repeat(20), ref: 7, only });
  const message = house.db.prepare<{ id: string }, []>('SELECT id FROM messages WHERE order_id IS NOT NULL').get()?.id ?? '';
  await api('POST', `/messages/${message}/report`, { reason: 'wrong_code' });
  await api('POST', `/webhooks/${hook.body['id']}/replay`, { since: new Date(Date.now() - 60_000).toISOString() });
  const waiting = await api('POST', '/waiting', { country: 'fr', service: 'google', mode: 'notify' });
  if (waiting.status >= 300) throw new Error(`nothing is waited for: ${JSON.stringify(waiting.body)}`);
  await api('POST', '/exports', { kind: 'orders', format: 'csv' });
  await Bun.sleep(100);
}
