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

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;

/** Starts the bank and keeps it running. Rejects when it does not come up the first time. */
export async function keepVirtualBank(options: SpawnOptions): Promise<KeptBank> {
  const { log } = options;
  let current: VirtualBank | null = null;
  let stopped = false;
  let retryMs = FIRST_RETRY_MS;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const start = () => spawnVirtualBank({ ...options, onDeath });

  function onDeath(reason: string): void {
    current = null;
    options.onDeath?.(reason);
    again();
  }

  function again(): void {
    if (stopped) return;
    log.warn('virtual_bank.restarting', { in_ms: retryMs });
    timer = setTimeout(() => void restart(), retryMs);
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  }

  async function restart(): Promise<void> {
    try {
      const bank = await start();
      if (stopped) return void bank.stop();
      current = bank;
      retryMs = FIRST_RETRY_MS;
      log.info('virtual_bank.restarted', { pid: bank.pid });
    } catch (thrown) {
      log.error('virtual_bank.not_restarted', { error: messageOf(thrown) });
      again();
    }
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
