/**
 * The one table of refusals. `type` is what API clients branch on (DESIGN 13: extend, never rename), `status` its HTTP status, `title` the
 * short sentence that never changes; the `detail` of a Refusal says what was wrong this time and what would be right.
 */
export const REFUSALS = {
  validation: { status: 422, title: 'Something in the request is not as it must be.' },
  malformed: { status: 400, title: 'The request could not be read.' },
  unauthorized: { status: 401, title: 'Sign in or send a valid API key.' },
  forbidden: { status: 403, title: 'This is not allowed for you.' },
  read_only: { status: 403, title: 'You may look at everything here, and change nothing.' },
  cross_site: { status: 403, title: 'The request came from another site.' },
  not_found: { status: 404, title: 'There is no such thing here.' },
  method_not_allowed: { status: 405, title: 'This address does not take that method.' },
  payload_too_large: { status: 413, title: 'The request is too large.' },
  unsupported_media_type: { status: 415, title: 'The request is of a media type that is not taken here.' },
  insufficient_balance: { status: 402, title: 'The balance is too low.' },
  in_stock: { status: 409, title: 'Numbers are free.' },
  out_of_stock: { status: 409, title: 'No number is free.' },
  price_above_max: { status: 409, title: 'The price is above the maximum you allowed.' },
  idempotency_conflict: { status: 409, title: 'This Idempotency-Key was used for another request.' },
  order_not_pending: { status: 409, title: 'The order is not pending any more.' },
  order_not_received: { status: 409, title: 'The order has no code, or has ended.' },
  rental_not_active: { status: 409, title: 'The rental is not active.' },
  order_still_open: { status: 409, title: 'The order is still open.' },
  cannot_extend: { status: 409, title: 'The window cannot be extended.' },
  too_early: { status: 409, title: 'It is too early for this.' },
  too_late: { status: 409, title: 'It is too late for this.' },
  upgrade_required: { status: 426, title: 'This address takes a WebSocket only.' },
  webhook_not_active: { status: 409, title: 'The webhook endpoint is paused or switched off.' },
  limit_reached: { status: 429, title: 'A limit is reached.' },
  already_exists: { status: 409, title: 'This exists already.' },
  reference_conflict: { status: 409, title: 'This reference was used for another amount.' },
  rules_changed: { status: 409, title: 'The rules were changed meanwhile.' },
  prices_changed: { status: 409, title: 'The prices were changed meanwhile.' },
  rules_fail: { status: 409, title: 'The rules cannot be published like this.' },
  service_denied: { status: 403, title: 'This service is not offered here.' },
  link_ended: { status: 410, title: 'This link does not lead anywhere any more.' },
  voucher_unknown: { status: 404, title: 'There is no such voucher.' },
  voucher_used: { status: 409, title: 'This voucher was redeemed.' },
  voucher_revoked: { status: 410, title: 'This voucher was taken back.' },
  voucher_expired: { status: 410, title: 'This voucher has expired.' },
  unavailable: { status: 503, title: 'The server cannot do this right now.' },
} as const;

export type RefusalType = keyof typeof REFUSALS;

/** A refusal: an expected "no" with a code from the table. Thrown inside a verb it undoes that verb alone. */
export class Refusal extends Error {
  readonly type: RefusalType;
  readonly detail: string;
  /** Further machine-readable members of the problem, e.g. `{ price: 250 }` or `{ errors: [...] }`. */
  readonly extra: Record<string, unknown>;

  constructor(type: RefusalType, detail: string, extra: Record<string, unknown> = {}) {
    super(`${type}: ${detail}`);
    this.name = 'Refusal';
    this.type = type;
    this.detail = detail;
    this.extra = extra;
  }

  get status(): number {
    return REFUSALS[this.type].status;
  }

  get title(): string {
    return REFUSALS[this.type].title;
  }
}

/** Throws when something that cannot be, is. Not for bad input: that is a Refusal. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`broken invariant: ${what}`);
}
