import { BUILT_IN } from './book.ts';
import { type Denial, deniedDomain, deniedService, deniedWording, WORDS } from './deny.ts';
import type { Complain } from './rule-limits.ts';
import type { ListedRule } from './service-data.ts';

/** What tells of a denied institution in each field. */
const FIELDS = {
  aliases: deniedService,
  common: deniedService,
  senders: deniedSender,
  domains: deniedDomain,
  templates: deniedTemplate,
} as const;

/** Editing rules is no way around `[access] allow`: who is denied by name stays denied, as the kind that the name says. */
export function checkDenied(rule: ListedRule, complain: Complain): void {
  const builtIn = BUILT_IN.rules.get(rule.slug);
  if (builtIn?.denied && rule.denied !== builtIn.denied)
    complain(
      'denied',
      null,
      `It is denied as ${builtIn.denied}: to offer it, put that kind into the configuration, [access] allow = ["${builtIn.denied}"].`,
    );
  const note = (field: string, entry: number | null, denial: Denial | null) => {
    if (denial === null || denial.category === rule.denied) return;
    const chosen = rule.denied === null ? '' : `, not ${WORDS[rule.denied]}`;
    complain(
      field,
      entry,
      `${denial.reason}${chosen}: choose that kind under "Denied as" (${WORDS[denial.category]}); [access] allow decides what is offered all the same.`,
    );
  };
  if (!builtIn || builtIn.name !== rule.name) note('name', null, (builtIn ? null : deniedService(rule.slug)) ?? deniedService(rule.name));
  for (const [field, denialOf] of Object.entries(FIELDS) as [keyof typeof FIELDS, (entry: string) => Denial | null][]) {
    for (const [at, entry] of (rule[field] ?? []).entries()) if (!builtIn?.[field]?.includes(entry)) note(field, at + 1, denialOf(entry));
  }
}

/** Each piece of a sender with `*` is looked at by itself: `NORDBANK*`. */
function deniedSender(sender: string): Denial | null {
  return sender
    .split('*')
    .filter((piece) => piece.trim().length >= 3)
    .reduce<Denial | null>((found, piece) => found ?? deniedService(piece), null);
}

/** A wording as it would come, with a name that says nothing. */
function deniedTemplate(template: string): Denial | null {
  return deniedWording(
    template.replaceAll('{code}', '482913').replaceAll('{brand}', '').replaceAll('{any}', ' ').replaceAll('{line}', '\n').slice(0, 400),
  );
}
