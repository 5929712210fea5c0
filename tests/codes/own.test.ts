import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../src/codes/judge.ts';
import { LANGUAGES } from '../../src/codes/keywords.ts';
import { foldKeyword } from '../../src/codes/normalise.ts';
import signRules from '../../src/codes/rules/signs.json' with { type: 'json' };

interface OwnRow {
  id: string;
  lang: string;
  kind: string;
  text: string;
  service: string | null;
  code: string | null;
}

const rows: OwnRow[] = ['europe', 'elsewhere', 'shapes', 'mixed'].flatMap((name) =>
  readFileSync(join(import.meta.dir, 'own', `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line)),
);
const any = (text: string) => judge({ text, sender: '', service: 'any', onlyOrder: true });
const languages = Map.groupBy(rows, ({ lang }) => lang);

test('there are hundreds of messages in more than sixty languages', () => {
  expect(rows.length).toBeGreaterThan(400);
  expect(languages.size).toBeGreaterThan(60);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
});

describe.each([...languages])('messages in %s', (_language, group) => {
  const positives = group.filter(({ code }) => code !== null).map((row): [string, OwnRow] => [row.text, row]);
  const negatives = group.filter(({ code }) => code === null).map((row): [string, OwnRow] => [row.text, row]);
  test('are of both kinds', () => {
    expect([positives.length > 0, negatives.length > 0]).toEqual([true, true]);
  });
  test.each(positives)('%j carries its code', (text, { code }) => {
    expect(any(text)).toMatchObject({ verdict: 'accept', code });
  });
  test.each(negatives)('%j carries none', (text) => {
    expect(any(text)).toMatchObject({ code: null });
    expect(any(text).verdict).not.toBe('accept');
  });
});

describe('the words of a language', () => {
  // A script or a manner of writing of a language that is there already.
  const variants = new Set(['ru-Latn', 'fa-AF']);
  const known = Object.entries(LANGUAGES).filter(([tag]) => !variants.has(tag));
  test('are there for more than a hundred languages', () => {
    expect(known.length).toBeGreaterThan(100);
  });
  test.each(known)('%s: name codes, and codes of other kinds', (_tag, { strong, weak, anti }) => {
    expect(Math.min(strong.length, weak.length, anti.length)).toBeGreaterThan(0);
  });
  test.each(known)('%s: each of its strong words announces a code, none of its other kinds does', (_tag, { strong, anti }) => {
    const bare = (phrase: string) => phrase.replaceAll('*', '').replace(/:$/, '');
    const missed = strong.filter((phrase) => any(`${bare(phrase)}: 482019`).code !== '482019');
    const accepted = anti.filter((phrase) => any(`${bare(phrase)}: 482019`).code !== null);
    expect({ missed, accepted }).toEqual({ missed: [], accepted: [] });
  });
  test('that speak against a code are no word of another language for typing one in', () => {
    const commands = new Set(
      Object.values(LANGUAGES).flatMap(({ command = [], purpose = [] }) => [...command, ...purpose].map(foldKeyword)),
    );
    const signs = [
      ...Object.values(LANGUAGES).flatMap(({ offer = [], account = [], delivery = [], booking = [] }) =>
        [offer, account, delivery, booking].flat(),
      ),
      ...Object.values(signRules.against).flat(),
    ];
    expect(signs.filter((sign) => commands.has(foldKeyword(sign)))).toEqual([]);
  });
  test('those with messages of their own cover what people write in', () => {
    const covered = known.filter(([tag]) => languages.has(tag));
    expect(covered.length).toBeGreaterThan(90);
  });
});
