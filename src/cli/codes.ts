import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DENIED_CATEGORIES, type DeniedCategory } from '../codes/deny.ts';
import { describeFeatures } from '../codes/explain.ts';
import { BUILT_IN, type Judgement, judge, type RuleBook, serviceSlug } from '../codes/judge.ts';
import type { Config } from '../config.ts';
import { openReadOnly } from '../db/open.ts';
import { messageOf } from '../lib/log.ts';
import { printableLine } from '../lib/text-lines.ts';
import { rulesOfFile } from '../rules/published.ts';
import { configNow, DATABASE_FILE, type Io, readAll } from './usage.ts';

const USAGE = [
  'usage: smspin codes explain [--service S] [--sender X] [--json]   SMS text on stdin',
  '       smspin codes evaluate FILE.jsonl                           rows of {id, text, sender?, service?}',
];

/**
 * `smspin codes explain` and `smspin codes evaluate`. Both judge as for the only open order of a SIM; without a service, as for `any`.
 * The rules are those published in the data folder, if there is one; `version` in the answer says which. `explain` refuses the kinds that the server
 * refuses (`[access] allow`) and names them; `evaluate` measures the reading of codes, of every kind. Gives the exit code: 0, 1 when the file cannot be
 * read or has a damaged row, 2 for wrong arguments.
 */
export async function codesCommand(args: readonly string[], config: Config, io: Io): Promise<number> {
  const [command, ...rest] = args;
  const book = (): RuleBook => bookOf(config, io);
  if (command === 'explain') return explain(rest, book, deniedBy(settingsNow(config, io)), io);
  if (command === 'evaluate') return evaluate(rest, book, io);
  return wrong(io, command === undefined ? 'which command?' : `unknown command ${JSON.stringify(command)}`);
}

/** The published rules. What cannot be read is said, and the rules of the program judge. */
function bookOf({ data }: Config, io: Io): RuleBook {
  const file = join(data.dir, DATABASE_FILE);
  try {
    const book = rulesOfFile(file);
    if (book !== BUILT_IN) io.err(`Rules ${book.version}, as published in ${data.dir}.`);
    return book;
  } catch (thrown) {
    io.err(`The published rules in ${file} cannot be read (${messageOf(thrown)}): judged by the built-in rules ${BUILT_IN.version}.`);
    return BUILT_IN;
  }
}

/** The configuration with what operators set while the server runs. What cannot be read, or is of a schema before there were such settings, changes nothing. */
function settingsNow(config: Config, io: Io): Config {
  try {
    const db = openReadOnly(join(config.data.dir, DATABASE_FILE));
    try {
      const table = db.query("SELECT 1 FROM sqlite_schema WHERE name = 'setting_changes'").get();
      return table === null ? config : configNow(db, config, io);
    } finally {
      db.close();
    }
  } catch {
    // No data folder yet, or one that cannot be read: that is said when its rules are read.
    return config;
  }
}

/** The kinds that are neither sold nor delivered with this configuration. */
function deniedBy({ access }: Config): DeniedCategory[] {
  return DENIED_CATEGORIES.filter((category) => !access.allow.includes(category));
}

async function explain(args: readonly string[], bookOf: () => RuleBook, denied: readonly DeniedCategory[], io: Io): Promise<number> {
  let service = 'any';
  let sender = '';
  let json = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const value = args[i + 1];
    if (arg === '--json') {
      json = true;
      continue;
    }
    if (arg !== '--service' && arg !== '--sender') return wrong(io, `unknown argument ${JSON.stringify(arg)}`);
    if (value === undefined) return wrong(io, `${arg} needs a value`);
    if (arg === '--service') service = serviceSlug(value);
    else sender = value;
    i += 1;
  }
  if (service === '') return wrong(io, '--service needs a name');
  const text = (await readAll(io.stdin)).replace(/\r?\n$/, '');
  const judgement = judge({ text, sender, service, onlyOrder: true, book: bookOf(), deny: denied });
  if (json) io.out(JSON.stringify({ ...judgement, denied }));
  else for (const line of asLines(judgement, denied)) io.out(line);
  return 0;
}

/** The verdict for people: what was decided, by which rule, and everything that was weighed with where it stands and what was seen of it. */
function asLines(judgement: Judgement, denied: readonly DeniedCategory[]): string[] {
  const { verdict, code, printed, service, confidence, reason, rule, version, candidates } = judgement;
  const lines = [`${verdict}: ${printableLine(reason)}`, `rule: ${rule} (rules ${version}), confidence ${confidence}`];
  if (code !== null) lines.push(`code: ${code}${printed === code ? '' : ` (printed ${printableLine(printed ?? '')})`}`);
  if (service !== null) lines.push(`service: ${service}`);
  lines.push(`denied kinds, by [access] allow: ${denied.join(', ') || 'none'}`);
  for (const { text, code: typed, score, features, start, end } of candidates) {
    const seen = describeFeatures(features).map(({ points, what }) => `${points > 0 ? '+' : ''}${points} ${what}`);
    const as = typed === text ? '' : ` (as ${typed})`;
    lines.push(`weighed: ${printableLine(text)}${as} at ${start}-${end}, score ${score}: ${seen.join(', ')}`);
  }
  return lines;
}

interface Row {
  id: unknown;
  /** Null when the row has none: it gets its line all the same, so that no row is missing in the answer. */
  text: string | null;
  sender: string;
  service: string;
}

async function evaluate(args: readonly string[], bookOf: () => RuleBook, io: Io): Promise<number> {
  const [file, ...rest] = args;
  if (file === undefined || rest.length > 0) return wrong(io, 'evaluate takes one file');
  const content = await readFile(file, 'utf8').catch((error: Error) => error);
  if (content instanceof Error) {
    io.err(`smspin codes evaluate: ${content.message}`);
    return 1;
  }
  const book = bookOf();
  let damaged = 0;
  // What some editors put before the first row.
  for (const [at, line] of content
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    const row = readRow(line);
    if (row === null || row.text === null) {
      damaged += 1;
      io.err(`smspin codes evaluate: ${file} line ${at + 1}: no JSON object with a text${row === null ? '' : '; rejected'}`);
    }
    if (row === null) continue;
    const { id, text, sender, service } = row;
    const { verdict, code } = text === null ? NO_TEXT : judge({ text, sender, service, onlyOrder: true, book });
    io.out(JSON.stringify({ id, verdict, code }));
  }
  return damaged > 0 ? 1 : 0;
}

const NO_TEXT = { verdict: 'reject', code: null } as const;

function readRow(line: string): Row | null {
  const row = parsed(line);
  if (typeof row !== 'object' || row === null) return null;
  const text = 'text' in row && typeof row.text === 'string' ? row.text : null;
  if (text === null && !('id' in row)) return null;
  const sender = 'sender' in row && typeof row.sender === 'string' ? row.sender : '';
  const service = 'service' in row && typeof row.service === 'string' ? serviceSlug(row.service) : '';
  return { id: 'id' in row ? row.id : null, text, sender, service: service === '' ? 'any' : service };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function wrong(io: Io, what: string): number {
  io.err(`smspin codes: ${what}`);
  for (const line of USAGE) io.err(line);
  return 2;
}
