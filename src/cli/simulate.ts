import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProfiles } from '../modem/virtual/dialects.ts';
import { VIRTUAL_SIMS_MOST } from '../modem/virtual/numbers.ts';
import { runVirtualBank } from '../modem/virtual/process.ts';
import { CHAOS_RATE_MOST } from '../modem/virtual/protocol.ts';
import { type Io, readArgs, UsageError } from './usage.ts';

export const SIMULATE_USAGE =
  'smspin simulate [--modems N] [--dir DIR] [--state FILE] [--reply-delay-ms N] [--profiles generic|mixed|NAME,…] [--seed N] [--chaos RATE] [--log-faults]';

const MODEMS_DEFAULT = '8';
const REPLY_DELAY_MOST_MS = 60_000;
const SEED_MOST = 2 ** 31 - 1;

/**
 * Runs a bank of virtual modems until the standard input ends. The first line printed names the ports; then each JSON line on the standard
 * input is answered by one: `{"id":1,"cmd":"sms","number":"+44…","sender":"Telegram","text":"…"}`. `--profiles` says how the modems speak, `--chaos` how many
 * random faults a minute each of them has, `--log-faults` prints those. Exit code 2 for a wrong command line.
 */
export async function simulateCommand(args: string[], io: Io): Promise<number> {
  let options: Parameters<typeof runVirtualBank>[0];
  try {
    options = readOptions(args);
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    io.err(thrown.message);
    return 2;
  }
  return runVirtualBank(options, { ...io, nowMs: () => performance.timeOrigin + performance.now() });
}

function readOptions(args: string[]): Parameters<typeof runVirtualBank>[0] {
  const text = { type: 'string' } as const;
  const { values } = readArgs(args, {
    usage: SIMULATE_USAGE,
    positionals: [],
    options: {
      modems: text,
      dir: text,
      state: text,
      'reply-delay-ms': text,
      profiles: text,
      seed: text,
      chaos: text,
      'log-faults': { type: 'boolean' },
    },
  });
  const profiles = readProfiles(values.profiles ?? 'generic');
  if (!profiles.ok) throw new UsageError(`--profiles: ${profiles.error}\nusage: ${SIMULATE_USAGE}`);
  return {
    dialects: profiles.dialects,
    chaosRate: rate(values.chaos ?? '0'),
    logFaults: values['log-faults'] ?? false,
    ...(values.seed === undefined ? {} : { seed: wholeNumber('--seed', values.seed, 0, SEED_MOST) }),
    count: wholeNumber('--modems', values.modems ?? MODEMS_DEFAULT, 1, VIRTUAL_SIMS_MOST),
    dir: values.dir ?? mkdtempSync(join(tmpdir(), 'smspin-bank-')),
    replyDelayMs: wholeNumber('--reply-delay-ms', values['reply-delay-ms'] ?? '0', 0, REPLY_DELAY_MOST_MS),
    ...(values.state === undefined ? {} : { stateFile: values.state }),
  };
}

function rate(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value <= CHAOS_RATE_MOST) return value;
  throw new UsageError(
    `--chaos takes faults a minute and modem, from 0 to ${CHAOS_RATE_MOST}, not ${JSON.stringify(text)}\nusage: ${SIMULATE_USAGE}`,
  );
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${name} takes a whole number from ${least} to ${most}, not ${JSON.stringify(text)}\nusage: ${SIMULATE_USAGE}`);
}
