import { timingSafeEqual } from 'node:crypto';
import type { User } from '../accounts/users.ts';
import type { RandomBytes } from '../lib/ids.ts';

/** Names a request of the house's own checks. */
export const CHECK_HEADER = 'x-smspin-check';
/** Where the checks order. */
export const ORDER_CHECK_PATH = '/status/self-check/order';
/** What the customer of the checks may see, and nothing else: it reads pages like one without orders and can change nothing. */
const PAGES = ['/dashboard', '/dashboard/live'];

/**
 * Who makes the checks: a customer that is in no database and knows a secret made at this start, which never leaves this process but on its way to its own port.
 * Somebody who had it could see an empty dashboard and place orders that are taken back before they exist.
 */
export interface Checker {
  readonly token: string;
  readonly user: User;
  /** Whether a request's session is that of the checks, on a page they may see. */
  isVisitor(request: Request, sessionToken: string): boolean;
  /** Whether a request carries the secret of the checks. */
  knows(request: Request): boolean;
}

export function makeChecker(random: RandomBytes): Checker {
  const token = Buffer.from(random(32)).toString('hex');
  const isToken = (given: string): boolean => given.length === token.length && timingSafeEqual(Buffer.from(given), Buffer.from(token));
  return {
    token,
    user: { id: 'usr_self_check', email: 'self-check@smspin.invalid', role: 'customer', state: 'active' },
    isVisitor: (request, sessionToken) =>
      isToken(sessionToken) && request.method === 'GET' && PAGES.includes(new URL(request.url).pathname),
    knows: (request) => isToken(request.headers.get(CHECK_HEADER) ?? ''),
  };
}
