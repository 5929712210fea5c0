import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/lib/log.ts';
import { type KeptBank, keepVirtualBank } from '../../src/modem/virtual/kept.ts';
import { until } from '../support/client.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function keep(steadyMs: number) {
  const dir = mkdtempSync(join(tmpdir(), 'smspin-kept-'));
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
  const told: string[] = [];
  const bank = await keepVirtualBank({
    ...{ command: [process.execPath, join(import.meta.dir, 'bank-process.ts')], count: 1, dir, log: silentLog },
    onTrouble: (text) => void told.push(text),
    onMended: () => void told.push('mended'),
    times: { firstRetryMs: 20, lastRetryMs: 80, steadyMs },
  });
  cleanups.push(bank.stop);
  return { bank, told };
}

async function killed(bank: KeptBank): Promise<void> {
  const pid = bank.current()?.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  await until(() => bank.current() !== null && bank.current()?.pid !== pid, 'it runs again', 20_000);
}

test('a virtual bank that dies is told of, and runs again at the same ports', async () => {
  const { bank, told } = await keep(100);
  const [port = ''] = bank.ports;
  await killed(bank);
  expect(told[0]).toMatch(/SIGKILL.* started again in 0\.02 s/);
  expect(await bank.current()?.list()).toMatchObject([{ port }]);
  await until(() => told.at(-1) === 'mended', 'it is trusted again');
});

test('one that dies again and again is waited for longer and longer', async () => {
  const { bank, told } = await keep(60_000);
  for (let n = 0; n < 4; n++) await killed(bank);
  expect(told.map((text) => /again in ([\d.]+) s/.exec(text)?.[1])).toEqual(['0.02', '0.04', '0.08', '0.08']);
});

test('one that was stopped stays so', async () => {
  const { bank, told } = await keep(60_000);
  await bank.stop();
  await Bun.sleep(100);
  expect(told).toEqual([]);
});
