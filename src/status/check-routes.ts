import { Elysia } from 'elysia';
import type { Door } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { type Checker, ORDER_CHECK_PATH } from './checker.ts';
import { dryOrder, noteCheck } from './dry-order.ts';

/** Where the house's own checks order. For everybody else there is nothing at this address. */
export function checkRoutes(deps: { door: Pick<Door, 'write' | 'rehearse'>; terms: OrderTerms; checker: Checker }) {
  const { door, terms, checker } = deps;
  let turn = 0;
  return new Elysia({ name: 'status-checks', detail: { hide: true } }).post(ORDER_CHECK_PATH, async ({ request }) => {
    if (!checker.knows(request)) throw new Refusal('not_found', 'Nothing is at this address.');
    const found = door.rehearse((tx) => dryOrder(tx, terms, turn++));
    await door.write(noteCheck);
    return found;
  });
}
