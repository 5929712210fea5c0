import { addUser } from '../../src/accounts/users.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { findOrder, messagesOfOrder, type Order, presentOrder } from '../../src/orders/view.ts';
import { deliverReview, dismissReview, relabelReview, undoReview } from '../../src/reviews/decisions.ts';
import { type House, makeHouse, seededRandom } from '../support/house.ts';

/** Names no service and comes from somebody who is not known: unclear for every order. */
export const UNCLEAR = { sender: 'Acme', text: 'Your verification code is 482913' };
export const BRANDLESS = { sender: '+447700900999', text: 'Your verification code is 482913' };
/** Speaks for two services with the same evidence. */
export const BOTH = { sender: '+447700900999', text: 'Your code is 482913\nhttps://google.com https://telegram.org' };

/** A house with one SIM, offers, customers and two operators, and what they do. */
export function reviewRoom(quarantineMinutes = 60) {
  const house: House = makeHouse({ quarantineMinutes });
  const iccid = house.sim(1);
  for (const service of ['telegram', 'google', 'discord', 'any']) house.offer(service, 40);
  const [anna, bob] = [house.customer('anna@example.org'), house.customer('bob@example.org')];
  const operator = (email: string): string => {
    const user = { email, passwordHash: null, role: 'operator' as const, state: 'active' as const, purpose: null, acceptedTerms: true };
    return house.write((tx) => addUser(tx, seededRandom(email.length), user)).id;
  };
  const [first, second] = [operator('first@example.org'), operator('second-one@example.org')];
  const asOperator = (messageId: string, operatorId = first) => ({ operatorId, messageId });
  return {
    ...{ house, iccid, anna, bob, first, second },
    order: (userId: string, service: string): Order =>
      house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service, maxPriceMinor: null })),
    /** An SMS on the SIM; returns the id of its message. */
    receive(sms: { sender: string; text: string; how?: 'urc' | 'sweep'; networkAtMs?: number; ref?: number; only?: number[] }): string {
      house.clock.pass(1);
      house.receive({ iccid, ...sms });
      return house.db.query<{ id: string }, []>('SELECT id FROM messages ORDER BY stored_at_ms DESC LIMIT 1').get()?.id ?? '';
    },
    now: (order: Order) => findOrder(house.db, order.id) ?? order,
    shown: (order: Order) => presentOrder(house.db, findOrder(house.db, order.id) ?? order),
    textsOf: (order: Order) => messagesOfOrder(house.db, order.id).map(({ text }) => text),
    eventsOf: (userId: string) =>
      house.db
        .query<{ type: string }, [string]>('SELECT type FROM events WHERE user_id = ? ORDER BY seq')
        .all(userId)
        .map(({ type }) => type)
        .filter((type) => type !== 'balance.changed'),
    deliver: (messageId: string, order: Order, code = '482913', operatorId = first) =>
      house.write((tx) => deliverReview(tx, house.terms, { ...asOperator(messageId, operatorId), orderId: order.id, code })),
    dismiss: (messageId: string, operatorId = first, note = '') =>
      house.write((tx) => dismissReview(tx, house.terms, { ...asOperator(messageId, operatorId), note })),
    relabel: (messageId: string, service: string, code = '482913') =>
      house.write((tx) => relabelReview(tx, house.terms, { ...asOperator(messageId), service, code })),
    undo: (messageId: string) => house.write((tx) => undoReview(tx, house.terms, asOperator(messageId))),
  };
}
