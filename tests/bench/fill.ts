import type { Database } from 'bun:sqlite';
import { addUser } from '../../src/accounts/users.ts';
import { setOffer } from '../../src/catalogue/offers.ts';
import { BUILT_IN } from '../../src/codes/judge.ts';
import { writeNow } from '../../src/db/write.ts';
import { topUp } from '../../src/ledger/ledger.ts';
import { systemRandom } from '../../src/lib/ids.ts';
import type { OrderTerms } from '../../src/orders/orders.ts';
import { simIdentified, simOnline } from '../../src/sims/sims.ts';
import { testSim } from '../support/house.ts';

/** A house with that many readable SIMs in one country, one offer and one rich customer. */
export function fillHouse(db: Database, sims: number): { terms: OrderTerms; userId: string } {
  const terms: OrderTerms = {
    currency: 'USD',
    windowMinutes: 20,
    quarantineMinutes: 60,
    reuseDays: 365,
    allow: [],
    rules: () => BUILT_IN,
    cancelAfterSeconds: 0,
    ...{ extendMinutes: 0, outageExtendMinutes: 20, waitingPlacesMax: 20, waitingHoursMax: 168 },
    random: systemRandom,
  };
  const userId = writeNow(db, Date.now(), (tx) => {
    for (let n = 0; n < sims; n++) {
      const sim = testSim(n);
      simIdentified(tx, sim, { iccid: sim.iccid, number: `+4477009${String(n).padStart(5, '0')}`, country: 'gb' });
      simOnline(tx, sim);
    }
    setOffer(tx, { country: 'gb', service: 'telegram', priceMinor: 10, windowMinutes: null });
    const user = addUser(tx, systemRandom, {
      email: 'rich@example.org',
      passwordHash: null,
      role: 'customer',
      state: 'active',
      purpose: null,
      acceptedTerms: true,
    });
    topUp(tx, terms, { userId: user.id, amountMinor: 1_000_000, reference: null });
    return user.id;
  });
  return { terms, userId };
}
