import { afterEach, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeDeliver } from '../../src/gsm/encode.ts';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { until } from '../support/client.ts';
import { findReaders } from '../support/tools.ts';

/** Two programs nobody of ours wrote read the virtual modems as if they were real ones. */
setDefaultTimeout(60_000);

const GSM7 = 'Your code is 482913 @ £5, é à ö ñ Ω [€]';
const LONG = 'This message is longer than one part can hold; it goes on and on and on and on. '.repeat(4).trim();
const UCS2 = 'Ваш код 482913. Никому его не сообщайте — «никому»';
const TURKISH = 'Doğrulama kodunuz: 482913, şifre İĞ';
/** What a reader without the national tables of TS 23.038 6.2.1.2.4 makes of single shifts: it reads the base character. */
const TURKISH_PLAIN = 'Dogrulama kodunuz: 482913, sifre IG';

let running: Bun.Subprocess[] = [];
let bank: TestBank | null = null;
afterEach(async () => {
  // They fork; the group of each goes with it.
  for (const child of running) if (child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  await Promise.all(running.map((child) => child.exited));
  running = [];
  await bank?.stop();
});

test('gammu-smsd reads what the virtual modem got', async () => {
  const folder = await scene();
  const inbox = join(folder, 'inbox');
  const config = [
    '[gammu]',
    `device = ${bank?.ports[0]}`,
    'connection = at',
    '[smsd]',
    'service = files',
    `logfile = ${join(folder, 'log')}`,
    ...['inbox', 'outbox', 'sentsms', 'errorsms'].map((name) => `${name}path = ${join(folder, name)}/`),
    'inboxformat = unicode',
    'checksecurity = 0',
    'commtimeout = 1',
    'receivefrequency = 1',
  ];
  start([readers().gammu, '-c', written(folder, config)]);
  await until(async () => (await held()) === 0, 'gammu-smsd has read and deleted everything', 50_000);
  // One file a part, named <time>_<sender>_<part>; with the parts of one message in order. Behind the first NUL it leaves what its buffer held before.
  const names = readdirSync(inbox).sort();
  const textFrom = (sender: string) =>
    names
      .filter((name) => name.includes(`_${sender}_`))
      .map((name) => new TextDecoder('utf-16be').decode(readFileSync(join(inbox, name))).replace(/^\ufeff|\0.*$/gs, ''))
      .join('');
  expect(textFrom('Seven')).toBe(GSM7);
  expect(textFrom('Long')).toBe(LONG);
  expect(textFrom('Wide')).toBe(UCS2);
  // Where it knows no national table it prints the escape as ¹.
  expect([TURKISH, TURKISH_PLAIN]).toContain(textFrom('National').replaceAll('¹', ''));
});

test('smsd of smstools3 reads what the virtual modem got', async () => {
  const folder = await scene();
  const incoming = join(folder, 'incoming');
  const folders = ['outgoing', 'checked', 'failed', 'incoming', 'sent'];
  const config = [
    'devices = GSM1',
    ...folders.map((name) => `${name} = ${join(folder, name)}`),
    ...['logfile', 'infofile', 'pidfile'].map((name) => `${name} = ${join(folder, name)}`),
    'delaytime = 1',
    'incoming_utf8 = yes',
    '[GSM1]',
    `device = ${bank?.ports[0]}`,
    'incoming = high',
    'pre_init = no',
    'decode_unicode_text = yes',
  ];
  start([readers().smstools, '-t', '-c', written(folder, config)]);
  await until(async () => (await held()) === 0 && readdirSync(incoming).length === 4, 'smsd has read and deleted everything', 50_000);
  const files = readdirSync(incoming).map((name) => readFileSync(join(incoming, name), 'utf8'));
  const textFrom = (sender: string) => {
    const file = files.find((text) => text.startsWith(`From: ${sender}\n`)) ?? '';
    return file.slice(file.indexOf('\n\n') + 2);
  };
  expect(textFrom('Seven')).toBe(GSM7);
  expect(textFrom('Long')).toBe(LONG);
  expect(textFrom('Wide')).toBe(UCS2);
  expect([TURKISH, TURKISH_PLAIN]).toContain(textFrom('National'));
});

/** A bank of one modem that holds four messages, and a folder with every folder the programs want. */
async function scene(): Promise<string> {
  const started = await startTestBank(1);
  bank = started;
  const port = started.ports[0] ?? '';
  const number = started.sims[0]?.number ?? '';
  for (const [sender, text] of Object.entries({ Seven: GSM7, Long: LONG, Wide: UCS2 })) {
    expect(await started.sendSms({ number, sender, text })).toMatchObject({ ok: true });
  }
  const national = encodeDeliver({ sender: 'National', text: TURKISH, atMs: Date.now(), language: { locking: 0, single: 1 } });
  for (const { pdu } of national) expect(await started.sendPdu(pdu, { port })).toMatchObject({ ok: true, parts: 1 });
  expect(await held()).toBeGreaterThan(5);
  const folder = mkdtempSync(join(tmpdir(), 'smspin-peer-'));
  for (const name of ['inbox', 'outbox', 'sentsms', 'errorsms', 'outgoing', 'checked', 'failed', 'incoming', 'sent'])
    mkdirSync(join(folder, name));
  return folder;
}

async function held(): Promise<number> {
  const modems = (await bank?.list()) ?? [];
  return modems.reduce((sum, { messages, waiting }) => sum + messages.length + waiting, 0);
}

function written(folder: string, lines: readonly string[]): string {
  const file = join(folder, 'config');
  writeFileSync(file, `${lines.join('\n')}\n`);
  expect(existsSync(file)).toBe(true);
  return file;
}

function start(command: string[]): void {
  running.push(Bun.spawn(command, { detached: true, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' }));
}

function readers(): { gammu: string; smstools: string } {
  const found = findReaders();
  if (found === null) throw new Error('gammu-smsd or smsd is missing: the test run installs them');
  return found;
}
