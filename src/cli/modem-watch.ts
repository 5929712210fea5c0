import type { Config } from '../config.ts';
import { rfc3339 } from '../lib/clock.ts';
import { type Direction, ShownDialogue } from '../modem/shown-dialogue.ts';
import { gatherFacts } from './modem-facts.ts';
import { followHistory } from './modem-history.ts';
import { openTalk, type Talk } from './modem-talk.ts';
import { type Io, readArgs, UsageError } from './usage.ts';

export const WATCH_USAGE = 'smspin modem watch [PATH] [--last N]';

/** What a command that runs until it is told to stop needs of the process. */
export interface Stopping {
  /** Calls back once when the process is asked to end (Ctrl-C, SIGTERM). */
  onSignal(stop: () => void): void;
}

const LAST_DEFAULT = '20';
const LAST_MOST = 10_000;

/**
 * `smspin modem watch PATH`: sets the modem up as `probe` does and prints each line it says, until it is stopped. Without PATH: the history that
 * the running server writes, the last N entries and then new ones as they come. Exit code 0 when stopped; 1 when there is nothing to watch.
 */
export async function modemWatch(args: string[], config: Config, io: Io, { onSignal }: Stopping): Promise<number> {
  const path = args[0]?.startsWith('-') === false ? args[0] : undefined;
  const options = path === undefined ? args : args.slice(1);
  const { values } = readArgs(options, { usage: WATCH_USAGE, positionals: [], options: { last: { type: 'string' } } });
  const last = values.last ?? LAST_DEFAULT;
  if (!/^\d+$/.test(last) || Number(last) > LAST_MOST) {
    throw new UsageError(`--last takes a whole number from 0 to ${LAST_MOST}, not ${JSON.stringify(last)}\nusage: ${WATCH_USAGE}`);
  }
  const stopped = new Promise<void>((resolve) => onSignal(resolve));
  return path === undefined ? followHistory(config.data.dir, Number(last), io, stopped) : watchPort(path, io, stopped);
}

async function watchPort(path: string, io: Io, stopped: Promise<void>): Promise<number> {
  const shown = new ShownDialogue(false);
  const print = (direction: Direction, text: string): void => io.out(`${rfc3339(Date.now())} ${direction} ${shown.text(direction, text)}`);
  const ended = Promise.withResolvers<string>();
  let talk: Talk | null = null;
  let settingUp = false;
  const setUp = async (): Promise<void> => {
    if (talk === null || settingUp) return;
    settingUp = true;
    await gatherFacts(talk);
    settingUp = false;
    print('!', 'set up; waiting for what it says (Ctrl-C ends it)');
  };
  const opened = await openTalk(path, { spoke: print, restarted: () => void setUp(), dead: (reason) => ended.resolve(reason) });
  if (!opened.ok) {
    io.err(opened.detail);
    return 1;
  }
  talk = opened.talk;
  void setUp();
  const reason = await Promise.race([stopped.then(() => null), ended.promise]);
  talk.channel.close();
  if (reason === null) return 0;
  io.err(`${talk.port}: ${reason}`);
  return 1;
}
