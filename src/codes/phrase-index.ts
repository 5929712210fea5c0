import { continuesWord, type Phrase, type Span, wordEnds } from './phrases.ts';

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
  for (let start = 0; start < search.length && found.length < MOST_FOUND; start++) {
    const trie = continuesWord(search, start) ? within : all;
    let node = trie.first(search.charCodeAt(start));
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

/** Phrases as a tree of UTF-16 units. Its edges stand in one open hash table of numbers: a look-up costs a few machine instructions and makes no garbage. */
class Trie<T> {
  /** From the root, where every search begins: by unit, without a hash. */
  readonly #first = new Int32Array(0x10000);
  /** By slot: the node an edge leaves, its unit, and the node it leads to; free where that is `NONE`. */
  readonly #from: Int32Array;
  readonly #unit: Uint16Array;
  readonly #to: Int32Array;
  readonly #slots: number;
  /** By node: the phrases that end there. */
  readonly #ends: (Entry<T>[] | undefined)[] = [undefined];

  constructor(entries: readonly Entry<T>[]) {
    const edges = entries.reduce((sum, { phrase }) => sum + phrase.needle.length, 0);
    // At most half of the slots are taken; a power of two, so that a mask wraps around.
    this.#slots = 2 ** Math.ceil(Math.log2(2 * edges + 2));
    this.#from = new Int32Array(this.#slots);
    this.#unit = new Uint16Array(this.#slots);
    this.#to = new Int32Array(this.#slots);
    for (const entry of entries) this.#add(entry);
  }

  first(unit: number): number {
    return this.#first[unit] ?? NONE;
  }

  next(node: number, unit: number): number {
    return this.#to[this.#slotOf(node, unit)] ?? NONE;
  }

  endsAt(node: number): readonly Entry<T>[] | undefined {
    return this.#ends[node];
  }

  #add(entry: Entry<T>): void {
    const { needle } = entry.phrase;
    if (needle === '') return;
    let node = ROOT;
    for (let i = 0; i < needle.length; i++) node = this.#grow(node, needle.charCodeAt(i));
    const known = this.#ends[node];
    if (known === undefined) this.#ends[node] = [entry];
    else known.push(entry);
  }

  #grow(node: number, unit: number): number {
    const known = node === ROOT ? this.first(unit) : this.next(node, unit);
    if (known !== NONE) return known;
    const made = this.#ends.push(undefined) - 1;
    if (node === ROOT) {
      this.#first[unit] = made;
      return made;
    }
    const slot = this.#slotOf(node, unit);
    this.#from[slot] = node;
    this.#unit[slot] = unit;
    this.#to[slot] = made;
    return made;
  }

  /** The slot of an edge, or the free one where it would stand. */
  #slotOf(node: number, unit: number): number {
    const wrap = this.#slots - 1;
    let slot = (Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> 7;
    for (slot &= wrap; this.#to[slot] !== NONE; slot = (slot + 1) & wrap) {
      if (this.#from[slot] === node && this.#unit[slot] === unit) return slot;
    }
    return slot;
  }
}
