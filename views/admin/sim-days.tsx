/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { PinState } from '../../src/sims/inventory.ts';
import { daysInWords } from '../format.ts';
import { attr } from '../parts/text.tsx';
import { paths, withQuery } from '../paths.ts';

export const PIN_WORDS: Record<PinState, string> = {
  open: 'open',
  pin: 'asks for its PIN',
  puk: 'asks for its PUK',
  unknown: 'not known: not readable now',
};

const DAY_MS = 86_400_000;
/** From so many days ahead a day is marked. */
const NEAR_DAYS = 14;

/** A day of a card, marked when it is near or past. */
export function DueMark({ what, day, nowMs }: { what: 'expires' | 'top-up'; day: string | null; nowMs: number }): JSX.Element {
  if (day === null) return '';
  const days = daysUntil(day, nowMs);
  const level = days < 0 ? 'bad' : days <= NEAR_DAYS ? 'busy' : undefined;
  return (
    <span class="due-mark" data-level={level}>
      <span safe>{what}</span>{' '}
      <time datetime={day} class="mono" safe>
        {day}
      </time>
      {level === undefined ? null : <small safe>{` ${daysInWords(days)}`}</small>}
    </span>
  );
}

/** Whole days from today to a day, in UTC. */
export function daysUntil(day: string, nowMs: number): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Math.floor(nowMs / DAY_MS) * DAY_MS) / DAY_MS);
}

export function Tags({ tags }: { tags: readonly string[] }): JSX.Element {
  if (tags.length === 0) return '';
  return (
    <span class="tags">
      {tags.map((tag) => (
        <a class="tag" href={attr(withQuery(paths.sims, { tag }))} safe>
          {tag}
        </a>
      ))}
    </span>
  );
}
