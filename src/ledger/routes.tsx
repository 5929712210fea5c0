import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { documented } from '../http/documented.ts';
import { apiPage, pageQuery, pageShown, problems } from '../http/schema.ts';
import { rfc3339 } from '../lib/clock.ts';
import { readPeriod } from '../lib/period.ts';
import { balanceOf, LEDGER_KINDS } from './ledger.ts';
import { ledgerWithBalances } from './running.ts';

const LedgerLineType = type({
  id: 'string',
  kind: type.enumerated(...LEDGER_KINDS),
  order_id: 'string | null',
  rental_id: 'string | null',
  reference: 'string | null',
  reason: 'string | null',
  available: 'number.integer',
  held: 'number.integer',
  available_after: 'number.integer',
  held_after: 'number.integer',
  created_at: 'string',
});

const nullable = { anyOf: [{ type: 'string' }, { type: 'null' }] };

const LedgerLineBody = documented(
  LedgerLineType,
  {
    id: { example: 'txn_01kanq7x2fq3v8b1c6d9e4g5h7' },
    kind: { type: 'string', enum: [...LEDGER_KINDS], description: 'What happened.', example: 'hold' },
    order_id: { ...nullable, description: 'The order it is about; null for a top-up.', example: 'ord_01kanq7x2fq3v8b1c6d9e4g5h7' },
    rental_id: { ...nullable, description: 'The rental it is about.', example: null },
    reference: { ...nullable, description: 'The operator’s reference of a top-up.', example: null },
    reason: { ...nullable, description: 'Why the operator took money back, of a debit.', example: null },
    available: { description: 'Change of what you may spend, in minor units.', example: -45 },
    held: { description: 'Change of what is held back.', example: 45 },
    available_after: { description: 'What you could spend after it.', example: 9955 },
    held_after: { description: 'What was held back after it.', example: 45 },
    created_at: { format: 'date-time', example: '2026-11-22T14:03:22.000Z' },
  },
  'LedgerLine',
);

const BalanceBody = documented(
  type({ currency: 'string', available: 'number.integer', held: 'number.integer', 'low_below?': 'number.integer' }),
  {
    currency: { description: 'ISO 4217.', example: 'USD' },
    available: { description: 'What you may spend, in minor units.', example: 9955 },
    held: { description: 'What open orders and rentals hold back.', example: 45 },
    low_below: {
      type: 'integer',
      description: 'Below this much `available` is low; absent while there is no mark. Set on the balance page.',
      example: 500,
    },
  },
  'Balance',
);

const LedgerListBody = documented(type({ data: LedgerLineType.array(), next_cursor: 'string | null' }), {
  data: { type: 'array', items: LedgerLineBody },
  next_cursor: { ...nullable, description: 'Send it as `cursor` for the next page; null on the last.', example: null },
});

const LedgerQuery = documented(
  type({ ...pageQuery, 'kind?': type.enumerated(...LEDGER_KINDS), 'from?': 'string <= 40', 'to?': 'string <= 40' }),
  {
    ...pageShown,
    kind: { description: 'Only movements of this kind.' },
    from: { description: 'Only from then on: RFC 3339, or a date, which is its beginning in UTC.' },
    to: { description: 'Only before then.' },
  },
);

/** `/api/v1/balance` and `/api/v1/ledger`. `lowMarkOf`: below how much a customer's balance is low, 0 for no mark. */
export function ledgerRoutes(deps: { db: Database; currency: string; guard: Guard; lowMarkOf(userId: string): number }) {
  const { db, currency, guard, lowMarkOf } = deps;
  return new Elysia({ prefix: '/api/v1', tags: ['balance'] })
    .use(guard)
    .get(
      '/balance',
      ({ user }) => {
        const balance = balanceOf(db, user.id, currency);
        const lowMinor = lowMarkOf(user.id);
        return {
          currency,
          available: balance.availableMinor,
          held: balance.heldMinor,
          ...(lowMinor > 0 ? { low_below: lowMinor } : {}),
        };
      },
      {
        scope: 'balance:read',
        response: {
          200: BalanceBody,
          ...problems(),
        },
        detail: { operationId: 'getBalance', summary: 'Your balance' },
      },
    )
    .get(
      '/ledger',
      ({ query, user }) =>
        apiPage(
          query,
          (page) => ledgerWithBalances(db, user.id, { ...page, kind: query.kind ?? null, ...readPeriod(query) }),
          (line) => ({
            id: line.id,
            kind: line.kind,
            order_id: line.orderId,
            rental_id: line.rentalId,
            reference: line.reference,
            reason: line.reason,
            available: line.availableMinor,
            held: line.heldMinor,
            available_after: line.availableAfterMinor,
            held_after: line.heldAfterMinor,
            created_at: rfc3339(line.createdAtMs),
          }),
        ),
      {
        scope: 'balance:read',
        query: LedgerQuery,
        response: { 200: LedgerListBody, ...problems() },
        detail: {
          operationId: 'listLedger',
          summary: 'Every movement of your money, newest first; amounts are signed changes, and what the balance was after each',
        },
      },
    );
}
