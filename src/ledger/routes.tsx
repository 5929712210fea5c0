import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { documented } from '../http/documented.ts';
import { cutPage, LIMIT_DEFAULT, LIMIT_MAX, pageQuery, pageShown, problems } from '../http/schema.ts';
import { rfc3339 } from '../lib/clock.ts';
import { balanceOf, ledgerOf } from './ledger.ts';

const LedgerLineBody = type({
  id: 'string',
  kind: "'top_up' | 'hold' | 'capture' | 'refund'",
  order_id: 'string | null',
  reference: 'string | null',
  available: 'number.integer',
  held: 'number.integer',
  created_at: 'string',
});

/** `/api/v1/balance` and `/api/v1/ledger`. */
export function ledgerRoutes({ db, currency, guard }: { db: Database; currency: string; guard: Guard }) {
  return new Elysia({ prefix: '/api/v1', tags: ['balance'] })
    .use(guard)
    .get(
      '/balance',
      ({ user }) => {
        const balance = balanceOf(db, user.id, currency);
        return { currency, available: balance.availableMinor, held: balance.heldMinor };
      },
      {
        scope: 'balance:read',
        response: {
          200: documented(type({ currency: 'string', available: 'number.integer', held: 'number.integer' }), {
            available: { description: 'What you may spend, in minor units.' },
            held: { description: 'What open orders hold back.' },
          }),
          ...problems(),
        },
        detail: { summary: 'Your balance' },
      },
    )
    .get(
      '/ledger',
      ({ query, user }) => {
        const limit = Math.min(Math.max(query.limit ?? LIMIT_DEFAULT, 1), LIMIT_MAX);
        const { rows, nextCursor } = cutPage(ledgerOf(db, user.id, { limit: limit + 1, cursor: query.cursor ?? null }), limit);
        return {
          data: rows.map((line) => ({
            id: line.id,
            kind: line.kind,
            order_id: line.orderId,
            reference: line.reference,
            available: line.availableMinor,
            held: line.heldMinor,
            created_at: rfc3339(line.createdAtMs),
          })),
          next_cursor: nextCursor,
        };
      },
      {
        scope: 'balance:read',
        query: documented(type(pageQuery), pageShown),
        response: { 200: documented(type({ data: LedgerLineBody.array(), next_cursor: 'string | null' })), ...problems() },
        detail: { summary: 'Every movement of your money, newest first; amounts are signed changes' },
      },
    );
}
