/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { utc } from '../format.ts';

/**
 * Text for an attribute value. The JSX factory escapes only the quotation mark there, and htmx rewrites `<hx-…` wherever it stands in an
 * answer, attribute values included: an unescaped `<` of a stranger would let him add attributes of htmx to our element.
 */
export function attr(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * Control characters (Unicode Cc but line feed and tab) as the visible pictures Unicode has for them; DEL, C1 and the two direction overrides,
 * which no language needs and which make figures read backwards, as U+FFFD.
 */
export function withoutControls(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]|[\u202d\u202e]/gu, (control) => {
    const code = control.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
  });
}

/** A stranger's text within a line: escaped, its direction and its bidi overrides locked into this element. */
export function Foreign({ text }: { text: string }): JSX.Element {
  return (
    <bdi class="foreign" dir="auto" safe>
      {withoutControls(text)}
    </bdi>
  );
}

/** A text this long may not fit its box, which must then be reachable by keyboard to be scrolled. */
const SCROLLS_FROM_CHARACTERS = 400;

/** A stranger's text of many lines, in a box that caps its height and scrolls. */
export function ForeignBlock({ text }: { text: string }): JSX.Element {
  const scrolls = text.length > SCROLLS_FROM_CHARACTERS || text.split('\n').length > 6;
  return (
    <p class="foreign sms-text" dir="auto" tabindex={scrolls ? '0' : undefined} safe>
      {withoutControls(text)}
    </p>
  );
}

/** A stranger's text of many lines with some stretches of it marked; what overlaps or lies outside is left unmarked. */
export function MarkedBlock({ text, marks }: { text: string; marks: readonly { start: number; end: number }[] }): JSX.Element {
  const pieces: { text: string; marked: boolean }[] = [];
  let at = 0;
  for (const { start, end } of marks.toSorted((a, b) => a.start - b.start)) {
    if (start < at || end <= start || end > text.length) continue;
    pieces.push({ text: text.slice(at, start), marked: false }, { text: text.slice(start, end), marked: true });
    at = end;
  }
  pieces.push({ text: text.slice(at), marked: false });
  const shown = pieces.filter((piece) => piece.text !== '');
  return (
    <p class="foreign sms-text" dir="auto" tabindex="0">
      {shown.map((piece) =>
        piece.marked ? <mark safe>{withoutControls(piece.text)}</mark> : <span safe>{withoutControls(piece.text)}</span>,
      )}
    </p>
  );
}

/** A moment in UTC, machine-readable too; only the time of day when it is the same day as `nowMs`. */
export function Time({ atMs, nowMs }: { atMs: number; nowMs?: number }): JSX.Element {
  return (
    <time class="mono" datetime={new Date(atMs).toISOString()} safe>
      {utc(atMs, nowMs)}
    </time>
  );
}

/** The markup of views without asynchronous parts, as the string it is. */
export function markup(element: JSX.Element): string {
  if (typeof element !== 'string') throw new Error('A view that is pushed must not wait for anything');
  return element;
}
