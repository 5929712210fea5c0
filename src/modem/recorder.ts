import type { Clock } from '../lib/clock.ts';
import type { DialogueLine } from './actions.ts';
import { maskDialogue } from './mask.ts';

/** Enough for a whole set-up and the minutes after it, little enough to keep for hundreds of modems. */
const LINES_KEPT = 400;
const TEXT_MOST = 300;

/** Keeps the last lines a modem and this program said to each other, PINs and codes masked before they are kept. */
export class DialogueRecorder {
  private readonly clock: Clock;
  private readonly kept: DialogueLine[] = [];
  private next = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  add(direction: DialogueLine['direction'], text: string): void {
    const line = { atMs: this.clock.nowMs(), direction, text: maskDialogue(visible(text)).slice(0, TEXT_MOST) };
    if (this.kept.length < LINES_KEPT) this.kept.push(line);
    else this.kept[this.next] = line;
    this.next = (this.next + 1) % LINES_KEPT;
  }

  /** Oldest first. */
  lines(): DialogueLine[] {
    return this.kept.length < LINES_KEPT ? [...this.kept] : [...this.kept.slice(this.next), ...this.kept.slice(0, this.next)];
  }
}

/** Line ends left out, other control characters in angle brackets, as bug reports want them. */
function visible(text: string): string {
  return text
    .replace(/[\r\n]+$/, '')
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => `<${char.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}>`);
}
