import { Elysia } from 'elysia';
import type { Door } from '../db/write.ts';
import { readAtMost } from '../http/body.ts';
import type { LedgerTerms } from '../ledger/ledger.ts';
import { Refusal } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { takeEvent } from './payments.ts';
import { type PaymentProvider, ProviderError } from './provider.ts';

const BODY_OCTETS_MAX = 256 * 1024;
const WHY = {
  unsigned: 'The signature is missing or is none.',
  forged: 'The signature is not that of this body.',
  too_old: 'The signature is too old or from the future: are both clocks right?',
  unreadable: 'The body is signed but tells of no payment that could be read.',
};

/**
 * `/payments/webhooks/:provider`, where providers tell of payments. Anybody may post there and no cookie is looked at: what counts is the signature over
 * the body exactly as it came. A provider is told 200 once its event is on the disk, and repeats all else.
 */
export function paymentWebhooks(deps: { door: Door; log: Log; terms: LedgerTerms; providers: readonly PaymentProvider[] }) {
  const { door, log, terms, providers } = deps;
  return new Elysia({ name: 'payment-webhooks', detail: { hide: true } }).post(
    '/payments/webhooks/:provider',
    async ({ request, params, body: given }) => {
      const provider = providers.find(({ name }) => name === params.provider);
      if (!provider) throw new Refusal('not_found', 'This payment provider is not set up here.');
      const body = given instanceof Uint8Array ? given : new Uint8Array();
      try {
        const verified = await provider.verifyWebhook(request.headers, body);
        if (!verified.ok) {
          log.warn('payment_webhook_refused', { provider: provider.name, why: verified.why });
          throw new Refusal('malformed', WHY[verified.why]);
        }
        const { event } = verified;
        const outcome = await door.write((tx) => takeEvent(tx, terms, provider.name, event));
        log.info('payment_event', { provider: provider.name, event: event.id, type: event.type, outcome });
        return { received: true };
      } catch (thrown) {
        if (!(thrown instanceof ProviderError)) throw thrown;
        log.warn('payment_provider_failed', { provider: provider.name, during: 'webhook', error: thrown.message });
        throw new Refusal('unavailable', 'The payment could not be looked up just now. Send it again.');
      }
    },
    { parse: ({ request }) => readAtMost(request.body, BODY_OCTETS_MAX) },
  );
}
