/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { ids } from '../ids.ts';
import { paths } from '../paths.ts';

/** The search of the console over any page: opened by `/` or Ctrl+K (static/console.js). Without scripts its link leads to the page of the search. */
export function Jump(): JSX.Element {
  return (
    <dialog id={ids.jump} class="jump-box" aria-label="Search the console">
      <form action={paths.search} method="get" aria-label="Search">
        <input
          type="search"
          name="q"
          aria-label="Search pages, customers, orders, SIMs, messages, rentals"
          placeholder="Page, e-mail, order, number, ICCID, slot …"
          autocomplete="off"
          maxlength="100"
          hx-get={paths.search}
          hx-trigger="input changed delay:120ms"
          hx-target={`#${ids.jumpResults}`}
          hx-swap="innerHTML"
        />
        <button type="button" class="quiet" data-jump-close>
          Close
        </button>
      </form>
      <div id={ids.jumpResults} class="found" aria-live="polite"></div>
      <p class="hint">
        <kbd>↑</kbd> <kbd>↓</kbd> to choose, <kbd>Enter</kbd> to go, <kbd>Esc</kbd> to close
      </p>
    </dialog>
  );
}
