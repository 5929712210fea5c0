import { knownService, type RuleBook } from './book.ts';
import type { CodeShape } from './service-data.ts';

/** What a service's codes usually look like; null when that is not known. */
export function codeShapeOf(slug: string, book: RuleBook): CodeShape | null {
  return knownService(slug, book)?.code ?? null;
}

/** Whether a code, without separators, has the usual shape of a service's; true when the shape is not known. */
export function hasShapeOf(slug: string, code: string, book: RuleBook): boolean {
  const shape = codeShapeOf(slug, book);
  if (shape === null) return true;
  const bare = code.replace(/[\s-]/g, '');
  const alphabet = { digits: /^\d+$/, alnum: /^[A-Za-z\d]+$/, letters: /^[A-Za-z]+$/ }[shape.alphabet];
  return bare.length >= shape.shortest && bare.length <= shape.longest && alphabet.test(bare);
}
