import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { silentLog } from '../../src/lib/log.ts';
import { spawnVirtualBank, type VirtualBank } from '../../src/modem/virtual/client.ts';
import { root } from './tools.ts';

/** A virtual bank of its own process, which outlives the server that reads it: for tests that kill the server. */
export interface TestBank extends VirtualBank {
  /** For `modems.ports`. */
  pattern: string;
}

export async function startTestBank(
  count: number,
  options: { replyDelayMs?: number; profiles?: string; seed?: number } = {},
): Promise<TestBank> {
  const dir = mkdtempSync(join(tmpdir(), 'smspin-bank-'));
  const command = [process.execPath, resolve(root, 'src/main.ts'), 'simulate'];
  const bank = await spawnVirtualBank({ command, count, dir, log: silentLog, ...options });
  const stop = bank.stop.bind(bank);
  return Object.assign(bank, {
    pattern: join(dir, 'tty*'),
    stop: async () => {
      await stop();
      rmSync(dir, { recursive: true, force: true });
    },
  });
}
