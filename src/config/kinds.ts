/** One kind of value: what is allowed, what holds without it, how it is read from the file and from the environment. */
export interface Key<T> {
  allowed: string;
  fallback: T;
  /** Never shown when it is wrong, since that line goes to logs: it holds a password. */
  secret?: boolean;
  /** The value if it is right, else undefined. */
  read(value: unknown): T | undefined;
  /** Turns the text of an environment variable into what the file would hold. */
  fromText(text: string): unknown;
}

/** A list whose every item is right; in the environment separated by commas. */
export function listOf<T>(allowed: string, isItem: (value: unknown) => value is T): Key<T[]> {
  return {
    allowed,
    fallback: [],
    read: (value) => (Array.isArray(value) && value.every(isItem) ? value : undefined),
    fromText: (value) => value.split(',').flatMap((one) => one.trim() || []),
  };
}

export const text = (allowed: string, fallback: string, ok: (value: string) => boolean): Key<string> => ({
  allowed,
  fallback,
  read: (value) => (typeof value === 'string' && ok(value) ? value : undefined),
  fromText: (value) => value,
});
export const whole = <F extends number | null>(least: number, most: number, fallback: F): Key<number | F> => ({
  allowed: `a whole number from ${least} to ${most}`,
  fallback,
  read: (value) => (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : undefined),
  fromText: (value) => (/^-?\d+$/.test(value) ? Number(value) : value),
});
export const minutes = (least: number, most: number, fallback: number): Key<number> => ({
  allowed: `a number of minutes from ${least} to ${most}`,
  fallback,
  read: (value) => (typeof value === 'number' && value >= least && value <= most ? value : undefined),
  fromText: (value) => (/^\d+(\.\d+)?$/.test(value) ? Number(value) : value),
});
/** A percentage with at most two decimals; null when none is given. */
export const percent: Key<number | null> = {
  allowed: 'a number of percent from 0 to 100 with at most two decimals, such as 19 or 7.7',
  fallback: null,
  read: (value) => (typeof value === 'number' && value >= 0 && value <= 100 && Math.round(value * 100) / 100 === value ? value : undefined),
  fromText: (value) => (/^\d{1,3}(\.\d+)?$/.test(value) ? Number(value) : value),
};
export const flag = (fallback: boolean): Key<boolean> => ({
  allowed: 'true or false',
  fallback,
  read: (value) => (typeof value === 'boolean' ? value : undefined),
  fromText: (value) => (value === 'true' ? true : value === 'false' ? false : value),
});
export const oneOf = <const T extends string>(words: readonly T[], fallback: T): Key<T> => ({
  allowed: `one of ${words.map((word) => `"${word}"`).join(', ')}`,
  fallback,
  read: (value) => words.find((word) => word === value),
  fromText: (value) => value,
});

/** Numbers, `atMost` of them, each from `least` to `most`; null when none are given. */
export const numbers = (what: string, { atMost, least, most }: { atMost: number; least: number; most: number }): Key<number[] | null> => ({
  allowed: `a list of 1 to ${atMost} ${what}, each from ${least} to ${most}`,
  fallback: null,
  read: (value) =>
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= atMost &&
    value.every((one): one is number => typeof one === 'number' && one >= least && one <= most)
      ? value
      : undefined,
  fromText: (value) => value.split(',').map((one) => (/^\s*\d+(\.\d+)?\s*$/.test(one) ? Number(one) : one)),
});

/** What is printed on receipts; control characters would spoil them. */
export const operatorText = (what: string, charactersMax: number, lines: boolean): Key<string> =>
  text(
    `${what} with at most ${charactersMax} characters`,
    '',
    (value) => value.length <= charactersMax && (lines ? /^[^\p{Cc}]*(\n[^\p{Cc}]*){0,5}$/u : /^[^\p{Cc}]*$/u).test(value),
  );

/** A list of whole hours, as `24,1` in the environment; an empty one is none. */
export const hours = (atMost: number, most: number, fallback: number[]): Key<number[]> => ({
  allowed: `a list of at most ${atMost} whole hours from 1 to ${most}, such as [24, 1]; an empty one for none`,
  fallback,
  read: (value) =>
    Array.isArray(value) && value.length <= atMost && value.every((one): one is number => Number.isInteger(one) && one >= 1 && one <= most)
      ? value
      : undefined,
  fromText: (value) => value.split(',').flatMap((one) => (one.trim() === '' ? [] : Number(one))),
});
