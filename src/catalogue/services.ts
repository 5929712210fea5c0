import type { Database } from 'bun:sqlite';
import { writeAudit } from '../admin/audit.ts';
import { knownService } from '../codes/book.ts';
import { serviceName, serviceSlug } from '../codes/services.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { categoryOf, isCategory } from './categories.ts';
import { isService } from './check.ts';
import { type OfferTerms, refuseDenied, serviceDenied } from './offers.ts';
import { pricesChanged } from './prices.ts';

export const NAME_CHARACTERS_MAX = 60;
export const SERVICES_AUDITED = 'catalogue';

/** A service as the catalogue shows it. */
export interface CatalogueService {
  slug: string;
  name: string;
  category: string;
  /** The operator's own: no rules know it. */
  own: boolean;
  /** Not offered to customers, whatever prices it has. */
  hidden: boolean;
  /** How many prices it has. */
  prices: number;
  fromMinor: number | null;
}

interface Said {
  slug: string;
  category: string | null;
  hidden: number;
}

/** Every service that may be offered here: known ones, own ones, those with prices. Those with prices first, then by name. */
export function listServices(db: Database, terms: Pick<OfferTerms, 'allow' | 'rules'>): CatalogueService[] {
  const book = terms.rules();
  const said = new Map(
    db
      .query<Said, []>('SELECT slug, category, hidden FROM services')
      .all()
      .map((one) => [one.slug, one]),
  );
  const priced = new Map(
    db
      .query<{ service: string; prices: number; fromMinor: number }, []>(
        'SELECT service, count(*) AS prices, min(price_minor) AS fromMinor FROM offers GROUP BY service',
      )
      .all()
      .map((one) => [one.service, one]),
  );
  const own = ownCategories(db);
  const slugs = new Set(['any', ...book.rules.keys(), ...said.keys(), ...priced.keys()]);
  return [...slugs]
    .filter((slug) => isService(slug) && !serviceDenied(slug, terms))
    .map((slug) => ({
      ...{ slug, name: serviceName(slug, book), category: categoryOf(slug, book, own) },
      ...{ own: slug !== 'any' && knownService(slug, book) === null, hidden: said.get(slug)?.hidden === 1 },
      ...{ prices: priced.get(slug)?.prices ?? 0, fromMinor: priced.get(slug)?.fromMinor ?? null },
    }))
    .sort((a, b) => Number(b.prices > 0) - Number(a.prices > 0) || a.name.localeCompare(b.name, 'en'));
}

/** Categories that the operator gave to services. */
export function ownCategories(db: Database): Map<string, string> {
  const rows = db.query<{ slug: string; category: string }, []>('SELECT slug, category FROM services WHERE category IS NOT NULL').all();
  return new Map(rows.map(({ slug, category }) => [slug, category]));
}

/**
 * Adds a service that no rules know, or changes its name and category; returns its slug. It works at once, from its slug alone. Refuses names that are none, services that
 * have rules (they are changed there) and those of denied categories.
 */
export function setService(
  tx: Tx,
  userId: string,
  typed: { slug: string; name: string; category: string },
  terms: Pick<OfferTerms, 'allow' | 'rules'>,
): string {
  const name = typed.name.trim().replace(/\s+/g, ' ');
  const slug = typed.slug.trim() || serviceSlug(name);
  if (name === '' || name.length > NAME_CHARACTERS_MAX || /\p{Cc}|\p{Bidi_Control}/u.test(name)) {
    throw wrong('name', `Write a name of 1 to ${NAME_CHARACTERS_MAX} characters, such as Acme Taxi.`);
  }
  if (!isService(slug) || slug === 'any') {
    throw wrong('slug', 'Write a slug of at most 40 lower-case letters (a to z), digits and dashes, such as acme-taxi.');
  }
  const known = knownService(slug, terms.rules());
  if (known !== null) {
    throw wrong('slug', `${known.name} is known already (${known.slug}): its name and category come with its rules.`);
  }
  if (!isCategory(typed.category)) throw wrong('category', 'Choose one of the categories.');
  refuseDenied(slug, terms);
  refuseDenied(serviceSlug(name), terms);
  tx.db
    .query(
      `INSERT INTO services (slug, name, category, updated_at_ms) VALUES ($slug, $name, $category, $now)
       ON CONFLICT (slug) DO UPDATE SET name = excluded.name, category = excluded.category, updated_at_ms = excluded.updated_at_ms`,
    )
    .run({ slug, name, category: typed.category, now: tx.nowMs });
  pricesChanged(tx);
  const detail = `${slug}: ${name}, ${typed.category}.`;
  writeAudit(tx, { userId, action: 'service.set', target: SERVICES_AUDITED, detail });
  return slug;
}

/** Takes a service off sale in every country, or puts it back; its prices stay and open orders go on. */
export function hideService(tx: Tx, userId: string, slug: string, hidden: boolean): void {
  if (!isService(slug)) throw new Refusal('not_found', 'There is no such service.');
  tx.db
    .query(
      `INSERT INTO services (slug, hidden, updated_at_ms) VALUES ($slug, $hidden, $now)
       ON CONFLICT (slug) DO UPDATE SET hidden = excluded.hidden, updated_at_ms = excluded.updated_at_ms`,
    )
    .run({ slug, hidden: hidden ? 1 : 0, now: tx.nowMs });
  pricesChanged(tx);
  const detail = `${slug}: ${hidden ? 'hidden, not offered any more' : 'shown, offered where it has a price'}.`;
  writeAudit(tx, { userId, action: hidden ? 'service.hide' : 'service.show', target: SERVICES_AUDITED, detail });
}

function wrong(field: string, message: string): Refusal {
  return new Refusal('validation', message, { errors: [{ field, message }] });
}
