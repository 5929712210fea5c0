/** The house behind its pages, with what the tests of the rules share. */

import { startSession } from '../../src/accounts/sessions.ts';
import { addUser } from '../../src/accounts/users.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { adminHouse } from '../support/admin-house.ts';
import { seededRandom } from '../support/house.ts';

/** An operator's house with a SIM and an offer for a service nobody wrote rules for. */
export function rulesHouse() {
  const admin = adminHouse();
  const { house } = admin;
  const iccid = house.sim(1);
  house.offer('acme-taxi', 40);
  const anna = house.customer('anna@example.org');
  const order = () =>
    house.write((tx) => placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'acme-taxi', maxPriceMinor: null }));
  const text = async (path: string, headers = {}) => (await admin.get(path, headers)).text();
  const secondOperator = () => {
    const user = {
      email: 'second@example.org',
      passwordHash: null,
      role: 'operator' as const,
      state: 'active' as const,
      purpose: null,
      acceptedTerms: true,
    };
    const { id } = house.write((tx) => addUser(tx, seededRandom(11), user));
    return { cookie: `smspin_session=${house.write((tx) => startSession(tx, seededRandom(12), id, 'test'))}`, id };
  };
  const newest = () =>
    house.db
      .query<{ id: string; verdict: string; code: string | null; rule: string; rule_version: string; order_id: string | null }, []>(
        'SELECT id, verdict, code, rule, rule_version, order_id FROM messages ORDER BY arrived_at_ms DESC, id DESC LIMIT 1',
      )
      .get();
  return { ...admin, iccid, anna, order, text, newest, secondOperator };
}

/** The hidden field by which the draft page says what it showed. */
export function seenOn(page: string): string {
  return /name="seen" value="([0-9a-f]{8})"/.exec(page)?.[1] ?? '';
}
