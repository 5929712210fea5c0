/**
 * One program that uses the client as its users do; it runs under Bun, under Node and in Chromium, so it uses nothing but the client and `fetch`. It throws at
 * the first thing that is not as it must be, and returns what it looked at.
 */
import type * as Client from '../../client/smspin.ts';

export interface Scene {
  /** The server under test. */
  baseUrl: string;
  apiKey: string;
  /** A helper of the test: `POST /sms` sends one; below `/flaky` it stands in for a server with troubles, and for the stream. */
  helperUrl: string;
  /** Where nobody listens. */
  deadUrl: string;
}

export async function program(client: typeof Client, scene: Scene): Promise<string[]> {
  const { SmsPin, ApiError, ConnectionError, OrderEndedError, CodeTimeoutError, webhooks, WebhookVerificationError } = client;
  const { baseUrl, apiKey, helperUrl, deadUrl } = scene;
  const seen: string[] = [];
  const smspin = new SmsPin({ baseUrl, apiKey });

  function check(name: string, isRight: boolean, found: unknown = ''): void {
    if (!isRight) throw new Error(`${name}: ${JSON.stringify(found)}`);
    seen.push(name);
  }
  async function failure(work: () => Promise<unknown>): Promise<unknown> {
    try {
      await work();
    } catch (thrown) {
      return thrown;
    }
    throw new Error('nothing was thrown');
  }
  async function sms(number: string, text: string): Promise<void> {
    const sent = await fetch(`${helperUrl}/sms`, { method: 'POST', body: JSON.stringify({ number, sender: 'Telegram', text }) });
    if (!sent.ok) throw new Error(`sms: ${sent.status}`);
  }

  const [offer] = await smspin.offers.list({ country: 'gb', service: 'telegram' });
  check('the offers', offer?.price === 45 && offer.stock > 0, offer);

  const idempotencyKey = crypto.randomUUID();
  const happened: string[] = [];
  const live = smspin.stream({ onEvent: ({ type }) => happened.push(type) });
  await live.opened;
  const order = await smspin.orders.create({ country: 'gb', service: 'telegram', max_price: 100 }, { idempotencyKey });
  const again = await smspin.orders.create({ country: 'gb', service: 'telegram', max_price: 100 }, { idempotencyKey });
  check('an order, once for its key', order.status === 'pending' && again.id === order.id, order);

  const tooSoon = await failure(() => smspin.orders.waitForCode(order.id, { timeout: 300 }));
  check('no code in time', tooSoon instanceof CodeTimeoutError && tooSoon.order.id === order.id, String(tooSoon));

  const waiting = smspin.orders.waitForCode(order.id, { timeout: 20_000 });
  await sms(order.number, 'Telegram code: 48213');
  const first = await waiting;
  check('the code', first.code === '48213' && first.message?.text === 'Telegram code: 48213', first);

  const { last_event: after } = first.order;
  const stale = await failure(() => smspin.orders.waitForCode(order.id, { after, timeout: 300 }));
  check('never a stale code', stale instanceof CodeTimeoutError, String(stale));
  const next = smspin.orders.waitForCode(order.id, { after, timeout: 20_000 });
  await sms(order.number, 'Telegram code: 99110');
  check('the next code', (await next).code === '99110', await next);

  const gone = new AbortController();
  const aborted = failure(() => smspin.orders.waitForCode(order.id, { after: 'evt_', signal: gone.signal }));
  gone.abort(new Error('enough'));
  check('an aborted wait', String(await aborted).includes('enough'), String(await aborted));

  const finished = await smspin.orders.finish(order.id);
  check('finish, and again', finished.status === 'finished' && (await smspin.orders.finish(order.id)).status === 'finished', finished);
  const refused = await failure(() => smspin.orders.cancel(order.id));
  check(
    'a refusal with its type',
    refused instanceof ApiError && refused.type === 'order_not_pending' && refused.status === 409,
    String(refused),
  );
  check('a refusal with its request id', refused instanceof ApiError && /^req_/.test(refused.requestId ?? ''));

  for (let tries = 0; tries < 100 && !happened.includes('order.finished'); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  const ofOrder = happened.filter((type) => type.startsWith('order.'));
  check('the stream', ofOrder.join() === 'order.created,order.received,order.received,order.finished', happened);
  live.close();
  await live.closed;
  const replay = smspin.stream({ after: order.last_event });
  const replayed: string[] = [];
  for await (const { id, type } of replay) {
    if (type.startsWith('order.')) replayed.push(type);
    if (id === finished.last_event) break;
  }
  check('the stream from an event on', replayed.join() === 'order.received,order.received,order.finished', replayed);

  const second = await smspin.orders.create({ country: 'gb', service: 'google' });
  const ending = failure(() => smspin.orders.waitForCode(second.id, { timeout: 20_000 }));
  await smspin.orders.cancel(second.id);
  const ended = await ending;
  check('no code for an ended order', ended instanceof OrderEndedError && ended.order.status === 'canceled', String(ended));

  const listed: string[] = [];
  for await (const one of smspin.orders.list({ limit: 1 })) listed.push(one.id);
  check('every page of orders', listed[0] === second.id && listed[1] === order.id && new Set(listed).size === listed.length, listed);
  const kinds: string[] = [];
  for await (const line of smspin.balance.ledger({ limit: 2 })) kinds.push(line.kind);
  check('the ledger', kinds.includes('hold') && kinds.includes('capture') && kinds.includes('refund'), kinds);
  check('the balance', (await smspin.balance.get()).held === 0);

  const stranger = new SmsPin({ baseUrl, apiKey: 'smspin_00000000000000000000000000000000' });
  const unknown = await failure(() => stranger.balance.get());
  check('a wrong key', unknown instanceof ApiError && unknown.type === 'unauthorized', String(unknown));
  const nobody = new SmsPin({ baseUrl: deadUrl, apiKey, retries: 1 });
  const silent = await failure(() => nobody.balance.get());
  check('no answer', silent instanceof ConnectionError, String(silent));

  const clumsy = new SmsPin({
    baseUrl,
    apiKey,
    // The request is carried out, and its answer lost on the way back.
    fetch: Object.assign(
      async (...request: Parameters<typeof fetch>) => {
        const answer = await fetch(...request);
        if (losses-- > 0) throw new TypeError('the connection was lost');
        return answer;
      },
      { preconnect: () => {} },
    ),
  });
  let losses = 2;
  const before = (await smspin.balance.get()).available;
  const bought = await clumsy.orders.create({ country: 'gb', service: 'google' });
  check('a lost answer orders once', (await smspin.balance.get()).available === before - bought.price);
  losses = 1;
  check('a lost answer cancels once', (await clumsy.orders.cancel(bought.id)).status === 'canceled');

  const limited = new SmsPin({ baseUrl: `${helperUrl}/flaky`, apiKey });
  const startedAtMs = Date.now();
  check(
    'Retry-After is waited for',
    (await limited.balance.get()).available === 1 && Date.now() - startedAtMs >= 1000,
    Date.now() - startedAtMs,
  );

  const body = '{"id":"evt_1","type":"balance.changed","created_at":"2026-11-22T14:03:22.000Z","data":{}}';
  const signed = await (await fetch(`${helperUrl}/signed`, { method: 'POST', body })).json();
  const { secret, headers } = signed as { secret: string; headers: Record<string, string> };
  check('a genuine webhook', (await webhooks.verify(body, headers, secret)).id === 'evt_1');
  check(
    'a genuine webhook by the older secret',
    (await webhooks.verify(body, new Headers(headers), ['whsec_AAAA', secret])).id === 'evt_1',
  );
  for (const [name, attempt] of [
    ['another body', () => webhooks.verify(`${body} `, headers, secret)],
    ['another secret', () => webhooks.verify(body, headers, 'whsec_AAAA')],
    ['an old request', () => webhooks.verify(body, headers, secret, { nowMs: Date.now() + 301_000 })],
    ['another id', () => webhooks.verify(body, { ...headers, 'webhook-id': 'msg_2' }, secret)],
    ['no signature', () => webhooks.verify(body, { ...headers, 'webhook-signature': 'v1,' }, secret)],
    ['a missing header', () => webhooks.verify(body, {}, secret)],
  ] as const)
    check(`a webhook with ${name}`, (await failure(attempt)) instanceof WebhookVerificationError);

  const events: string[] = [];
  let reconnects = 0;
  const stream = limited.stream({ after: 'evt_0', onReconnect: () => reconnects++ });
  for await (const event of stream) {
    events.push(event.id);
    if (events.length === 6) break;
  }
  await stream.closed;
  check('each event once, over two connections', events.join() === 'evt_1,evt_2,evt_3,evt_4,evt_5,evt_6' && reconnects > 0, {
    events,
    reconnects,
  });
  const unlucky = new SmsPin({ baseUrl: `${helperUrl}/cut`, apiKey }).stream();
  for await (const event of unlucky) {
    check('what happened while the first socket was cut before its first event', event.id === 'evt_1', event);
    break;
  }
  const lostHere = smspin.stream({ after: 'evt_01kanq7x2g0s8w2m4p6t8v0x2z' });
  check('an event that nobody knows', (await failure(() => lostHere.closed)) instanceof client.StreamGapError);
  const refusedStream = stranger.stream();
  check('a stream with a wrong key', (await failure(() => refusedStream.closed)) instanceof ApiError);
  const lost = limited.stream({ after: 'evt_gone' });
  check('events that are lost for good', (await failure(() => lost.closed)) instanceof client.StreamGapError);
  return seen;
}
