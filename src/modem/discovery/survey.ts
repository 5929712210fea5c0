import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { describeHolder, type Holder, holdersOf, runningAmong } from '../line/holder.ts';
import { isTcp } from '../line/open.ts';
import { deniedReason } from '../line/permission.ts';
import { discoverModems, type FoundPort, slotOf, usbIdOf, worsePorts } from './discovery.ts';
import { expandPattern, isPattern } from './glob.ts';
import { type Stick, unreadableSticks } from './sticks.ts';
import { driverOf, TTY_ROOT, USB_ROOT } from './sysfs.ts';

/** One port that is on the USB or in the configuration. */
export interface SurveyedPort {
  port: string;
  slot: string | null;
  usbId: string | null;
  driver: string | null;
  /** Whether the server uses it, or would. */
  used: boolean;
  /** It would be asked whether it answers AT before it is used. */
  probe: boolean;
  reason: string;
  /** Who has it open, as far as this user can see. */
  holder: Holder | null;
  /** Whether this user may open it; null where that says nothing (tcp://, nothing there). */
  accessible: boolean | null;
  /** What to do about it, in plain words; null when nothing. */
  next: string | null;
}

export interface Survey {
  ports: SurveyedPort[];
  sticks: Stick[];
  /** What disturbs the whole machine, each with its remedy. */
  warnings: string[];
}

export interface SurveyOptions {
  /** `modems.ports` of the configuration. */
  ports: readonly string[];
  discover: boolean;
  /** Where to look; the running system by default. */
  ttyRoot?: string;
  deviceRoot?: string;
  usbRoot?: string;
  proc?: string;
  /** Whether this user may open the device; asks the system by default. */
  mayOpen?: (path: string) => boolean;
}

const DISTURBERS: Readonly<Record<string, string>> = {
  ModemManager:
    'it opens modems and takes their answers. Stop it (sudo systemctl disable --now ModemManager), or have it leave them alone by the udev rule that `smspin modem scan --udev` prints',
  brltty: 'it takes CP210x, CH34x and FTDI adapters for Braille displays. Remove it: sudo apt remove brltty',
};

/** What is there and what would be used of it, without opening anything. */
export function survey(options: SurveyOptions): Survey {
  const { ttyRoot = TTY_ROOT, deviceRoot = '/dev', usbRoot = USB_ROOT, proc = '/proc' } = options;
  const discovered = discoverModems(ttyRoot, deviceRoot);
  const named = options.ports.flatMap((port) => (isPattern(port) && !isTcp(port) ? expandPattern(port) : [port]));
  const nodes = named.filter((port) => !isTcp(port)).map(nodeOf);
  const worse = new Map(worsePorts(nodes, ttyRoot, deviceRoot).map((found) => [found.port, found.reason]));
  const onUsb = discovered.map((found) =>
    usbPort(found, { named: nodes.includes(found.port), worse: worse.get(found.port), discover: options.discover }),
  );
  const others = named.filter((port) => isTcp(port) || !discovered.some((found) => found.port === nodeOf(port)));
  const holders = holdersOf(
    [...onUsb, ...others.map((port) => ({ port }))].map(({ port }) => nodeOf(port)),
    process.pid,
    proc,
  );
  const mayOpen = options.mayOpen ?? isOpenable;
  const look = (port: Seen): SurveyedPort => withState(port, holders.get(nodeOf(port.port)) ?? null, mayOpen);
  return {
    ports: [...onUsb, ...[...new Set(others)].map((port) => otherPort(port, ttyRoot))].map(look),
    sticks: unreadableSticks(usbRoot),
    warnings: [...emptyPatterns(options.ports), ...disturbers(proc)],
  };
}

type Seen = Omit<SurveyedPort, 'holder' | 'accessible' | 'next'>;

function usbPort(found: FoundPort, { named, worse, discover }: { named: boolean; worse: string | undefined; discover: boolean }): Seen {
  const { port, slot, usbId, driver, taken, probe, reason } = found;
  const seen = { port, slot, usbId, driver: driver || null };
  if (named) return { ...seen, used: worse === undefined, probe: false, reason: worse ?? 'named in modems.ports' };
  if (!discover) return { ...seen, used: false, probe: false, reason: `modems.discover is false; ${reason}` };
  return { ...seen, used: taken, probe, reason };
}

function otherPort(port: string, ttyRoot: string): Seen {
  const there = isTcp(port) || existsSync(port);
  const reason = there ? 'named in modems.ports' : 'named in modems.ports; nothing is there now';
  if (isTcp(port)) return { port, slot: null, usbId: null, driver: null, used: true, probe: false, reason };
  return {
    port,
    slot: slotOf(port, ttyRoot),
    usbId: usbIdOf(port, ttyRoot),
    driver: driverOf(port, ttyRoot),
    used: true,
    probe: false,
    reason,
  };
}

function withState(seen: Seen, holder: Holder | null, mayOpen: (path: string) => boolean): SurveyedPort {
  const accessible = isTcp(seen.port) || !existsSync(seen.port) ? null : mayOpen(seen.port);
  return { ...seen, holder, accessible, next: nextStep(seen, holder, accessible) };
}

function nextStep({ port, used, probe }: Seen, holder: Holder | null, accessible: boolean | null): string | null {
  if (!used && !probe) return null;
  if (holder !== null && !holder.isServer) return `${describeHolder(holder)} has it open: stop that program`;
  if (accessible === false) return deniedReason(port);
  return null;
}

function emptyPatterns(ports: readonly string[]): string[] {
  return ports
    .filter((port) => !isTcp(port) && isPattern(port) && expandPattern(port).length === 0)
    .map((port) => `The pattern ${port} in modems.ports matches nothing now.`);
}

function disturbers(proc: string): string[] {
  return runningAmong(Object.keys(DISTURBERS), proc).map(({ name, pid }) => `${name} (pid ${pid}) is running: ${DISTURBERS[name] ?? ''}.`);
}

function nodeOf(port: string): string {
  try {
    return realpathSync(port);
  } catch {
    return port;
  }
}

function isOpenable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
