import type { Database } from 'bun:sqlite';
import { seedDemoOffers } from '../catalogue/offers.ts';
import type { Door } from '../db/write.ts';
import { topUp } from '../ledger/ledger.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { seedDemoRates } from '../rentals/rates.ts';
import { readablePassword } from './secrets.ts';
import { addUser, findUserByEmail, hashPassword, type Role } from './users.ts';

export interface FirstSignIn {
  role: Role;
  email: string;
  password: string;
}

const OPERATOR_EMAIL = 'operator@smspin.example';
const DEMO_EMAIL = 'demo@smspin.example';
/** Play money of the demo customer, in minor units: enough for a hundred orders. */
const DEMO_BALANCE_MINOR = 5000;

/**
 * The first start of a server on this data: creates the operator, unless there is one already, and, with a virtual bank, a demo customer with balance
 * and offers for the bank's countries. Returns the sign-ins to print, this once; an empty list at every later start.
 */
export async function firstStart(
  deps: { db: Database; door: Door; terms: OrderTerms },
  virtualCountries: readonly string[],
): Promise<FirstSignIn[]> {
  const { db, door, terms } = deps;
  if (wasStarted(db)) return [];
  const wanted: { role: Role; email: string }[] = [
    { role: 'operator', email: OPERATOR_EMAIL },
    { role: 'customer', email: DEMO_EMAIL },
  ];
  const signIns = await Promise.all(
    wanted
      .filter(({ role }) => (role === 'operator' ? !hasOperator(db) : virtualCountries.length > 0))
      .map(async (user) => {
        const password = readablePassword(terms.random);
        return { ...user, password, passwordHash: await hashPassword(password) };
      }),
  );
  return door.write((tx) => {
    tx.db.query("INSERT INTO settings (key, value) VALUES ('first_start_at_ms', $now)").run({ now: String(tx.nowMs) });
    if (virtualCountries.length > 0) {
      seedDemoOffers(tx, virtualCountries);
      seedDemoRates(tx, virtualCountries);
    }
    return signIns
      .filter(({ email }) => findUserByEmail(tx.db, email) === null)
      .map(({ role, email, password, passwordHash }) => {
        const user = addUser(tx, terms.random, { email, passwordHash, role, state: 'active', purpose: null, acceptedTerms: false });
        if (role === 'customer') topUp(tx, terms, { userId: user.id, amountMinor: DEMO_BALANCE_MINOR, reference: 'demo balance' });
        return { role, email, password };
      });
  });
}

function wasStarted(db: Database): boolean {
  return db.query("SELECT 1 FROM settings WHERE key = 'first_start_at_ms'").get() !== null;
}

function hasOperator(db: Database): boolean {
  return db.query("SELECT 1 FROM users WHERE role = 'operator' LIMIT 1").get() !== null;
}

/** The addresses the first start created, as long as they exist: the start page names them while the bank is virtual. */
export function firstEmails(db: Database): { role: Role; email: string }[] {
  return db
    .query<{ role: Role; email: string }, { operator: string; demo: string }>(
      'SELECT role, email FROM users WHERE email IN ($operator, $demo) ORDER BY role DESC',
    )
    .all({ operator: OPERATOR_EMAIL, demo: DEMO_EMAIL });
}
