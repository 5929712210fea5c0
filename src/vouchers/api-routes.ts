import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { once } from '../db/idempotency.ts';
import type { Door } from '../db/write.ts';
import { clientAddress } from '../http/address.ts';
import { documented } from '../http/documented.ts';
import { IDEMPOTENCY_KEY, idempotencyKey } from '../http/idempotency.ts';
import { problems } from '../http/schema.ts';
import { balanceOf, type LedgerTerms } from '../ledger/ledger.ts';
import type { Log } from '../lib/log.ts';
import { parseVoucherCode } from './codes.ts';
import type { VoucherLimits } from './limits.ts';
import { redeemVoucher } from './vouchers.ts';

const Code = type('string <= 200').configure({ message: 'code has at most 200 characters' });
const VoucherBody = documented(type({ code: Code, '+': 'reject' }), {
  code: { description: 'As it is printed; hyphens, spaces and letter case do not matter.', example: '7K3M-P2QX-9TBA-4WZ6' },
});
const RedeemedBody = documented(
  type({ amount: 'number.integer', currency: 'string', transaction_id: 'string', available: 'number.integer', held: 'number.integer' }),
  {
    amount: { description: 'What the voucher was worth, in minor units.', example: 2000 },
    currency: { example: 'USD' },
    transaction_id: { description: 'The top-up, as the ledger lists it.', example: 'txn_01kanq7x2fq3v8b1c6d9e4g5h7' },
    available: { description: 'The balance after it.', example: 4500 },
    held: { example: 0 },
  },
  'RedeemedVoucher',
);

/** `POST /api/v1/balance/vouchers`. */
export function voucherApi(deps: {
  door: Door;
  log: Log;
  guard: Guard;
  terms: LedgerTerms;
  trustedProxies: readonly string[];
  limits: VoucherLimits;
}) {
  const { door, log, guard, terms, limits } = deps;
  return new Elysia({ prefix: '/api/v1', tags: ['balance'] }).use(guard).post(
    '/balance/vouchers',
    async ({ body, user, request, server }) => {
      const key = idempotencyKey(request.headers);
      const address = clientAddress(server, request, deps.trustedProxies);
      limits.take(user.id, address);
      // As it is understood: the same code typed in another way is the same request.
      const asked = { userId: user.id, key, request: ['voucher', parseVoucherCode(body.code)] };
      const answer = await door.write((tx) =>
        once(tx, asked, () => {
          const { amountMinor, transactionId } = redeemVoucher(tx, terms, { userId: user.id, typed: body.code });
          const { availableMinor, heldMinor } = balanceOf(tx.db, user.id, terms.currency);
          return {
            amount: amountMinor,
            currency: terms.currency,
            transaction_id: transactionId,
            available: availableMinor,
            held: heldMinor,
          };
        }),
      );
      limits.giveBack(user.id, address);
      log.info('voucher_redeemed', { transaction: answer.transaction_id });
      return answer;
    },
    {
      scope: 'balance:write',
      body: VoucherBody,
      response: { 200: RedeemedBody, ...problems(404, 409, 410, 429) },
      detail: {
        operationId: 'redeemVoucher',
        summary: 'Redeem a voucher to your balance',
        description:
          'Works once for each voucher; with an `Idempotency-Key` the same request again within a day gets the first answer. Codes that are refused are limited: 10 an hour for an account, 30 for an address.',
        parameters: [IDEMPOTENCY_KEY],
      },
    },
  );
}
