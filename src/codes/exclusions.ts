import { knownService, type RuleBook } from './book.ts';
import type { Shadow } from './normalise.ts';
import { findPhrase, type Span } from './phrases.ts';
import { fitsSender } from './sender-patterns.ts';
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
  const forms = service.blockedSenders.length > 0 ? sendersOf(sender) : [];
  if (service.blockedSenders.some((pattern) => forms.some((form) => fitsSender(form, pattern))))
    return { rule: 'blocked_sender', reason: `its sender is one that the rules of ${service.name} exclude`, span: null };
  for (const phrase of service.notKeywords) {
    const [span] = findPhrase(shadow.search, phrase);
    if (!span) continue;
    const found = shadow.text.slice(span.start, span.end);
    return { rule: 'not_keyword', reason: `it says "${found}", which the rules of ${service.name} exclude`, span };
  }
  return null;
}
