/** What systemd hears of the real process. */
import { expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/lib/log.ts';
import { openServiceManager } from '../../src/service/manager.ts';
import { notify } from '../../src/service/notify.ts';
import { until } from '../support/client.ts';
import { openNotifySocket } from '../support/notify-socket.ts';
import { startServer } from '../support/server.ts';

setDefaultTimeout(60_000);

test('it says that it serves, then that it lives three times in each period of the watchdog, then that it ends', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'smspin-notify-'));
  const socket = openNotifySocket(join(dir, 'notify'));
  const env = { NOTIFY_SOCKET: join(dir, 'notify'), WATCHDOG_USEC: '300000' };
  const server = await startServer({ config: '[modems]\nvirtual = 1\ndiscover = false\n', env });
  const heard: string[] = [];
  await until(() => {
    heard.push(...socket.received());
    return heard.filter((one) => one === 'WATCHDOG=1').length >= 3;
  }, 'three signs of life');
  expect(heard[0]).toBe(`READY=1\nSTATUS=Serving at ${server.url}`);
  await server.stop();
  heard.push(...socket.received());
  expect(heard.filter((one) => one !== 'WATCHDOG=1').at(-1)).toBe('STOPPING=1\nSTATUS=Stopping');
  socket.close();
  rmSync(dir, { recursive: true });
});

test('an abstract name is understood; an address that is none, and a manager that is gone, are said in the log and harm nothing', () => {
  const name = `@smspin-${process.pid}`;
  const socket = openNotifySocket(name);
  notify(name, 'READY=1');
  expect(socket.received()).toEqual(['READY=1']);
  socket.close();
  expect(() => notify(name, 'READY=1')).toThrow('nothing could be sent');
  expect(() => notify('relative', 'READY=1')).toThrow('no address');
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (event: string) => void warnings.push(event) };
  openServiceManager({ notifySocket: 'relative', watchdogUsec: '1000', isForUs: false }, log).ready('x');
  openServiceManager({ notifySocket: undefined, watchdogUsec: undefined, isForUs: true }, log).ready('x');
  expect(warnings).toEqual(['service_manager_not_told']);
});
