import { readFileSync } from 'node:fs';
import { serviceSlug } from '../../src/codes/judge.ts';

/** A labelled message: `code` is what must be found, null where there is none to find. */
export interface Row {
  id: string;
  lang: string;
  text: string;
  sender: string;
  /** Slug of the brand in the message, or null. */
  service: string | null;
  code: string | null;
  /** Every right answer. */
  right: readonly string[];
  /** The collection the row comes from: rows of one collection resemble one another. */
  source: string;
}

/** Reads a file of rows as in `corpora/otp-dev.jsonl`. Throws with the line where one is no row. */
export function readRows(file: string): Row[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, at) => (line.trim() === '' ? [] : [rowOf(line, `${file} line ${at + 1}`)]));
}

function rowOf(line: string, where: string): Row {
  const row: unknown = JSON.parse(line);
  if (typeof row !== 'object' || row === null || !('text' in row) || typeof row.text !== 'string') {
    throw new Error(`${where}: a row is an object with a "text"`);
  }
  const word = (name: string): string | null => {
    const value: unknown = Reflect.get(row, name);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const code = word('code');
  const more: unknown = Reflect.get(row, 'accept');
  const others = Array.isArray(more) ? more.filter((each) => typeof each === 'string') : [];
  const service = word('service');
  return {
    id: word('id') ?? where,
    lang: word('lang') ?? 'und',
    text: row.text,
    sender: word('sender') ?? '',
    service: service === null ? null : serviceSlug(service),
    code,
    right: code === null ? [] : [code, ...others],
    source: sourceOf(word('source')),
  };
}

/** `template: owner/name/path (note)` and `owner/name/path` are both `owner/name`. */
function sourceOf(source: string | null): string {
  const path = (source ?? 'unknown').replace(/^[a-z ]+: /, '').split(/[\s(#]/)[0] ?? '';
  return path.split('/').slice(0, 2).join('/');
}
