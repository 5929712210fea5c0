import type { Span } from './phrases.ts';

/** A needle found: what was filed under it, and where it stands. */
export interface Hit<T> extends Span {
  value: T;
}

interface Node<T> {
  next: Map<number, Node<T>>;
  fail: Node<T> | null;
  /** The nearest shorter needle that ends where this one does. */
  shorter: Node<T> | null;
  depth: number;
  values: T[];
}

/**
 * Finds many needles in one pass (Aho and Corasick, "Efficient string matching", CACM 18/6, 1975): linear in the text and in what is found, whatever
 * the number of needles. Built once, read only afterwards.
 */
export class NameIndex<T> {
  readonly #root: Node<T> = nodeOf(0);

  /** Needles as they are to be found, letter by letter; empty ones are left out. */
  constructor(entries: Iterable<readonly [needle: string, value: T]>) {
    for (const [needle, value] of entries) this.#file(needle, value);
    this.#link();
  }

  /** Every place of every needle, by where it ends; overlapping ones too. */
  find(text: string): Hit<T>[] {
    const hits: Hit<T>[] = [];
    let node = this.#root;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      let step = node.next.get(unit);
      while (step === undefined && node.fail !== null) {
        node = node.fail;
        step = node.next.get(unit);
      }
      node = step ?? node;
      for (let end: Node<T> | null = node.values.length > 0 ? node : node.shorter; end !== null; end = end.shorter) {
        for (const value of end.values) hits.push({ value, start: at + 1 - end.depth, end: at + 1 });
      }
    }
    return hits;
  }

  #file(needle: string, value: T): void {
    if (needle === '') return;
    let node = this.#root;
    for (let at = 0; at < needle.length; at++) {
      const unit = needle.charCodeAt(at);
      let step = node.next.get(unit);
      if (step === undefined) {
        step = nodeOf(node.depth + 1);
        node.next.set(unit, step);
      }
      node = step;
    }
    node.values.push(value);
  }

  /** Breadth first, so that the failure link of what is shorter is known before it is needed. */
  #link(): void {
    const queue: Node<T>[] = [this.#root];
    for (const node of queue) {
      for (const [unit, child] of node.next) {
        let fail = node.fail;
        while (fail !== null && !fail.next.has(unit)) fail = fail.fail;
        child.fail = fail?.next.get(unit) ?? this.#root;
        child.shorter = child.fail.values.length > 0 ? child.fail : child.fail.shorter;
        queue.push(child);
      }
    }
  }
}

function nodeOf<T>(depth: number): Node<T> {
  return { next: new Map(), fail: null, shorter: null, depth, values: [] };
}
