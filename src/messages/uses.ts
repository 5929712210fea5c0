import { BUILT_IN, judge, type RuleBook } from '../codes/judge.ts';
import type { Tx } from '../db/write.ts';
import { possibleCards } from '../sims/modem-cards.ts';
import { NOBODY, recordUses } from '../sims/uses.ts';
import type { OrderWindow } from './placement.ts';

const ANY = 'any';

interface Sms {
  iccid: string;
  sender: string;
  text: string;
  book?: RuleBook;
}

/** A code that nobody gets uses the number up all the same: whoever it was for may have an account on it now. */
export function noteUnmatchedUse(tx: Tx, message: Sms, late: OrderWindow | undefined): void {
  const { verdict, service } = judgeAs(message, ANY);
  if (verdict !== 'accept') return;
  const services = servicesOf(tx, late === undefined ? null : (late.service ?? ANY), message, service);
  for (const iccid of possibleCards(tx.db, message.iccid)) recordUses(tx, { iccid, services, userId: late?.userId ?? NOBODY });
}

/**
 * Notes for whom a code used the number up. What a message waiting for the operator noted for nobody since the order began becomes the customer's: nobody
 * else could have bought the service meanwhile, and the customer must be able to rent the number again.
 */
export function noteUse(
  tx: Tx,
  message: Sms,
  order: { service: string | null; userId: string; createdAtMs: number },
  recognised: string | null,
): void {
  const services = servicesOf(tx, order.service ?? ANY, message, recognised);
  const forget = tx.db.query(
    'DELETE FROM sim_uses WHERE iccid = $iccid AND service = $service AND user_id = $nobody AND last_at_ms >= $createdAtMs',
  );
  for (const service of services) forget.run({ iccid: message.iccid, service, nobody: NOBODY, createdAtMs: order.createdAtMs });
  recordUses(tx, { iccid: message.iccid, services, userId: order.userId });
}

/** The services whose code this is: the ordered one, the recognised one, and, where none is recognised, offered ones that the text names. */
function servicesOf(tx: Tx, ordered: string | null, message: Sms, recognised: string | null): Set<string> {
  const services = new Set([ordered, recognised].filter((service) => service !== null));
  if (recognised !== null || (ordered !== null && ordered !== ANY)) return services;
  const { orderable } = message.book ?? BUILT_IN;
  const known = new Set(orderable.map(({ slug }) => slug));
  const offered = tx.db.query<{ service: string }, []>('SELECT DISTINCT service FROM offers').all();
  for (const { service } of offered) {
    if (known.has(service) || service === ANY) continue;
    if (judgeAs(message, service).verdict === 'accept') services.add(service);
  }
  return services;
}

function judgeAs({ text, sender, book = BUILT_IN }: Sms, service: string) {
  return judge({ text, sender, service, onlyOrder: false, book });
}
