import type { AtChannel } from './at/channel.ts';
import type { Profile } from './setup/profiles.ts';
import type { ModemStatus } from './status.ts';

/** How long a modem that was told to restart is left alone. */
const RESTARTING_MS = 5_000;

/**
 * Restarts the modem by its family's command; the milliseconds to leave it alone, or null when it does not restart, which `status` then tells. It falls
 * silent or its line goes away, so no answer is as good as one.
 */
export async function restartModem(channel: AtChannel, { reset }: Profile, status: ModemStatus, reason: string): Promise<number | null> {
  if (reset === null) {
    status.happened('fault', 'not restarted: this family of modems has no command for it');
    return null;
  }
  const { resets } = status.snapshot();
  status.update({ state: 'initialising', detail: `restarting: ${reason}`, resets: resets + 1 });
  status.happened('reset', reason);
  const result = await channel.send({ text: reset, timeoutMs: RESTARTING_MS });
  if (result.ok || result.kind !== 'error') return RESTARTING_MS;
  status.update({ resets });
  status.fault(`not restarted: ${reset} was answered ${result.text}`);
  return null;
}
