import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { findReaders } from '../support/tools.ts';
import { describeMs } from './figures.ts';
import { measureBusy, ratios } from './latency.ts';

const MODEMS = 64;
const MESSAGES = 640;
const EVERY_MS = 10;
const WARM_MS = 180_000;
const DRAIN_MS = 120_000;

/** One program that reads modems into files, on a bank of its own. */
interface Peer {
  name: string;
  /** Starts it for these ports; the folders in which a file for each message appears. */
  start(ports: readonly string[], folder: string): { commands: string[][]; inboxes: string[] };
  /** The sender told by a file that appeared: by its name, or what is in it. */
  senderOf(inbox: string, file: string): string | null;
}

/**
 * The same work for two programs that people use today: from the last octet of `+CMTI` to the file with the message. 64 modems, replies take
 * 5 ms, 100 messages a second, each program with the settings that make it look as often as it can. Ours is measured first in the same run.
 */
export async function peers(): Promise<void> {
  const readers = findReaders();
  if (readers === null) throw new Error('gammu-smsd or smsd is missing: the test run installs them');
  console.log('the same messages read by other programs (announcement → file), 64 modems, replies take 5 ms, 100 messages/s');
  const ours = await measureBusy();
  for (const peer of [gammuSmsd(readers.gammu), smstools(readers.smstools)]) {
    const { times, missing } = await measurePeer(peer);
    const lost = missing === 0 ? '' : `; ${missing} had not come after ${DRAIN_MS / 1000} s`;
    console.log(`  ${peer.name}: ${describeMs(times)}; ratio to ours ${ratios(times, ours)}${lost}`);
  }
}

async function measurePeer(peer: Peer): Promise<{ times: number[]; missing: number }> {
  const bank = await startTestBank(MODEMS, { replyDelayMs: 5 });
  const folder = mkdtempSync(join(tmpdir(), 'smspin-peer-'));
  const { commands, inboxes } = peer.start(bank.ports, folder);
  const arrivals = watchArrivals(peer, inboxes);
  const running = commands.map((command) => Bun.spawn(command, { detached: true, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' }));
  try {
    await warmUp(bank, arrivals.seen);
    const sent = new Map<string, number>();
    for (let n = 0; n < MESSAGES; n++) {
      const number = bank.sims[n % MODEMS]?.number ?? '';
      const sender = `C${100_000 + n}`;
      void bank.sendSms({ number, sender, text: `Your Example verification code is ${100_000 + n}.` }).then((result) => {
        if (result.ok) sent.set(sender, result.writtenAtMs ?? nowMs());
      });
      await Bun.sleep(EVERY_MS);
    }
    await waitFor(() => [...sent.keys()].every((sender) => arrivals.seen.has(sender)), DRAIN_MS);
    const times = [...sent].flatMap(([sender, atMs]) => {
      const arrivedMs = arrivals.seen.get(sender);
      return arrivedMs === undefined ? [] : [arrivedMs - atMs];
    });
    return { times, missing: MESSAGES - times.length };
  } finally {
    for (const child of running) if (child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    await Promise.all(running.map((child) => child.exited));
    arrivals.stop();
    await bank.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One message for each modem, until all have come: only then is every program past its set-up. */
async function warmUp(bank: TestBank, seen: ReadonlyMap<string, number>): Promise<void> {
  const senders = bank.sims.map((_, at) => `W${100_000 + at}`);
  for (const [at, { number }] of bank.sims.entries()) await bank.sendSms({ number, sender: senders[at] ?? '', text: 'warm' });
  if (await waitFor(() => senders.every((sender) => seen.has(sender)), WARM_MS)) return;
  throw new Error(`only ${senders.filter((sender) => seen.has(sender)).length} of ${MODEMS} modems were read within ${WARM_MS / 1000} s`);
}

/** Notes when each sender's file appeared. */
function watchArrivals(peer: Peer, inboxes: readonly string[]): { seen: Map<string, number>; stop(): void } {
  const seen = new Map<string, number>();
  const known = new Set<string>();
  const look = (inbox: string): void => {
    for (const file of readdirSync(inbox)) {
      const path = join(inbox, file);
      if (known.has(path)) continue;
      const sender = peer.senderOf(inbox, file);
      if (sender === null) continue;
      known.add(path);
      if (!seen.has(sender)) seen.set(sender, nowMs());
    }
  };
  const watchers = inboxes.map((inbox) => watch(inbox, () => look(inbox)));
  return {
    seen,
    stop: () => {
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** One daemon for each modem: it knows only one. */
function gammuSmsd(program: string): Peer {
  return {
    name: 'gammu-smsd',
    start(ports, folder) {
      const inboxes = ports.map((_, at) => join(folder, `inbox${at}`));
      const commands = ports.map((port, at) => {
        const own = (name: string) => join(folder, `${name}${at}`);
        for (const name of ['inbox', 'outbox', 'sentsms', 'errorsms']) mkdirSync(own(name));
        const paths = ['inbox', 'outbox', 'sentsms', 'errorsms'].map((name) => `${name}path = ${own(name)}/`);
        const smsd = ['[smsd]', 'service = files', `logfile = ${own('log')}`, ...paths, 'checksecurity = 0', 'commtimeout = 1'];
        const lines = ['[gammu]', `device = ${port}`, 'connection = at', ...smsd, 'receivefrequency = 1', 'loopsleep = 1'];
        writeFileSync(own('config'), `${lines.join('\n')}\n`);
        return [program, '-c', own('config')];
      });
      return { commands, inboxes };
    },
    // IN<date>_<time>_<serial>_<sender>_<part>.txt
    senderOf: (_inbox, file) => /_([CW]\d{6})_\d+\.txt$/.exec(file)?.[1] ?? null,
  };
}

/** One daemon for all modems. */
function smstools(program: string): Peer {
  return {
    name: 'smsd of smstools3',
    start(ports, folder) {
      const names = ['outgoing', 'checked', 'failed', 'incoming', 'sent'];
      for (const name of names) mkdirSync(join(folder, name));
      const devices = ports.map((_, at) => `GSM${at + 1}`);
      const lines = [
        `devices = ${devices.join(', ')}`,
        ...names.map((name) => `${name} = ${join(folder, name)}`),
        ...['logfile', 'infofile', 'pidfile'].map((name) => `${name} = ${join(folder, name)}`),
        'delaytime = 1',
        'receive_before_send = yes',
        ...ports.flatMap((port, at) => [`[GSM${at + 1}]`, `device = ${port}`, 'incoming = high', 'pre_init = no']),
      ];
      const config = join(folder, 'config');
      writeFileSync(config, `${lines.join('\n')}\n`);
      return { commands: [[program, '-t', '-c', config]], inboxes: [join(folder, 'incoming')] };
    },
    senderOf(inbox, file) {
      try {
        return /^From: ([CW]\d{6})$/m.exec(readFileSync(join(inbox, file), 'latin1'))?.[1] ?? null;
      } catch {
        // Renamed between the listing and the reading: the next look finds it.
        return null;
      }
    },
  };
}

async function waitFor(condition: () => boolean, limitMs: number): Promise<boolean> {
  const endMs = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > endMs) return false;
    await Bun.sleep(20);
  }
  return true;
}

/** The wall clock with fractions, the same in every process of this machine. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
