import type { components } from './types.ts';

export type Event = components['schemas']['Event'];

/** The request was not made by the server that holds the secret, or not lately: answer 400 and do nothing. */
export class WebhookVerificationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WebhookVerificationError';
  }
}

export interface VerifyOptions {
  /** How far the sender's clock may be from ours; default 300 seconds. */
  toleranceSeconds?: number;
  /** Instead of the clock. */
  nowMs?: number;
}

type HeaderSource = Headers | Record<string, string | string[] | undefined>;

/**
 * The event of a webhook request, if it is genuine (Standard Webhooks 1.0: HMAC-SHA-256 over id, timestamp and body). `payload` is the body exactly as it came,
 * before any parsing. While a secret is rotated give both. Throws WebhookVerificationError.
 */
export async function verify(
  payload: string | Uint8Array,
  headers: HeaderSource,
  secret: string | readonly string[],
  options: VerifyOptions = {},
): Promise<Event> {
  const id = header(headers, 'webhook-id');
  const timestamp = header(headers, 'webhook-timestamp');
  const signatures = header(headers, 'webhook-signature');
  if (!/^\d{1,12}$/.test(timestamp)) throw new WebhookVerificationError('webhook-timestamp is not a time in seconds.');
  const apartSeconds = Math.abs((options.nowMs ?? Date.now()) / 1000 - Number(timestamp));
  if (apartSeconds > (options.toleranceSeconds ?? 300))
    throw new WebhookVerificationError(`The request is ${Math.round(apartSeconds)} seconds away from now.`);
  const body = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const secrets = typeof secret === 'string' ? [secret] : secret;
  const keys = await Promise.all(secrets.map(keyOf));
  for (const signature of signatures.split(' ').filter((one) => one.startsWith('v1,'))) {
    const mac = fromBase64(signature.slice('v1,'.length));
    if (mac === null) continue;
    // WebCrypto compares in constant time.
    for (const key of keys) if (await crypto.subtle.verify('HMAC', key, mac, signed)) return parsed(body);
  }
  throw new WebhookVerificationError('No signature of the request fits the secret.');
}

function header(headers: HeaderSource, name: string): string {
  const own = headers instanceof Headers ? headers.get(name) : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const value = Array.isArray(own) ? own[0] : own;
  if (!value) throw new WebhookVerificationError(`The header ${name} is missing.`);
  return value;
}

function keyOf(secret: string): Promise<CryptoKey> {
  const octets = fromBase64(secret.replace(/^whsec_/, ''));
  if (octets === null || octets.length === 0)
    throw new TypeError('The secret must be whsec_ and base 64, as it was shown when the webhook was made.');
  return crypto.subtle.importKey('raw', octets, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

function parsed(body: Uint8Array): Event {
  return JSON.parse(new TextDecoder().decode(body)) as Event;
}
