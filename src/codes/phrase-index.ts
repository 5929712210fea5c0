import { isBounded, type Phrase, type Span, wordEnds } from './phrases.ts';

/** A message that is read by people has far fewer known words; one that has more is not read to its end. */
const MOST_FOUND = 1000;

/** A phrase that was found, with what its list says of it. */
export interface Hit<T> extends Span {
  tag: T;
}

/** Thousands of phrases, searched all at once in one walk over the text. */
export interface PhraseIndex<T> {
  /** By start, then by end, then in the order of the list. */
  find(search: string): Hit<T>[];
}

interface Entry<T> {
  phrase: Phrase;
  tag: T;
}

/**
 * Builds an index over phrases, each with its tag. Searching looks at a place of the text only as deep as some phrase goes on there, so its time is
 * bounded by the text's length times the longest phrase, whatever the text and however many phrases there are.
 */
export function indexPhrases<T>(entries: readonly Entry<T>[]): PhraseIndex<T> {
  const all = new Trie(entries);
  // Most places of a text are within a word, where only few phrases may begin: those have a small tree of their own.
  const within = new Trie(entries.filter(({ phrase }) => phrase.openLeft));
  return { find: (search) => walk(search, all, within) };
}

function walk<T>(search: string, all: Trie<T>, within: Trie<T>): Hit<T>[] {
  const found: Hit<T>[] = [];
  let isAfterLetter = false;
  for (let start = 0; start < search.length && found.length < MOST_FOUND; start++) {
    const unit = search.charCodeAt(start);
    const isLetter = isBounded(unit);
    const trie = isLetter && isAfterLetter ? within : all;
    isAfterLetter = isLetter;
    let node = trie.first(unit);
    for (let end = start + 1; node !== NONE; end++) {
      const here = trie.endsAt(node);
      if (here !== undefined) {
        for (const { phrase, tag } of here) {
          if (phrase.openRight || wordEnds(search, end, phrase.endings ?? 0)) found.push({ start, end, tag });
        }
      }
      node = end < search.length ? trie.next(node, search.charCodeAt(end)) : NONE;
    }
  }
  return found;
}

/** No node: the root is nobody's child. */
const NONE = 0;
const ROOT = 0;
const NO_UNIT = -1;

/**
 * Phrases as a tree of UTF-16 units, in arrays of numbers: following it makes no garbage and stays within a processor's nearest memory. A node's first child
 * mostly has the next number, so that the unit alone says whether the tree goes on; the other children stand in a hash table.
 */
class Trie<T> {
  /** From the root, where every search begins, by unit. */
  readonly #first = new Int32Array(0x10000);
  /** By node: the unit that leads to the node with the next number, or `NO_UNIT`. */
  readonly #onward: Int32Array;
  /** By node: 1 where it has children besides that one. */
  readonly #forks: Uint8Array;
  readonly #others: EdgeTable;
  /** By node: the phrases that end there. */
  readonly #ends: (Entry<T>[] | undefined)[] = [undefined];

  constructor(entries: readonly Entry<T>[]) {
    const most = entries.reduce((sum, { phrase }) => sum + phrase.needle.length, 1);
    this.#onward = new Int32Array(most).fill(NO_UNIT);
    this.#forks = new Uint8Array(most);
    const others = new Map<number, number>();
    for (const entry of entries) this.#add(entry, others);
    this.#others = new EdgeTable(others);
  }

  first(unit: number): number {
    return this.#first[unit] ?? NONE;
  }

  next(node: number, unit: number): number {
    if (this.#onward[node] === unit) return node + 1;
    return this.#forks[node] === 1 ? this.#others.find(node, unit) : NONE;
  }

  endsAt(node: number): readonly Entry<T>[] | undefined {
    return this.#ends[node];
  }

  #add(entry: Entry<T>, others: Map<number, number>): void {
    const { needle } = entry.phrase;
    if (needle === '') return;
    let node = ROOT;
    for (let i = 0; i < needle.length; i++) node = this.#child(node, needle.charCodeAt(i), others);
    const known = this.#ends[node];
    if (known === undefined) this.#ends[node] = [entry];
    else known.push(entry);
  }

  /** A node's child, made where there is none. */
  #child(node: number, unit: number, others: Map<number, number>): number {
    const known = node === ROOT ? this.first(unit) : this.#onward[node] === unit ? node + 1 : (others.get(edgeOf(node, unit)) ?? NONE);
    if (known !== NONE) return known;
    const made = this.#ends.push(undefined) - 1;
    if (node === ROOT) this.#first[unit] = made;
    else if (made === node + 1) this.#onward[node] = unit;
    else {
      others.set(edgeOf(node, unit), made);
      this.#forks[node] = 1;
    }
    return made;
  }
}

function edgeOf(node: number, unit: number): number {
  return node * 0x10000 + unit;
}

/** Edges of a tree as an open hash table that never changes. */
class EdgeTable {
  /** By slot: the node an edge leaves, its unit, and the node it leads to; free where that is `NONE`. */
  readonly #from: Int32Array;
  readonly #unit: Uint16Array;
  readonly #to: Int32Array;
  readonly #wrap: number;

  constructor(edges: ReadonlyMap<number, number>) {
    // At most half of the slots are taken; a power of two, so that a mask wraps around.
    const slots = 2 ** Math.ceil(Math.log2(2 * edges.size + 2));
    this.#from = new Int32Array(slots);
    this.#unit = new Uint16Array(slots);
    this.#to = new Int32Array(slots);
    this.#wrap = slots - 1;
    for (const [edge, to] of edges) {
      const [from, unit] = [Math.floor(edge / 0x10000), edge % 0x10000];
      const slot = this.#slotOf(from, unit);
      this.#from[slot] = from;
      this.#unit[slot] = unit;
      this.#to[slot] = to;
    }
  }

  find(from: number, unit: number): number {
    return this.#to[this.#slotOf(from, unit)] ?? NONE;
  }

  /** The slot of an edge, or the free one where it would stand. */
  #slotOf(from: number, unit: number): number {
    let slot = ((Math.imul(from, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> 7) & this.#wrap;
    while (this.#to[slot] !== NONE && (this.#from[slot] !== from || this.#unit[slot] !== unit)) slot = (slot + 1) & this.#wrap;
    return slot;
  }
}
