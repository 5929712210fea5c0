#!/usr/bin/env bun
import { writeSync } from 'node:fs';
import { KEY_USAGE, keyCommand } from './cli/key.ts';
import { MODEM_USAGE, modemCommand } from './cli/modem.ts';
import { pduDecode } from './cli/pdu.ts';
import { RATE_USAGE, rateCommand } from './cli/rate.ts';
import { SIM_USAGE, simCommand } from './cli/sim.ts';
import { SIMULATE_USAGE, simulateCommand } from './cli/simulate.ts';
import {
  BACKUP_USAGE,
  DOCTOR_USAGE,
  type Io,
  OFFER_USAGE,
  OPENAPI_USAGE,
  RESTORE_USAGE,
  SERVE_USAGE,
  SIGNING_KEY_USAGE,
  UsageError,
  VERIFY_USAGE,
} from './cli/usage.ts';
import { USER_USAGE, userCommand } from './cli/user.ts';
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
    ...Object.values(OFFER_USAGE),
    ...RATE_USAGE,
    VOUCHER_USAGE,
    ...SIM_USAGE,
    ...MODEM_USAGE,
    ...Object.values(BACKUP_USAGE),
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
  // What needs the web server, the rules or the schemas is loaded only where it is run: the other commands start in a quarter of the time without.
  switch (command) {
    case 'serve': {
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
    case 'offer': {
      const { offerCommand } = await import('./cli/offer.ts');
      return offerCommand(args, config(), io);
    }
    case 'rate':
      return rateCommand(args, config(), io);
    case 'voucher':
      return voucherCommand(args, config(), io);
    case 'sim':
      return simCommand(args, config(), io);
    case 'modem':
      return modemCommand(args, config(), io, { onSignal });
    case 'backup': {
      const { backupCommand } = await import('./cli/backup.ts');
      return backupCommand(args, config(), io);
    }
    case 'restore': {
      const { restoreCommand } = await import('./cli/restore.ts');
      return restoreCommand(args, config(), io);
    }
    case 'doctor': {
      const { doctorCommand } = await import('./cli/doctor.ts');
      return doctorCommand(args, config, io);
    }
    case 'pdu':
      return pduDecode(args, io);
    case 'codes': {
      const { codesCommand } = await import('./cli/codes.ts');
      return codesCommand(args, config(), io);
    }
    case 'verify': {
      const { verifyCommand } = await import('./cli/verify.ts');
      return verifyCommand(args, config, io);
    }
    case 'signing-key': {
      const { signingKeyCommand } = await import('./cli/signing-key.ts');
      return signingKeyCommand(args, config(), io);
    }
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

// What is written holds codes, keys and password hashes: for its owner alone.
process.umask(0o077);
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
