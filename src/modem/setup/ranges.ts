/** The groups of an answer to a test command: `+CNMI: (0-2),(0,1)` has two. A value outside of any bracket is a group of its own. */
export function groupsOf(line: string): string[][] {
  const text = line.slice(line.indexOf(':') + 1);
  const bracketed = text.includes('(');
  const groups = bracketed ? [...text.matchAll(/\(([^()]*)\)|([^(),\s][^(),]*)/g)].map((match) => match[1] ?? match[2] ?? '') : [text];
  return groups.map((group) =>
    group
      .split(',')
      .map((value) => value.replaceAll('"', '').trim())
      .filter((value) => value !== ''),
  );
}

const RANGE_MOST = 10_000;

/** The whole numbers of a group of values and ranges (`0`, `2-4`), ascending; null when one is neither, or a range is absurd. */
export function numbersOf(group: readonly string[]): number[] | null {
  const numbers = new Set<number>();
  for (const value of group) {
    const match = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(value);
    if (match === null) return null;
    const from = Number(match[1]);
    const to = Number(match[2] ?? match[1]);
    if (to < from || to - from > RANGE_MOST) return null;
    for (let number = from; number <= to; number++) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}
