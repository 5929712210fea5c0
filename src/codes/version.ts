import { LANGUAGES } from './keywords.ts';
import endings from './rules/endings.json' with { type: 'json' };
import plainWords from './rules/plain-words.json' with { type: 'json' };
import roles from './rules/roles.json' with { type: 'json' };
import signs from './rules/signs.json' with { type: 'json' };
import thresholds from './rules/thresholds.json' with { type: 'json' };
import version from './rules/version.json' with { type: 'json' };
import weights from './rules/weights.json' with { type: 'json' };
import { SERVICE_RULES_VERSION } from './service-data.ts';

/** `2-1f0c9a7e`: the published number of the rules, and a hash of what they really say (words, signs, roles of names, endings, weights, thresholds). */
export const RULE_VERSION = `${version.version}-${hashOf([LANGUAGES, signs, roles, endings, plainWords, thresholds, weights, SERVICE_RULES_VERSION])}`;

/** FNV-1a, 32 bits: tells two contents apart, and guards against nobody. */
function hashOf(content: unknown): string {
  let hash = 0x811c9dc5;
  for (const octet of new TextEncoder().encode(JSON.stringify(content))) hash = Math.imul(hash ^ octet, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
