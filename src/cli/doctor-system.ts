import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Config } from '../config.ts';
import { messageOf } from '../lib/log.ts';
import { type Finding, fail, ok, warn } from './doctor-finding.ts';

/** Runs a tool; null when it is not there. */
export type RunTool = (command: readonly string[]) => { code: number; stdout: string } | null;

/** Before this release was written no clock can be. */
const RELEASED_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const FILES_LEAST = 4096;

/** The machine around the server: port, clock, ModemManager, rules and groups. Nothing is changed. */
export async function lookAtSystem(
  config: Config,
  given: { run: RunTool; nowMs: number; lastAliveMs: number | null; serverRuns: boolean },
): Promise<Finding[]> {
  return [
    await portFinding(config, given.serverRuns),
    clockFinding(given.nowMs, given.lastAliveMs),
    syncFinding(given.run),
    modemManagerFinding(given.run),
    udevFinding(),
    groupFinding(),
    filesFinding(),
  ];
}

/** Whether the port is free, or our own server answers on it. */
async function portFinding({ server }: Config, serverRuns: boolean): Promise<Finding> {
  const where = `${server.host}:${server.port}`;
  const problem = await new Promise<string | null>((resolve) => {
    const probe = createServer();
    probe.once('error', (thrown) => resolve('code' in thrown ? String(thrown.code) : messageOf(thrown)));
    probe.listen({ host: server.host, port: server.port, exclusive: true }, () => probe.close(() => resolve(null)));
  });
  if (problem === null) {
    return serverRuns
      ? fail(
          'port',
          `A server holds the data folder, but nothing listens on ${where}.`,
          'Look at its log; if server.port was changed, restart it.',
        )
      : ok('port', `${where} is free.`);
  }
  if (problem === 'EADDRINUSE' && serverRuns) return liveFinding(server, where);
  if (problem === 'EADDRINUSE')
    return fail(
      'port',
      `Another program listens on ${where}.`,
      `Find it with: ss -ltnp 'sport = :${server.port}'; stop it, or set server.port to another.`,
    );
  if (problem === 'EACCES')
    return fail('port', `This user may not listen on ${where}.`, 'Set server.port to 1024 or above, and put a proxy in front of it.');
  return fail(
    'port',
    `Nothing can listen on ${where}: ${problem}.`,
    'Set server.host to an address of this machine, such as 127.0.0.1 or 0.0.0.0.',
  );
}

async function liveFinding(server: Config['server'], where: string): Promise<Finding> {
  const host = server.host === '0.0.0.0' || server.host === '::' ? '127.0.0.1' : server.host;
  try {
    const { status } = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${server.port}/health/ready`, {
      signal: AbortSignal.timeout(3000),
    });
    if (status === 200) return ok('port', `The server answers on ${where} and is ready.`);
    return fail(
      'port',
      `The server answers on ${where}, but is not ready (${status}).`,
      'Its log says what it waits for; if that lasts, restart it.',
    );
  } catch (thrown) {
    return fail('port', `What listens on ${where} does not answer: ${messageOf(thrown)}.`, 'Restart the server: systemctl restart smspin.');
  }
}

function clockFinding(nowMs: number, lastAliveMs: number | null): Finding {
  const fix = 'Set it and keep it set: timedatectl set-ntp true; a box without a battery for its clock needs the network at start.';
  if (nowMs < RELEASED_MS) return fail('clock', `The clock says ${new Date(nowMs).toISOString()}, which is long past.`, fix);
  if (lastAliveMs !== null && lastAliveMs > nowMs + HOUR_MS / 60)
    return fail(
      'clock',
      `The clock says ${new Date(nowMs).toISOString()}, but the server last ran at ${new Date(lastAliveMs).toISOString()}: it was set back.`,
      fix,
    );
  return ok('clock', `The clock says ${new Date(nowMs).toISOString()}.`);
}

function syncFinding(run: RunTool): Finding {
  const told = run(['timedatectl', 'show', '--property=NTPSynchronized', '--value']);
  const fix = 'Keep it set: timedatectl set-ntp true, or install chrony.';
  if (told?.code === 0) {
    return told.stdout.trim() === 'yes'
      ? ok('clock sync', 'The clock is kept by NTP.')
      : warn('clock sync', 'The clock is not synchronised.', fix);
  }
  const chrony = run(['chronyc', '-c', 'tracking']);
  if (chrony?.code === 0 && !chrony.stdout.startsWith('7F7F0101')) return ok('clock sync', 'The clock is kept by chrony.');
  return warn('clock sync', 'Whether anything keeps the clock cannot be told (neither timedatectl nor chronyc answers).', fix);
}

function modemManagerFinding(run: RunTool): Finding {
  const active = run(['systemctl', 'is-active', 'ModemManager'])?.stdout.trim() === 'active';
  if (!active && !isRunning('ModemManager')) return ok('ModemManager', 'It does not run.');
  return hasRule()
    ? ok('ModemManager', 'It runs, and the udev rule keeps it off the modems.')
    : fail(
        'ModemManager',
        'It runs and talks to the modems in between: answers get lost.',
        'Run: sudo systemctl disable --now ModemManager; or install the udev rule: smspin modem scan --udev.',
      );
}

/** By the names of the processes, where there is no systemd. */
function isRunning(name: string): boolean {
  return readdirSync('/proc').some((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      // The kernel keeps 15 characters.
      return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name.slice(0, 15);
    } catch {
      return false;
    }
  });
}

const RULE_FOLDERS = ['/etc/udev/rules.d', '/usr/lib/udev/rules.d', '/lib/udev/rules.d', '/run/udev/rules.d'];

function hasRule(): boolean {
  return RULE_FOLDERS.some((folder) => existsSync(folder) && readdirSync(folder).some((name) => /smspin.*\.rules$/.test(name)));
}

function udevFinding(): Finding {
  return hasRule()
    ? ok('udev', 'The udev rule is installed.')
    : warn(
        'udev',
        'The udev rule is not installed: modems may fall asleep, and ModemManager may take them.',
        'Run: smspin modem scan --udev | sudo tee /etc/udev/rules.d/99-smspin.rules && sudo udevadm control --reload && sudo udevadm trigger.',
      );
}

function groupFinding(): Finding {
  if (process.getuid?.() === 0)
    return warn(
      'group',
      'This runs as root, which may open every port; the server should not.',
      'Run the server as a user of its own in the group dialout, as deploy/smspin.service does.',
    );
  const line = existsSync('/etc/group') ? /^dialout:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8')) : null;
  if (line === null) return ok('group', 'There is no group dialout here.');
  return process.getgroups?.().includes(Number(line[1]))
    ? ok('group', 'This user is in the group dialout.')
    : fail(
        'group',
        'This user is not in the group dialout and may not open serial ports.',
        'Run: sudo usermod -aG dialout $USER, then sign in anew.',
      );
}

/** Each modem, stream and waiting request takes a descriptor. */
function filesFinding(): Finding {
  const hard = Number(/^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(hard) && hard < FILES_LEAST
    ? warn(
        'files',
        `At most ${hard} files may be open: streams and waiting requests are cut off beyond.`,
        'Set LimitNOFILE=65536 in the unit, or raise ulimit -Hn.',
      )
    : ok('files', `${Number.isFinite(hard) ? hard : 'Any number of'} files may be open.`);
}
