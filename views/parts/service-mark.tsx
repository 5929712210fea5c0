/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { attr } from './text.tsx';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const CORNERS = [7, 11, 16] as const;

/**
 * A service's mark: one or two letters of its name in a rounded shape, drawn here and alike for ever, so that a list is scanned by eye. It copies nobody's logo. The
 * name stands beside it, so a screen reader passes over it.
 */
export function ServiceMark({ service, name }: { service: string; name: string }): JSX.Element {
  const letters = markLetters(service, name);
  const hash = hashOf(service);
  return (
    <svg
      class="service-mark"
      data-mark={attr(service)}
      data-filled={hash % 2 === 0 ? '' : undefined}
      viewBox="0 0 32 32"
      width="20"
      height="20"
      aria-hidden="true"
      focusable="false"
    >
      <rect x="1.25" y="1.25" width="29.5" height="29.5" rx={CORNERS[Math.floor(hash / 2) % CORNERS.length]} />
      <text x="16" y="16.5" text-anchor="middle" dominant-baseline="central" font-size={[...letters].length > 1 ? '14' : '17'} safe>
        {letters}
      </text>
    </svg>
  );
}

/** Telegram is Te, TikTok TT, Plenty of Fish PO, X is X; what has no letter or digit is a bullet, and every sender (`any`) an asterisk. */
export function markLetters(service: string, name: string): string {
  if (service === 'any') return '∗';
  const words = name.split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean);
  const [first = '', second = ''] = words;
  if (second !== '') return `${firstOf(first)}${firstOf(second)}`.toUpperCase();
  const capitals = first.match(/\p{Lu}/gu) ?? [];
  if (capitals.length > 1) return capitals.slice(0, 2).join('');
  const [one = '•', two = ''] = [...graphemes.segment(first.slice(0, 24))].map(({ segment }) => segment);
  return /\p{Script=Han}|\p{Script=Hangul}/u.test(one) ? one : `${one.toUpperCase()}${two}`;
}

function firstOf(word: string): string {
  return graphemes.segment(word.slice(0, 12))[Symbol.iterator]().next().value?.segment ?? '';
}

/** FNV-1a over the slug's code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
