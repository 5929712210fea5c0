import { BUILT_IN, knownService, type RuleBook } from '../codes/book.ts';
import table from './categories.json' with { type: 'json' };

/** A category of the catalogue. `rules`: lists of the rules whose services are of it; `services`: those that are of it whatever their list. */
export interface Category {
  slug: string;
  name: string;
  rules: readonly string[];
  services: readonly string[];
}

/** Every category, in the order in which they are offered to choose from. */
export const CATEGORIES: readonly Category[] = table;
export const OTHER = 'other';

const BY_SERVICE = new Map(CATEGORIES.flatMap(({ slug, services }) => services.map((service) => [service, slug] as const)));
const BY_LIST = new Map(CATEGORIES.flatMap(({ slug, rules }) => rules.map((list) => [list, slug] as const)));
const NAMES = new Map(CATEGORIES.map(({ slug, name }) => [slug, name]));

export function isCategory(slug: string): boolean {
  return NAMES.has(slug);
}

/** `messengers` is "Messengers"; what is no category comes back as it is. */
export function categoryName(slug: string): string {
  return NAMES.get(slug) ?? slug;
}

/** The category of a service: as the operator says in the catalogue (`own`), else by its rules, else `other`. Every service has one. */
export function categoryOf(service: string, book: RuleBook = BUILT_IN, own: ReadonlyMap<string, string> = new Map()): string {
  const known = knownService(service, book);
  const list = known?.category ?? '';
  return own.get(service) ?? BY_SERVICE.get(known?.slug ?? service) ?? BY_LIST.get(list) ?? (isCategory(list) ? list : OTHER);
}
