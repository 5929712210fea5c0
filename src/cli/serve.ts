import { readFileSync } from 'node:fs';
import type { Config } from '../config.ts';
import { lockFolder } from '../db/lock.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { jsonLog, messageOf } from '../lib/log.ts';
import { type Server, type ServerHooks, startServer } from '../server.ts';
import { openServiceManager, type ServiceVariables } from '../service/manager.ts';
import { type Io, openConfigured, readArgs, SERVE_USAGE } from './usage.ts';

/** Where a test may stop the process for good, as a power cut would. */
const STOP_POINTS = ['after_read', 'after_commit', 'before_answer'] as const;

/** `smspin serve`: runs until a signal ends it. Returns the exit code. */
export async function serveCommand(
  args: string[],
  config: Config,
  io: Io,
  process: {
    self: readonly string[];
    stopAt: string | undefined;
    commitMs: string | undefined;
    /** A file with the milliseconds by which a test has set the wall clock. */
    clockFile: string | undefined;
    isTerminal: boolean;
    /** Of systemd, where it started this. */
    service: ServiceVariables;
    onSignal(stop: () => void): void;
    die(): never;
  },
): Promise<number> {
  readArgs(args, { usage: SERVE_USAGE, positionals: [], options: {} });
  // In a terminal the first sign-ins must not scroll away; a service keeps every line.
  const log = jsonLog(
    (line) => io.err(line),
    clockFor(process.clockFile).nowMs,
    process.isTerminal && config.log.level === 'info' ? 'warn' : config.log.level,
  );
  const db = openConfigured(config, io);
  const unlock = lockFolder(config.data.dir);
  if (unlock === null) {
    io.err(
      `Another SMSPin server is running on the data folder ${config.data.dir}. Stop it, or set data.dir (SMSPIN_DATA_DIR) to another folder.`,
    );
    return 1;
  }
  try {
    const server = await startServer({ config, db, log, self: process.self, hooks: hooksFor(process), clock: clockFor(process.clockFile) });
    io.out(welcome(server, config).join('\n'));
    const manager = openServiceManager(process.service, log);
    manager.ready(`Serving at ${server.url}`);
    await new Promise<void>((resolve) => process.onSignal(resolve));
    manager.stopping();
    await server.stop();
    unlock();
    return 0;
  } catch (thrown) {
    log.error('start_failed', { error: messageOf(thrown) });
    io.err(startProblem(thrown, config));
    return 1;
  }
}

/** What a test does to the way of a message or an order: the process dies on it, or it waits before it is stored, for up to so many milliseconds, as on a slow disk. */
function hooksFor({ stopAt, commitMs, die }: { stopAt: string | undefined; commitMs: string | undefined; die(): never }): ServerHooks {
  const point = STOP_POINTS.find((one) => one === stopAt);
  if (point !== undefined)
    return { after_read: { afterRead: die }, after_commit: { afterCommit: die }, before_answer: { ordered: die } }[point];
  const most = Number(commitMs ?? 0);
  return most > 0 ? { afterRead: () => Bun.sleep(Math.random() * most) } : {};
}

/** The clock of the machine, or the one a test sets while the server runs. */
function clockFor(file: string | undefined): Clock {
  if (file === undefined) return systemClock;
  return { ...systemClock, nowMs: () => systemClock.nowMs() + Number(readFileSync(file, 'utf8')) };
}

function welcome({ url, virtualModems, signIns }: Server, config: Config): string[] {
  const { ports } = config.modems;
  const virtual = `No modem is attached: a virtual bank of ${virtualModems} modems stands in. Its numbers are not real.`;
  const named = ports.length > 0 ? [`Reading modems at ${ports.join(', ')}; /admin/bank shows which are there.`] : [];
  return [
    `SMSPin is running at ${url}`,
    ...(virtualModems > 0 ? [virtual] : named),
    ...signIns.map(({ role, email, password }) => `First sign-in (shown this once) as ${role.padEnd(8)}  ${email}  ${password}`),
  ];
}

function startProblem(thrown: unknown, config: Config): string {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null;
  if (code === 'EADDRINUSE') {
    return `Port ${config.server.port} on ${config.server.host} is taken. Stop what uses it, or set server.port (SMSPIN_SERVER_PORT) to another.`;
  }
  if (code === 'EACCES') return `Port ${config.server.port} on ${config.server.host} is not allowed for this user; ports from 1024 up are.`;
  return `SMSPin could not start: ${messageOf(thrown)}`;
}
