import type { Database } from 'bun:sqlite';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { refuseInterrupted } from '../backup/interrupted.ts';
import { upgrade } from '../backup/upgrade.ts';
import { type Config, ConfigError } from '../config.ts';
import { boundCurrency } from '../db/currency.ts';
import { openDatabase } from '../db/open.ts';
import { whyNot } from '../db/write-failure.ts';
import { failureWords } from '../disk/guard.ts';
import { Refusal } from '../lib/errors.ts';
import { messageOf } from '../lib/log.ts';
import { openSettings } from '../settings/live.ts';

/** A command line that cannot be understood: shown with the usage, exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

// Of the commands that load the house, its rules or its schemas; main.ts must be able to name them without loading those.
export const SERVE_USAGE = 'smspin serve [--config FILE]';
export const OPENAPI_USAGE = 'smspin openapi';
export const OFFER_USAGE = {
  set: 'smspin offer set COUNTRY SERVICE --price N [--carrier SLUG] [--window-minutes M]',
  list: 'smspin offer list [--json]',
  remove: 'smspin offer remove COUNTRY SERVICE [--carrier SLUG]',
  import: 'smspin offer import FILE [--dry-run] [--replace]',
  export: 'smspin offer export',
} as const;
export const BACKUP_USAGE = {
  make: 'smspin backup [--to FILE|DIR] [--recipient age1…]... [--json]',
  list: 'smspin backup list [--json]',
  verify: 'smspin backup verify FILE [--identity FILE] [--json]',
  key: 'smspin backup key FILE',
} as const;
export const RESTORE_USAGE = 'smspin restore FILE [--data DIR] [--identity FILE] [--force] [--json]';
export const DOCTOR_USAGE = 'smspin doctor [--json]';
export const VERIFY_USAGE = 'smspin verify FILE [--manifest M] [--key K]';
export const SIGNING_KEY_USAGE = 'smspin signing-key show | rotate';

/** What every command is given. */
export interface Io {
  stdin: AsyncIterable<Uint8Array>;
  out(line: string): void;
  err(line: string): void;
}

export const DATABASE_FILE = 'smspin.db';

/**
 * Opens the configured database, creating folder and schema when they are missing, and bringing an older schema up to date. Throws ConfigError
 * when its money is of another currency, Refusal when the database is of a newer release, or cannot be opened since the disk is full or takes no writes.
 */
export function openConfigured(config: Config, io: Io): Database {
  try {
    return openUpToDate(config, io);
  } catch (thrown) {
    const why = whyNot(thrown);
    if (why === 'failed') throw thrown;
    throw new Refusal('unavailable', `${failureWords(why, config.data.dir, messageOf(thrown))} Nothing was changed.`);
  }
}

function openUpToDate(config: Config, io: Io): Database {
  const isNew = !existsSync(join(config.data.dir, DATABASE_FILE));
  if (isNew) {
    refuseInterrupted(config.data.dir, DATABASE_FILE);
    io.err(`New data folder: ${config.data.dir}`);
  }
  // It holds codes and password hashes: for its owner alone. One that was there before, as in a checkout, is closed once; what its owner does later stands.
  mkdirSync(config.data.dir, { recursive: true, mode: 0o700 });
  if (isNew) closeToOthers(config.data.dir);
  const db = openDatabase(join(config.data.dir, DATABASE_FILE));
  const { from, to, copy } = upgrade(db, config.data.dir, Date.now());
  if (copy !== null) io.err(`The database was brought from schema ${from} to ${to}; as it was, it lies in ${copy}`);
  const bound = boundCurrency(db, config.money.currency, Date.now());
  if (bound !== config.money.currency) {
    throw new ConfigError(
      `money.currency is ${config.money.currency}, but the balances in ${config.data.dir} are ${bound}; set it back, or use another data folder`,
    );
  }
  return db;
}

/** The configuration as operators changed it while running: what the file says, but for the settings that they set on the page. */
export function configNow(db: Database, config: Config, io: Io): Config {
  const warn = (_: string, about?: Record<string, unknown>) =>
    io.err(`The setting ${about?.['key']} is kept with a value that is not allowed; the file's holds.`);
  return openSettings(db, config, { warn }).config;
}

function closeToOthers(folder: string): void {
  try {
    chmodSync(folder, 0o700);
  } catch {
    // Another user's folder: `smspin doctor` tells who can look into it.
  }
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

/** Splits a command's words into exactly these positionals and options; throws UsageError with `usage` for anything else. */
export function readArgs<const P extends readonly string[], const O extends Options>(
  args: string[],
  spec: { usage: string; positionals: P; options: O },
) {
  let parsed: ReturnType<typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>>;
  try {
    parsed = parseArgs({ args, options: spec.options, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw new UsageError(`${thrown instanceof Error ? thrown.message : String(thrown)}\nusage: ${spec.usage}`);
  }
  const missing = spec.positionals[parsed.positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing\nusage: ${spec.usage}`);
  const extra = parsed.positionals[spec.positionals.length];
  if (extra !== undefined) throw new UsageError(`${JSON.stringify(extra)} is one word too many\nusage: ${spec.usage}`);
  return { values: parsed.values, words: parsed.positionals as { [K in keyof P]: string } };
}

/** All of standard input as text. */
export async function readAll(stdin: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stdin) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
