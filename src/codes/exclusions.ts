import { knownService, type RuleBook } from './book.ts';
import type { Shadow } from './normalise.ts';
import { findPhrase, type Span } from './phrases.ts';
import { fitsSender, type SenderPattern } from './sender-patterns.ts';
import { sendersOf } from './service-senders.ts';

export interface Exclusion {
  rule: 'blocked_sender' | 'not_keyword';
  reason: string;
  span: Span | null;
}

/** Why the rules of a service exclude a message whatever else it says, in words, or null. */
export function exclusionOf(slug: string, shadow: Shadow, sender: string, book: RuleBook): Exclusion | null {
  const service = knownService(slug, book);
  if (!service) return null;
  if (service.blockedSenders.length > 0 && blockedBy(sender, book).has(service.slug))
    return { rule: 'blocked_sender', reason: `its sender is one that the rules of ${service.name} exclude`, span: null };
  for (const phrase of service.notKeywords) {
    const [span] = findPhrase(shadow.search, phrase);
    if (!span) continue;
    const found = shadow.text.slice(span.start, span.end);
    return { rule: 'not_keyword', reason: `it says "${found}", which the rules of ${service.name} exclude`, span };
  }
  return null;
}

/** Blocked senders of all services of a book: whole ones by what they are, those with a `*` one after another. */
interface BlockIndex {
  whole: ReadonlyMap<string, readonly string[]>;
  patterns: readonly { pattern: SenderPattern; slug: string }[];
  /** The sender asked for last: every service of the book asks for the same. */
  last: { sender: string; slugs: ReadonlySet<string> } | null;
}

const INDEXES = new WeakMap<RuleBook, BlockIndex>();

/** The services that exclude a sender. */
function blockedBy(sender: string, book: RuleBook): ReadonlySet<string> {
  const index = INDEXES.get(book) ?? indexOf(book);
  INDEXES.set(book, index);
  if (index.last?.sender === sender) return index.last.slugs;
  const forms = sendersOf(sender);
  const slugs = new Set(forms.flatMap((form) => index.whole.get(form) ?? []));
  for (const { pattern, slug } of index.patterns) if (forms.some((form) => fitsSender(form, pattern))) slugs.add(slug);
  index.last = { sender, slugs };
  return slugs;
}

function indexOf({ excluding }: RuleBook): BlockIndex {
  const all = excluding.flatMap(({ slug, blockedSenders }) => blockedSenders.map((pattern) => ({ pattern, slug })));
  const whole = new Map<string, string[]>();
  for (const { pattern, slug } of all.filter(({ pattern }) => pattern.length === 1)) {
    const [sender = ''] = pattern;
    whole.set(sender, [...(whole.get(sender) ?? []), slug]);
  }
  return { whole, patterns: all.filter(({ pattern }) => pattern.length > 1), last: null };
}
