import type { Clock } from '../lib/clock.ts';
import type { DialogueLine } from './actions.ts';
import { ShownDialogue } from './shown-dialogue.ts';

/** Enough for a whole set-up and the minutes after it, little enough to keep for hundreds of modems. */
const LINES_KEPT = 400;
const TEXT_MOST = 300;

/** Keeps the last lines a modem and this program said to each other, everything secret masked before it is kept. */
export class DialogueRecorder {
  private readonly clock: Clock;
  private readonly kept: DialogueLine[] = [];
  private readonly shown = new ShownDialogue(false);
  private next = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  add(direction: DialogueLine['direction'], text: string): void {
    const line = { atMs: this.clock.nowMs(), direction, text: this.shown.text(direction, text).slice(0, TEXT_MOST) };
    if (this.kept.length < LINES_KEPT) this.kept.push(line);
    else this.kept[this.next] = line;
    this.next = (this.next + 1) % LINES_KEPT;
  }

  /** Oldest first. */
  lines(): DialogueLine[] {
    return this.kept.length < LINES_KEPT ? [...this.kept] : [...this.kept.slice(this.next), ...this.kept.slice(0, this.next)];
  }
}
