/** How many names are remembered; beyond it the one that was let through longest ago is forgotten. */
const NAMES_MAX = 500;

/** Lets one of a kind through now and then and counts the others, so that what goes wrong a thousand times a second does not fill the log. */
export class Sparing {
  readonly #everyMs: number;
  readonly #names = new Map<string, { atMs: number; held: number }>();

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** How many of this name were held back since the last one that was let through, or null: hold this one back too. `nowMs` is monotonic. */
  take(name: string, nowMs: number): number | null {
    const known = this.#names.get(name);
    if (known !== undefined && nowMs - known.atMs < this.#everyMs) {
      known.held++;
      return null;
    }
    this.#names.delete(name);
    this.#names.set(name, { atMs: nowMs, held: 0 });
    const oldest = this.#names.keys().next();
    if (this.#names.size > NAMES_MAX && !oldest.done) this.#names.delete(oldest.value);
    return known?.held ?? 0;
  }
}
