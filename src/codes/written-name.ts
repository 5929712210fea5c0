import { endsAsName } from './endings.ts';
import type { Shadow } from './normalise.ts';
import type { Span } from './phrases.ts';
import type { ServiceName } from './service-data.ts';
import { goesOnInCamelCase } from './unknown-service.ts';

/** A name that is also a word, as far as its letters can tell: nobody says VTB or DHL and means something else. */
export function isWord({ written }: ServiceName): boolean {
  return written !== null && !/^[BCDFGHJ-NP-TV-XZ]{3,}$/.test(written);
}

/**
 * Names that are also words must have their letter case. Names of one or two letters must not be pieces of codes (`X-1234`), and digits at a name's
 * edge must not be part of a longer number.
 */
export function isWritten(shadow: Shadow, span: Span, { written }: ServiceName): boolean {
  const { text } = shadow;
  if (goesOnInCamelCase(shadow, span) || !startsWord(shadow, span) || !isDeclined(shadow, span) || !endsAsName(shadow, span)) return false;
  const [left, right] = [text.charAt(span.start - 1), text.charAt(span.end)];
  if (/\d/.test(left) && /\d/.test(text.charAt(span.start))) return false;
  if (/\d/.test(right) && /\d/.test(text.charAt(span.end - 1))) return false;
  if (written === null) return !isOtherWord(shadow, span);
  const found = text.slice(span.start, span.end);
  if (found !== written && (found !== written.toUpperCase() || /\p{Ll}/u.test(text))) return false;
  const piece =
    /(?:[\p{N}*#]|\d-)$/u.test(text.slice(Math.max(0, span.start - 2), span.start)) ||
    /^(?:[\p{N}*#]|-\d)/u.test(text.slice(span.end, span.end + 2));
  return span.end - span.start > 2 || !piece;
}

const CASED = /[\p{Script=Latin}\p{Script=Cyrillic}]/u;

/** Names are found within words too, since some languages put particles before them (`yeWhatsApp`): there the capital must tell. */
function startsWord({ text }: Shadow, { start }: Span): boolean {
  if (!CASED.test(text.charAt(start)) || !CASED.test(text.charAt(start - 1))) return true;
  return /\p{Lu}/u.test(text.charAt(start)) && /(?<!\p{L})\p{Ll}{1,3}$/u.test(text.slice(Math.max(0, start - 4), start));
}

/** A name of four letters with an ending must have its capital, and the ending none: `Woltiin`, not `swoltes`. */
function isDeclined({ text }: Shadow, { start, end }: Span): boolean {
  if (end - start > 4 || !CASED.test(text.charAt(end - 1)) || !CASED.test(text.charAt(end))) return true;
  return (
    /\p{Lu}/u.test(text.charAt(start)) && /\p{Ll}/u.test(text.charAt(end)) && !/^(?:s|ed|er|ing)(?!\p{L})/u.test(text.slice(end, end + 4))
  );
}

/** A short name in letters that only fold to it is another word: German "über" is not Uber. */
function isOtherWord({ text, search }: Shadow, { start, end }: Span): boolean {
  const ascii = /^[a-z\d]{1,5}$/;
  return ascii.test(search.slice(start, end)) && !ascii.test(text.slice(start, end).toLowerCase());
}
