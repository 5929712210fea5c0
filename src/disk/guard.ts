import type { Door, Verb } from '../db/write.ts';
import type { WriteFailure } from '../db/write-failure.ts';
import { Refusal } from '../lib/errors.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Troubles } from '../lib/troubles.ts';
import { type Space, shownOctets, spaceOf } from './space.ts';

const LOOK_EVERY_MS = 5000;
/** While commits fail, how often one is tried: what waits on the modems is read as soon as one succeeds. */
const PROBE_EVERY_MS = 2000;
/** A level that was reached is left only when so much more is free: else an order a second apart would be taken and refused by turns. */
const RELEASE = 1.1;
const MEGABYTE = 1_000_000;
const RETRY_SECONDS = 60;

export type DiskLevel = 'enough' | 'stop';

/** Watches the disk of the data folder: customers are refused while every message can still be kept. Long before, the alarm `disk_low` tells the operator. */
export interface DiskGuard {
  /** Throws `unavailable` while so little is free that nothing new may be begun. */
  refuseNew(): void;
  readonly level: DiskLevel;
  stop(): void;
}

/** The level for what is free now, with the one it had: pure. */
export function levelOf(freeOctets: number, stopMegabytes: number, had: DiskLevel): DiskLevel {
  return freeOctets < stopMegabytes * MEGABYTE * (had === 'stop' ? RELEASE : 1) ? 'stop' : 'enough';
}

/**
 * Looks at once and then every five seconds; also tells the operator when commits fail and when they work again. While they fail, `probe` (a verb that changes a row,
 * or it would not reach the disk) is tried every two seconds, so that the house heals by itself where nobody writes; then `healed` is called.
 */
export function startDiskGuard(deps: {
  folder: string;
  /** With less free nothing new is sold, so that what is left goes to messages of what was sold; 0 = never. */
  stopMegabytes: number;
  door: Door;
  log: Log;
  troubles: Troubles;
  probe: Verb<void>;
  healed?(): void;
  space?: (folder: string) => Space;
}): DiskGuard {
  const { folder, stopMegabytes, door, log, troubles, space = spaceOf } = deps;
  let level: DiskLevel = 'enough';
  let probing: ReturnType<typeof setInterval> | null = null;

  function look(): void {
    try {
      const { freeOctets, totalOctets } = space(folder);
      const had = level;
      level = levelOf(freeOctets, stopMegabytes, had);
      if (level !== had)
        log[level === 'enough' ? 'info' : 'warn']('disk_space', { level, free_octets: freeOctets, total_octets: totalOctets });
      if (level === 'enough') troubles.mended('disk');
      else troubles.failed('disk', lowWords(shownOctets(freeOctets), folder));
    } catch (thrown) {
      log.warn('disk_space_unknown', { error: messageOf(thrown) });
    }
  }

  function failed(why: WriteFailure, error: string): void {
    troubles.failed('writes', failureWords(why, folder, error));
    // A refusal of it is told by the door like any other.
    probing ??= setInterval(() => void door.write(deps.probe).catch(() => {}), PROBE_EVERY_MS);
  }

  function mended(): void {
    stopProbing();
    troubles.mended('writes');
    log.info('writes_work_again');
    deps.healed?.();
  }

  function stopProbing(): void {
    if (probing !== null) clearInterval(probing);
    probing = null;
  }

  door.onHealth((why, error) => {
    if (why === null) mended();
    else failed(why, error);
    // Whichever way it went, what is free has changed.
    look();
  });
  look();
  const interval = setInterval(look, LOOK_EVERY_MS);
  return {
    refuseNew() {
      if (level !== 'stop') return;
      throw new Refusal(
        'unavailable',
        'The disk of the server is nearly full, so no new orders and rentals are taken; open ones go on. Nothing was charged. Try again in a minute.',
        { retry_after: RETRY_SECONDS },
      );
    },
    get level() {
      return level;
    },
    stop() {
      clearInterval(interval);
      stopProbing();
    },
  };
}

function lowWords(free: string, folder: string): string {
  return `Only ${free} are free where ${folder} lies. New orders and rentals are refused; messages are still stored. Make room: old backups and exports are what mostly can go.`;
}

/** Why nothing can be stored, and what to do, for the operator. */
export function failureWords(why: WriteFailure, folder: string, error: string): string {
  const stay = 'Messages stay on the modems and are read when it works again, which it tries by itself.';
  switch (why) {
    case 'full':
      return `The disk of ${folder} is full: nothing can be stored. ${stay} Make room now.`;
    case 'read_only':
      return `The disk of ${folder} takes no writes (${error}): it is mounted read-only, belongs to another user, or is broken. ${stay} Look at dmesg and the permissions; smspin doctor tells more.`;
    case 'locked':
      return `Another program holds the database in ${folder}. ${stay} Look for a sqlite3 shell or a copy under way: fuser ${folder}/smspin.db`;
    case 'failed':
      return `Nothing could be stored in ${folder}: ${error}. ${stay}`;
  }
}
