import { messageOf } from '../../lib/log.ts';
import { type SpawnOptions, spawnVirtualBank, type VirtualBank } from './client.ts';

/** A virtual bank whose process is started again when it dies: its SIMs and messages are in the state file, its ports keep their names. */
export interface KeptBank {
  readonly ports: readonly string[];
  readonly sims: VirtualBank['sims'];
  /** The bank that runs now; null while it is being started again. */
  current(): VirtualBank | null;
  stop(): Promise<void>;
}

export interface KeptOptions extends SpawnOptions {
  /** It died, or could not be started again; what happens next is said. */
  onTrouble(text: string): void;
  /** It has run again for so long that it may be counted on. */
  onMended(): void;
  /** Shorter ones for tests. */
  times?: { firstRetryMs: number; lastRetryMs: number; steadyMs: number };
}

/** `steadyMs`: one that dies sooner is waited for longer and longer, also when it comes up in between. */
const TIMES = { firstRetryMs: 500, lastRetryMs: 30_000, steadyMs: 60_000 };

/** Starts the bank and keeps it running. Rejects when it does not come up the first time. */
export async function keepVirtualBank(options: KeptOptions): Promise<KeptBank> {
  const { log, onTrouble, onMended, times: { firstRetryMs, lastRetryMs, steadyMs } = TIMES } = options;
  let current: VirtualBank | null = null;
  let stopped = false;
  let retryMs = firstRetryMs;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const start = () => spawnVirtualBank({ ...options, onDeath });

  function next(work: () => void, ms: number): void {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(work, ms).unref();
  }

  function onDeath(reason: string): void {
    current = null;
    options.onDeath?.(reason);
    again(`Its process died: ${reason}.`);
  }

  function again(what: string): void {
    if (stopped) return;
    log.warn('virtual_bank.restarting', { in_ms: retryMs });
    onTrouble(`${what} It is started again in ${retryMs / 1000} s.`);
    next(() => void restart(), retryMs);
    retryMs = Math.min(retryMs * 2, lastRetryMs);
  }

  async function restart(): Promise<void> {
    try {
      const bank = await start();
      if (stopped) return void bank.stop();
      current = bank;
      log.info('virtual_bank.restarted', { pid: bank.pid });
      next(steady, steadyMs);
    } catch (thrown) {
      log.error('virtual_bank.not_restarted', { error: messageOf(thrown) });
      again(`It could not be started again: ${messageOf(thrown)}.`);
    }
  }

  function steady(): void {
    retryMs = firstRetryMs;
    onMended();
  }

  const first = await start();
  current = first;
  return {
    ports: first.ports,
    sims: first.sims,
    current: () => current,
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await current?.stop();
    },
  };
}
