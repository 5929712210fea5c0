/** What a mail says, before it is text or HTML: both are made from this, so that they cannot differ. Every text may be a stranger's. */
export interface MailContent {
  subject: string;
  /** What a list of mails shows behind the subject. */
  preheader: string;
  title: string;
  blocks: readonly MailBlock[];
  /** Why its receiver gets it. */
  reason: string;
}

export type MailBlock =
  | { kind: 'text'; text: string }
  /** What the reader came for, in large letters. */
  | { kind: 'code'; code: string }
  | { kind: 'facts'; rows: readonly (readonly [label: string, value: string])[] }
  /** Words of somebody else, set apart. */
  | { kind: 'quote'; label: string; text: string }
  | { kind: 'list'; items: readonly { title: string; text: string }[] }
  | { kind: 'action'; label: string; url: string };

/** What stands below every mail. */
export interface MailFooter {
  /** The same in every channel that tells of it. */
  eventId: string;
  /** Ends this kind of mail; null for what cannot be turned off. */
  unsubscribeUrl: string | null;
  /** Where its receiver chooses their mails; null for people without an account. */
  settingsUrl: string | null;
  /** The numbers are not real. */
  isVirtual: boolean;
}

/** A subject may be cut by whoever shows it; longer ones say nothing more. */
const SUBJECT_CHARACTERS_MAX = 120;

/**
 * A text for a header: one line, no control character and none that turns the direction, cut. What is left can neither add a header nor
 * disguise one.
 */
export function headerLine(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    // Words that look encoded already (RFC 2047) would be decoded by whoever shows them.
    .replaceAll('=?', '= ?')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length > SUBJECT_CHARACTERS_MAX ? `${characters.slice(0, SUBJECT_CHARACTERS_MAX - 1).join('')}…` : line;
}
