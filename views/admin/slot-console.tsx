/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { ids } from '../ids.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { attr, Foreign } from '../parts/text.tsx';
import { slotPath } from '../paths.ts';
import type { ConsoleView } from './model.ts';

/** One AT command at a time, for finding out; what would send, dial, delete or change an identity is refused. */
export function Console({ slot, answer }: { slot: string; answer: ConsoleView | null }): JSX.Element {
  return (
    <section id={ids.console} class="panel" aria-labelledby="console-title">
      <h2 id="console-title">AT console</h2>
      <p class="muted">For finding out. Commands that send, dial, delete, write or change an identity are refused.</p>
      <form
        method="post"
        action={attr(slotPath(slot, 'console'))}
        hx-post={attr(slotPath(slot, 'console'))}
        hx-target={`#${ids.console}`}
        hx-swap="outerMorph"
        hx-disable="find button"
        hx-indicator="#console-waiting"
        class="one-line"
      >
        <label for="command" class="sr-only">
          AT command
        </label>
        <input
          id="command"
          name="command"
          class="mono"
          required
          maxlength={200}
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          placeholder="AT+CSQ"
          value={attr(answer?.command ?? '')}
        />
        <button type="submit">Send</button>
      </form>
      <p id="console-waiting" class="waiting muted">
        Waiting for the modem, for at most 10 s: <Elapsed sinceMs={null} nowMs={0} />
      </p>
      {answer === null ? null : <ConsoleAnswer answer={answer} />}
    </section>
  );
}

function ConsoleAnswer({ answer }: { answer: ConsoleView }): JSX.Element {
  if (answer.lines === null) {
    return (
      <p id="console-answer" class="problem" role="alert">
        <Foreign text={answer.final} />
      </p>
    );
  }
  return (
    <ol id="console-answer" class="mono dialogue-lines" role="status" tabindex="0">
      {[...answer.lines, answer.final].map((line) => (
        <li data-direction="<">
          <Foreign text={line} />
        </li>
      ))}
    </ol>
  );
}
