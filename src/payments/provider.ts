/** What a customer asked to pay. */
export interface TopUpAsked {
  /** Our id: the provider carries it along, and takes the same one twice for one. */
  id: string;
  amountMinor: number;
  currency: string;
  /** Where the provider sends the customer back to. */
  returnUrl: string;
}

/**
 * `late`: money for what had expired, `unsettled`: told of as settled and not so when asked about, `given_back`: refunded at the provider or disputed; none of
 * them moves money here.
 */
export type PaymentNews = 'paid' | 'expired' | 'invalid' | 'late' | 'unsettled' | 'given_back' | 'other';

/** What a provider tells of a payment, in our words. */
export interface PaymentEvent {
  /** Names the event for ever, also when it is delivered again. */
  id: string;
  /** As the provider calls it. */
  type: string;
  news: PaymentNews;
  providerRef: string;
  /** Our id, where the provider hands it back. */
  paymentId: string | null;
  /** What was paid; null when the provider states none, or none that our minor units can hold. */
  amountMinor: number | null;
  /** ISO 4217 in capitals. */
  currency: string | null;
  /** Money came in part, so that somebody must look at it. */
  isPartial: boolean;
  /** More came than was asked for. */
  isOver: boolean;
}

export type Verified = { ok: true; event: PaymentEvent } | { ok: false; why: 'unsigned' | 'forged' | 'too_old' | 'unreadable' };

/** The seam to a payment provider. */
export interface PaymentProvider {
  name: 'stripe' | 'btcpay';
  /** What a customer pays with. */
  label: string;
  /** Why this amount cannot be paid there, or null. */
  refuses(amountMinor: number, currency: string): string | null;
  /** Asks for a page to pay on. Rejects with ProviderError. */
  createCheckout(topUp: TopUpAsked): Promise<{ url: string; providerRef: string }>;
  /** Whether a webhook is the provider's own, and what it says. Rejects with ProviderError when the provider must be asked and does not answer. */
  verifyWebhook(headers: Headers, rawBody: Uint8Array): Promise<Verified>;
}

/** The provider did not do what was asked; the message is for the operator's log and holds no secret. */
export class ProviderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProviderError';
  }
}

const TIMEOUT_MS = 15_000;
const ANSWER_CHARACTERS_MAX = 1_000_000;
const SHOWN_CHARACTERS_MAX = 200;

/** One request to a provider, answered by JSON. Follows no redirect: it would carry the key elsewhere. */
export async function askProvider(url: string, request: RequestInit): Promise<Record<string, unknown>> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { ...request, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    text = (await response.text()).slice(0, ANSWER_CHARACTERS_MAX);
  } catch (thrown) {
    throw new ProviderError(`no answer: ${thrown instanceof Error ? thrown.name : 'unknown'}`);
  }
  const answer = recordOf(parsed(text));
  if (!response.ok || answer === null) {
    const error = recordOf(answer?.['error'])?.['message'] ?? answer?.['message'] ?? '';
    throw new ProviderError(
      `status ${response.status} ${String(error)
        .replace(/\b(sk|rk|whsec)_\w+/g, '$1_…')
        .slice(0, SHOWN_CHARACTERS_MAX)}`.trim(),
    );
  }
  return answer;
}

/** An address a customer may be sent to, or null. */
export function checkoutUrl(value: unknown): string | null {
  const url = typeof value === 'string' && value.length <= 2000 ? URL.parse(value) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : null;
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

/** A text of the provider's, bounded, or null. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= 255 ? value : null;
}
