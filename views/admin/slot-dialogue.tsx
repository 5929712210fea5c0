/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { attr, Foreign } from '../parts/text.tsx';
import { slotPath } from '../paths.ts';
import type { DialogueView } from './model.ts';

const TELLER = { '>': 'sent', '<': 'answered', '!': 'the line' } as const;
/** The page shows the end; the download has all. */
const LINES_SHOWN = 60;

/** The end of the dialogue with the modem, newest last, and the whole as a file. */
export function Dialogue({ slot, lines }: { slot: string; lines: readonly DialogueView[] }): JSX.Element {
  return (
    <details class="panel dialogue" id="dialogue">
      <summary>Dialogue with the modem</summary>
      <p class="muted">
        Codes and PINs in it are masked; numbers and ICCIDs are not.{' '}
        <a href={attr(slotPath(slot, 'dialogue.txt'))} download="">
          Download it for a bug report
        </a>
      </p>
      {lines.length === 0 ? (
        <p class="muted">Nothing was said yet.</p>
      ) : (
        <ol class="mono dialogue-lines" tabindex="0" aria-label="Dialogue, the newest line last">
          {lines.slice(-LINES_SHOWN).map((line) => (
            <li data-direction={line.direction}>
              <time datetime={new Date(line.atMs).toISOString()} safe>
                {new Date(line.atMs).toISOString().slice(11, 23)}
              </time>{' '}
              <span class="sr-only" safe>
                {TELLER[line.direction]}
              </span>
              <span aria-hidden="true" safe>
                {line.direction}
              </span>{' '}
              <Foreign text={line.text} />
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}

/** The dialogue as the text of a file: a line each, time in UTC, direction, text on one line. */
export function dialogueText(slot: string, lines: readonly DialogueView[]): string {
  const said = lines.map(
    ({ atMs, direction, text }) => `${new Date(atMs).toISOString()} ${direction} ${JSON.stringify(text).slice(1, -1)}`,
  );
  return [`# SMSPin dialogue of ${JSON.stringify(slot)}; codes and PINs are masked`, ...said, ''].join('\n');
}
