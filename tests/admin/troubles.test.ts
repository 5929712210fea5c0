import { expect, test } from 'bun:test';
import { silentLog } from '../../src/lib/log.ts';
import { countErrors, openTroubles } from '../../src/lib/troubles.ts';
import { adminHouse } from '../support/admin-house.ts';
import { seen } from '../views/markup.ts';

test('what fails in the background stands on the bank page, with what to do, until it works again', async () => {
  const { troubles, get } = adminHouse();
  const shown = async (path = '/admin/bank') => seen(await (await get(path)).text()).text;
  expect(await shown()).not.toContain('cannot be written');
  troubles.failed('history', 'disk full. Nothing is lost yet; it is tried again.');
  troubles.failed('virtual_bank', 'Its process died: SIGKILL. It is started again in 0.5 s.');
  for (const path of ['/admin/bank', '/admin/bank/table']) {
    expect(await shown(path)).toContain('The history cannot be written');
    expect(await shown(path)).toContain('Its process died: SIGKILL.');
  }
  troubles.mended('history');
  expect(await shown()).not.toContain('The history cannot be written');
  expect(await shown()).toMatch(/History not written\s*1/);
  expect(await shown()).toMatch(/Virtual bank died\s*1/);
});

test('a trouble that goes on keeps its beginning and takes the newest words', () => {
  let nowMs = 1000;
  const troubles = openTroubles(() => nowMs);
  troubles.failed('alarm_watch', 'first');
  nowMs = 2000;
  troubles.failed('alarm_watch', 'second');
  expect(troubles.standing()).toEqual([{ code: 'alarm_watch', text: 'second', sinceMs: 1000 }]);
  expect([troubles.times('alarm_watch'), troubles.times('history')]).toEqual([2, 0]);
});

test('every error in the log is counted, and still logged', () => {
  const logged: string[] = [];
  const { log, errors } = countErrors({ ...silentLog, error: (event) => void logged.push(event) });
  log.warn('no_error');
  log.error('commit_failed');
  expect([errors(), logged]).toEqual([1, ['commit_failed']]);
});
