import type { Database } from 'bun:sqlite';
import { seedDemoOffers } from '../catalogue/offers.ts';
import type { Door } from '../db/write.ts';
import { topUp } from '../ledger/ledger.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { readablePassword } from './secrets.ts';
import { addUser, hashPassword, noUsers, type Role } from './users.ts';

export interface FirstSignIn {
  role: Role;
  email: string;
  password: string;
}

/** Play money of the demo customer, in minor units: enough for a hundred orders. */
const DEMO_BALANCE_MINOR = 5000;

/**
 * The very first start: creates the operator and, with a virtual bank, a demo customer with balance and offers for the bank's countries. Returns the
 * sign-ins to print, this once; an empty list at every later start.
 */
export async function firstStart(
  deps: { db: Database; door: Door; terms: OrderTerms },
  virtualCountries: readonly string[],
): Promise<FirstSignIn[]> {
  const { db, door, terms } = deps;
  if (!noUsers(db)) return [];
  const signIns: FirstSignIn[] = [{ role: 'operator', email: 'operator@smspin.example', password: readablePassword(terms.random) }];
  if (virtualCountries.length > 0)
    signIns.push({ role: 'customer', email: 'demo@smspin.example', password: readablePassword(terms.random) });
  const hashes = await Promise.all(signIns.map((signIn) => hashPassword(signIn.password)));
  return door.write((tx) => {
    // Another process may have been first while the passwords were hashed.
    if (!noUsers(tx.db)) return [];
    for (const [index, { email, role }] of signIns.entries()) {
      const passwordHash = hashes[index] ?? null;
      const user = addUser(tx, terms.random, { email, passwordHash, role, state: 'active', purpose: null, acceptedTerms: false });
      if (role === 'customer') topUp(tx, terms, { userId: user.id, amountMinor: DEMO_BALANCE_MINOR, reference: 'demo balance' });
    }
    if (virtualCountries.length > 0) seedDemoOffers(tx, virtualCountries);
    return signIns;
  });
}

/** The addresses the first start created, as long as they exist: the start page names them while the bank is virtual. */
export function firstEmails(db: Database): { role: Role; email: string }[] {
  return db
    .query<{ role: Role; email: string }, []>(
      `SELECT role, email FROM users WHERE email IN ('operator@smspin.example', 'demo@smspin.example') ORDER BY role DESC`,
    )
    .all();
}
