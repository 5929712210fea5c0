#!/usr/bin/env bun
import { writeSync } from 'node:fs';
import { BACKUP_USAGE, backupCommand } from './cli/backup.ts';
import { codesCommand } from './cli/codes.ts';
import { DOCTOR_USAGE, doctorCommand } from './cli/doctor.ts';
import { KEY_USAGE, keyCommand } from './cli/key.ts';
import { MODEM_USAGE, modemCommand } from './cli/modem.ts';
import { OFFER_USAGE, offerCommand } from './cli/offer.ts';
import { pduDecode } from './cli/pdu.ts';
import { RATE_USAGE, rateCommand } from './cli/rate.ts';
import { RESTORE_USAGE, restoreCommand } from './cli/restore.ts';
import { SIGNING_KEY_USAGE, signingKeyCommand } from './cli/signing-key.ts';
import { SIM_USAGE, simCommand } from './cli/sim.ts';
import { SIMULATE_USAGE, simulateCommand } from './cli/simulate.ts';
import { type Io, OPENAPI_USAGE, SERVE_USAGE, UsageError } from './cli/usage.ts';
import { USER_USAGE, userCommand } from './cli/user.ts';
import { VERIFY_USAGE, verifyCommand } from './cli/verify.ts';
import { VOUCHER_USAGE, voucherCommand } from './cli/voucher.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { Refusal } from './lib/errors.ts';
import { VERSION } from './lib/version.ts';

const USAGE = [
  `SMSPin ${VERSION}: rent the numbers of your own GSM modems by the minute.`,
  '',
  ...[
    SERVE_USAGE,
    ...USER_USAGE,
    ...KEY_USAGE,
    ...OFFER_USAGE,
    ...RATE_USAGE,
    VOUCHER_USAGE,
    ...SIM_USAGE,
    ...MODEM_USAGE,
    ...BACKUP_USAGE,
    RESTORE_USAGE,
    DOCTOR_USAGE,
  ],
  'smspin pdu decode [--no-smsc] [--json]',
  'smspin codes explain [--service S] [--sender X] [--json]',
  'smspin codes evaluate FILE.jsonl',
  VERIFY_USAGE,
  SIGNING_KEY_USAGE,
  SIMULATE_USAGE,
  OPENAPI_USAGE,
  '',
  'Every command takes --config FILE (default: smspin.toml in the working folder, if there).',
].join('\n');

const io: Io = {
  stdin: Bun.stdin.stream(),
  out: (line) => writeWhole(1, `${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
};

/** Writes all of it before it returns: the stream of the standard output loses what a slow reader has not taken when the process exits. */
function writeWhole(fd: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
      // The reader has gone (`| head`): nothing more to say.
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw thrown;
      Bun.sleepSync(1);
    }
  }
}

/** Takes `--config FILE` out of the words, wherever it stands. */
function takeConfigFile(words: readonly string[]): { file: string | null; rest: string[] } {
  const at = words.findIndex((word) => word === '--config' || word.startsWith('--config='));
  if (at < 0) return { file: null, rest: [...words] };
  const joined = words[at]?.split('=').slice(1).join('=');
  const file = joined || words[at + 1];
  if (!file) throw new UsageError('--config takes the path of a TOML file');
  return { file, rest: [...words.slice(0, at), ...words.slice(at + (joined ? 1 : 2))] };
}

async function run(words: readonly string[]): Promise<number> {
  const { file, rest } = takeConfigFile(words);
  const [command, ...args] = rest;
  if (args.includes('--help')) {
    io.out(USAGE);
    return 0;
  }
  const config = (): Config => loadConfig(file, process.env, process.cwd());
  switch (command) {
    case 'serve': {
      // Loaded only here: most commands need no web server, and start in a tenth of the time without.
      const { serveCommand } = await import('./cli/serve.ts');
      return serveCommand(args, config(), io, {
        self: self(),
        stopAt: process.env['SMSPIN_TEST_STOP_AT'],
        commitMs: process.env['SMSPIN_TEST_COMMIT_MS'],
        clockFile: process.env['SMSPIN_TEST_CLOCK'],
        isTerminal: process.stderr.isTTY === true,
        service: {
          notifySocket: process.env['NOTIFY_SOCKET'],
          watchdogUsec: process.env['WATCHDOG_USEC'],
          isForUs: [undefined, String(process.pid)].includes(process.env['WATCHDOG_PID']),
        },
        onSignal,
        die,
      });
    }
    case 'user':
      return userCommand(args, config(), io);
    case 'key':
      return keyCommand(args, config(), io);
    case 'offer':
      return offerCommand(args, config(), io);
    case 'rate':
      return rateCommand(args, config(), io);
    case 'voucher':
      return voucherCommand(args, config(), io);
    case 'sim':
      return simCommand(args, config(), io);
    case 'modem':
      return modemCommand(args, config(), io, { onSignal });
    case 'backup':
      return backupCommand(args, config(), io);
    case 'restore':
      return restoreCommand(args, config(), io);
    case 'doctor':
      return doctorCommand(args, config, io);
    case 'pdu':
      return pduDecode(args, io);
    case 'codes':
      return codesCommand(args, config(), io);
    case 'verify':
      return verifyCommand(args, config, io);
    case 'signing-key':
      return signingKeyCommand(args, config(), io);
    case 'simulate':
      return simulateCommand(args, io);
    case 'openapi': {
      const { openapiCommand } = await import('./cli/openapi.ts');
      return openapiCommand(args, config(), io);
    }
    case 'version':
    case '--version':
      io.out(VERSION);
      return 0;
    case 'help':
    case '--help':
    case '-h':
      io.out(USAGE);
      return 0;
    default:
      throw new UsageError(`${command === undefined ? 'a command is missing' : `unknown command ${JSON.stringify(command)}`}\n\n${USAGE}`);
  }
}

/** The words that start this program again: the executable alone, or Bun and this file. */
function self(): string[] {
  return import.meta.path.startsWith('/$bunfs') ? [process.execPath] : [process.execPath, import.meta.path];
}

function onSignal(stop: () => void): void {
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A modem opened as controlling terminal sends SIGHUP when it is unplugged; that must not end the server.
  process.on('SIGHUP', () => {});
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (thrown) {
  if (thrown instanceof UsageError || thrown instanceof ConfigError) {
    io.err(thrown.message);
    process.exitCode = 2;
  } else if (thrown instanceof Refusal) {
    io.err(thrown.detail);
    process.exitCode = 1;
  } else throw thrown;
}
// Commands leave databases open behind them; the exit closes them.
await new Promise((resolve) => process.stderr.write('', resolve));
process.exit(process.exitCode);
