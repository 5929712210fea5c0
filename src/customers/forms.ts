import type { Database } from 'bun:sqlite';
import type { FormView } from '../../views/model.ts';
import type { Balance } from '../ledger/ledger.ts';
import { AMOUNT_MINOR_MAX, formatMinor, parseMajor } from '../lib/money.ts';
import { type OwnLimits, openOrdersUpTo } from '../orders/limits.ts';
import { type Customer, sessionsOf } from './profile.ts';
import type { Adjustment, Direction } from './verbs.ts';

type Body = Record<string, string | undefined>;
type Read<T> = ({ ok: true } & T) | { ok: false; form: FormView };

const LIMIT_MAX = 1_000_000;

/** What is to be credited or taken back, or what is wrong with each field. */
export function readAdjustment(
  body: Body,
  currency: string,
): Read<{ values: Record<string, string>; adjustment: Omit<Adjustment, 'operatorId' | 'userId'> }> {
  const direction: Direction = body['direction'] === 'debit' ? 'debit' : 'credit';
  const amount = (body['amount'] ?? '').trim();
  const reason = (body['reason'] ?? '').trim();
  const formKey = body['form_key'] ?? '';
  const values = { direction, amount, reason };
  const errors: Record<string, string> = {};
  const amountMinor = parseMajor(amount, currency) ?? 0;
  if (amountMinor < 1 || amountMinor > AMOUNT_MINOR_MAX) {
    errors['amount'] = `Write an amount in ${currency} above nothing, such as 10, and at most ${formatMinor(AMOUNT_MINOR_MAX, currency)}.`;
  }
  if (reason === '' || reason.length > 200) errors['reason'] = 'Write a reason of 1 to 200 characters: the customer sees it.';
  if (!/^form-[a-z0-9]{20,64}$/.test(formKey)) errors[''] = 'The form was not whole. Nothing was done; send it again.';
  if (Object.keys(errors).length > 0) return { ok: false, form: { values, errors } };
  return { ok: true, values, adjustment: { direction, amountMinor, reason, formKey } };
}

/** What will be after it, or why it cannot be done. */
export function balanceFacts(
  { availableMinor, currency }: Balance,
  { direction, amountMinor, reason }: Pick<Adjustment, 'direction' | 'amountMinor' | 'reason'>,
): { facts: string[]; problem: string | null } {
  const after = availableMinor + (direction === 'credit' ? amountMinor : -amountMinor);
  const amount = formatMinor(amountMinor, currency);
  if (after < 0)
    return { facts: [], problem: `Only ${formatMinor(availableMinor, currency)} is available, so ${amount} cannot be taken back.` };
  const facts = [
    `${amount} ${direction === 'credit' ? 'is credited' : 'is taken back'}; available is ${formatMinor(after, currency)} then, after ${formatMinor(availableMinor, currency)}.`,
    `The customer sees the reason: ${reason}`,
    'It stands in the books for good: what was wrong is put right by another movement.',
  ];
  return { facts, problem: null };
}

/** A customer's own limits as they are typed. */
export function limitValues({ openOrders, ordersADay }: OwnLimits): Record<string, string> {
  return { open_orders: openOrders === null ? '' : String(openOrders), orders_a_day: ordersADay === null ? '' : String(ordersADay) };
}

export function readLimits(body: Body): Read<{ limits: OwnLimits }> {
  const values = { open_orders: (body['open_orders'] ?? '').trim(), orders_a_day: (body['orders_a_day'] ?? '').trim() };
  const errors: Record<string, string> = {};
  const read = (name: keyof typeof values): number | null => {
    const typed = values[name];
    if (typed === '') return null;
    if (/^\d{1,7}$/.test(typed) && Number(typed) <= LIMIT_MAX) return Number(typed);
    errors[name] = `Write a whole number from 0 to ${LIMIT_MAX}, or leave it empty.`;
    return null;
  };
  const limits = { openOrders: read('open_orders'), ordersADay: read('orders_a_day') };
  return Object.keys(errors).length > 0 ? { ok: false, form: { values, errors } } : { ok: true, limits };
}

const COUNTED_MAX = 1000;

/** What suspending does, said before it is done. */
export function suspensionFacts(db: Database, { id, state }: Customer, nowMs: number): string[] {
  const open = openOrdersUpTo(db, id, COUNTED_MAX);
  const sessions = sessionsOf(db, id, nowMs);
  return [
    ...(state === 'waiting' ? ['They wait to be let in: they cannot sign in now either.'] : []),
    `Every session ends (now ${sessions}), and nobody can sign in to this account.`,
    'API keys answer 401 and streams are closed at the next event; keys work again when you let the customer in.',
    `Open orders (now ${open}) run on to their own ends: codes that come are kept, and what gets none is refunded. Rentals too; none is extended by itself.`,
    'Webhooks wait and go out when you let the customer in again.',
    'The balance stays as it is.',
  ];
}

/** How many people wait to be let in. */
export function waitingCount(db: Database): number {
  return (
    db
      .query<{ count: number }, []>(
        "SELECT count(*) AS count FROM users INDEXED BY users_not_active WHERE state = 'waiting' AND state <> 'active'",
      )
      .get()?.count ?? 0
  );
}
