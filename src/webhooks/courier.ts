import type { Database } from 'bun:sqlite';
import { eventById } from '../db/events.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import { VERSION } from '../lib/version.ts';
import type { Attempt, Delivery } from '../outbox/deliveries.ts';
import type { Courier } from '../outbox/outbox.ts';
import { type Network, parseEndpoint } from './address.ts';
import { bodyOf } from './body.ts';
import { GONE, noteAttempt } from './health.ts';
import { addressesOf, type Resolve } from './resolve.ts';
import { type Answer, post } from './send.ts';
import { signatureHeaders } from './sign.ts';
import { TEST_EVENT } from './types.ts';
import { findWebhook, signingSecrets, type Webhook } from './webhooks.ts';

export interface CourierDeps {
  db: Database;
  clock: Clock;
  log: Log;
  resolve: Resolve;
  /** Networks of the operator's own that may be sent to. */
  allow: readonly Network[];
  /** For one attempt, from asking the resolver to the end of the answer. */
  timeoutSeconds: number;
  retrySeconds: readonly number[];
  /** Certificates trusted beside the system's, for tests. */
  ca?: string;
}

export const AT_ONCE = 192;
/** Kept for accounts with none under way: however many others hang, a delivery of theirs begins. */
export const RESERVED = 128;
export const AT_ONCE_FOR_ENDPOINT = 8;
/** Or ten endpoints of one customer that never answer would keep everybody else's waiting. */
export const AT_ONCE_FOR_USER = 24;
/** No event comes near it; one that did would be a bug, and no receiver should have to bear it. */
const BODY_CHARACTERS_MAX = 256 * 1024;
const LOCATION_CHARACTERS_MAX = 200;

/** Carries deliveries to endpoints: one signed POST to an address that was looked up, checked and pinned for this very attempt. */
export function webhookCourier(deps: CourierDeps): Courier {
  return {
    channel: 'webhook',
    atOnce: AT_ONCE,
    atOnceForTarget: AT_ONCE_FOR_ENDPOINT,
    atOnceForUser: AT_ONCE_FOR_USER,
    reserved: RESERVED,
    retrySeconds: deps.retrySeconds,
    attempt: (delivery, signal) => attempt(deps, delivery, signal),
    recorded: noteAttempt,
  };
}

async function attempt(deps: CourierDeps, delivery: Delivery, stopping: AbortSignal): Promise<Attempt> {
  const webhook = findWebhook(deps.db, delivery.target);
  if (!webhook) return failed('The endpoint was deleted.');
  const message = messageFor(deps.db, delivery);
  if (!message) return failed('The event is not kept any more.');
  if (message.body.length > BODY_CHARACTERS_MAX) return failed('The event is too large for a webhook; read it by the API.');
  const outcome = await send(deps, webhook, message, stopping);
  // Whoever tries something out looks at it now and sends the next one himself.
  return delivery.topic === TEST_EVENT && outcome.outcome === 'retry' ? { ...outcome, outcome: 'failed' } : outcome;
}

async function send(deps: CourierDeps, webhook: Webhook, message: Message, stopping: AbortSignal): Promise<Attempt> {
  const { db, clock, resolve, allow, timeoutSeconds } = deps;
  // What is allowed may have changed since the endpoint was made.
  const parsed = parseEndpoint(webhook.url, allow);
  if (!parsed.ok) return refused(deps, webhook, parsed.why);
  const { url } = parsed;
  const timeLimit = AbortSignal.timeout(timeoutSeconds * 1000);
  const signal = AbortSignal.any([stopping, timeLimit]);
  try {
    const found = await addressesOf(url, resolve, allow, signal);
    if (!found.ok) return timeLimit.aborted ? unanswered(`within ${timeoutSeconds} s`) : refused(deps, webhook, found.why);
    const nowMs = clock.nowMs();
    const headers = {
      'content-type': 'application/json',
      'user-agent': `SMSPin/${VERSION}`,
      ...signatureHeaders({ ...message, atMs: nowMs, secrets: signingSecrets(db, webhook.id, nowMs) }),
    };
    const ca = deps.ca === undefined ? {} : { ca: deps.ca };
    return attemptOf(await post({ url, addresses: found.addresses, headers, body: message.body, signal, ...ca }), clock.nowMs());
  } catch (thrown) {
    return unanswered(timeLimit.aborted ? `within ${timeoutSeconds} s` : `(${messageOf(thrown)})`);
  }
}

function refused({ log }: CourierDeps, webhook: Webhook, why: string): Attempt {
  log.warn('webhook_refused', { webhook: webhook.id, why });
  return { outcome: 'retry', status: null, detail: `Not sent: the address ${why}` };
}

function unanswered(why: string): Attempt {
  return { outcome: 'retry', status: null, detail: `No answer ${why}.` };
}

interface Message {
  id: string;
  body: string;
}

/** What is said: the fact under its own id, or what the delivery itself brings along. */
function messageFor(db: Database, { eventId, payload }: Delivery): Message | null {
  if (payload !== null) return { id: (JSON.parse(payload) as { id: string }).id, body: payload };
  const event = eventId === null ? null : eventById(db, eventId);
  return event && { id: event.id, body: bodyOf(event) };
}

/** What an answer means: 2xx delivered, 410 never again, everything else again later. */
export function attemptOf(answer: Answer, nowMs: number): Attempt {
  const { status, isCut } = answer;
  const body = `${answer.body}${isCut ? '…' : ''}`;
  if (status >= 200 && status < 300) return { outcome: 'delivered', status, detail: body };
  if (status === GONE) return { outcome: 'failed', status, detail: body };
  const afterMs = retryAfterMs(answer.retryAfter, nowMs);
  const retry = { outcome: 'retry' as const, status, ...(afterMs === null ? {} : { afterMs }) };
  if (status < 300 || status >= 400) return { ...retry, detail: body };
  const where = answer.location === null ? '' : ` to ${answer.location.slice(0, LOCATION_CHARACTERS_MAX)}`;
  return { ...retry, detail: `Redirects are not followed, and this one led${where || ' nowhere'}. Change the address of the endpoint.` };
}

/** Retry-After (RFC 9110, 10.2.3: seconds or a date) as milliseconds from now, or null. */
export function retryAfterMs(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const atMs = /^[A-Za-z]{3,9}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

function failed(detail: string): Attempt {
  return { outcome: 'failed', status: null, detail };
}
