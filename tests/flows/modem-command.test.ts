import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { surveyLines } from '../../src/cli/modem-scan.ts';
import { UDEV_RULE } from '../../src/cli/modem-udev.ts';
import { openPty, type Pty } from '../../src/modem/virtual/pty.ts';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { until } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';
import { type Ran, root, run } from '../support/tools.ts';

setDefaultTimeout(60_000);

let dir: string;
let bank: TestBank;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'smspin-modem-'));
  bank = await startTestBank(2);
});
afterAll(async () => {
  await bank.stop();
  rmSync(dir, { recursive: true, force: true });
});

const main = join(root, 'src/main.ts');
const modem = (...args: string[]): Promise<Ran> => run([process.execPath, main, 'modem', ...args], { cwd: dir });

/** A command that runs on, what it printed so far, and how it ended. */
function start(args: string[], cwd = dir) {
  const child = Bun.spawn([process.execPath, main, 'modem', ...args], { cwd, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
  let printed = '';
  const collect = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) printed += decoder.decode(chunk, { stream: true });
  };
  const ended = Promise.all([child.exited, collect(child.stdout), collect(child.stderr)]).then(([code]) => code);
  return { child, ended, printed: () => printed };
}

/** A modem that answers from a table and else by ERROR; the commands it was sent. */
function tableModem(answers: Record<string, string>): { pty: Pty; commands: string[]; say(text: string): void } {
  const commands: string[] = [];
  let rest = '';
  const say = (text: string): void => void pty.write(Buffer.from(`\r\n${text}\r\n`, 'latin1'));
  const pty = openPty((octets) => {
    rest += Buffer.from(octets).toString('latin1').replaceAll('\u001b', '');
    for (let end = rest.indexOf('\r'); end >= 0; end = rest.indexOf('\r')) {
      const command = rest.slice(0, end).trim();
      rest = rest.slice(end + 1);
      if (command === '') continue;
      commands.push(command);
      const answer = answers[command];
      if (answer !== undefined) say(answer === '' ? 'OK' : `${answer}\r\n\r\nOK`);
      else say(/^AT(E0|V1)?$|^AT\+CMEE=/.test(command) ? 'OK' : 'ERROR');
    }
  });
  return { pty, commands, say };
}

const LOCKED = {
  'AT+CGMI': 'Quectel',
  'AT+CGMM': 'EC25',
  'AT+CGSN': '860123456789012',
  'AT+CPIN?': '+CPIN: SIM PIN',
  'AT+CPINR="SIM PIN"': '+CPINR: SIM PIN,3,3',
  'AT+QCCID': '+QCCID: 8949020000123456789',
};

describe('modem scan', () => {
  test('tells of each named port whether it is there, in 100 columns', async () => {
    writeFileSync(
      join(dir, 'scan.toml'),
      `[modems]\ndiscover = false\nports = ["${bank.pattern}", "/dev/none/tty0", "tcp://10.255.255.1:4001"]\n`,
    );
    const { code, stdout, stderr } = await modem('scan', '--config', 'scan.toml');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const port of bank.ports) expect(stdout).toContain(port);
    expect(stdout).toContain('nothing is there now');
    expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  test('--json is for programs', async () => {
    const { stdout } = await modem('scan', '--json', '--config', 'scan.toml');
    const { ports } = JSON.parse(stdout) as { ports: { port: string; used: boolean; accessible: boolean | null }[] };
    expect(ports.filter(({ port }) => bank.ports.includes(port))).toMatchObject([
      { used: true, accessible: true },
      { used: true, accessible: true },
    ]);
    expect(ports.find(({ port }) => port.startsWith('tcp://'))).toMatchObject({ used: true, accessible: null });
  });

  test('--udev prints the rule that is in deploy, also where no file is', async () => {
    expect((await modem('scan', '--udev')).stdout.trimEnd()).toBe(UDEV_RULE.trimEnd());
    expect(UDEV_RULE).toBe(readFileSync(join(root, 'deploy/99-smspin.rules'), 'utf8'));
  });

  test('long reasons are broken between words', () => {
    const port = {
      ...{ port: '/dev/ttyUSB0', slot: 'usb:3-1:00', usbId: '0403:6011', driver: 'ftdi_sio', used: false, probe: false },
      ...{ reason: 'word '.repeat(60).trim(), holder: null, accessible: false, next: 'do this '.repeat(30).trim() },
    };
    const long = { ...port, port: '/dev/serial/by-path/pci-0000:00:14.0-usb-0:3.1.4:1.2-port0' };
    const lines = surveyLines({ ports: [port, long], sticks: [], warnings: ['warned '.repeat(40)] });
    expect(lines.filter((line) => line.includes('0403:6011  ftdi_sio  no    usb:3-1:00'))).toHaveLength(2);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(lines.join(' ')).toContain('udevadm trigger');
  });
});

describe('modem probe', () => {
  test('of a modem that works: the dialogue, what it is, and nothing to do', async () => {
    const [port = ''] = bank.ports;
    await bank.sendSms({ port, sender: 'Telegram', text: 'Telegram code: 48213' });
    const before = await bank.list();
    const { code, stdout } = await modem('probe', port);
    expect(code).toBe(0);
    for (const words of [
      '> AT+CGMI',
      '< SMSPin',
      'Virtual Modem',
      bank.sims[0]?.iccid ?? '',
      'IMSI          00101********01',
      'waiting       1 message\n',
      'Nothing to do.',
    ])
      expect(stdout).toContain(words);
    // Nothing was read or deleted on it, and no text or PDU shown.
    expect(await bank.list()).toEqual(before);
    expect(stdout).not.toMatch(/48213|[0-9A-F]{40}|AT\+CMG[LRD]=\d/);
    expect(stdout).not.toContain('001010000000001');
  });

  test('--json tells the same as one object; --raw the whole IMSI', async () => {
    const ran = await modem('probe', bank.ports[1] ?? '', '--json', '--raw');
    const facts = JSON.parse(ran.stdout) as Record<string, unknown> & { dialogue: string[] };
    expect(facts).toMatchObject({
      ok: true,
      manufacturer: 'SMSPin',
      virtual: true,
      sim: { state: 'ready' },
      registration: 'home',
      messages_waiting: 0,
    });
    expect(facts).toMatchObject({ iccid: bank.sims[1]?.iccid, number: bank.sims[1]?.number, imsi: '001010000000002' });
    expect(facts.dialogue).toContain('> AT+CIMI');
  });

  test('of a SIM that asks for its PIN: what to write where, and no PIN is sent', async () => {
    const { pty, commands } = tableModem({ ...LOCKED, 'AT+QURCCFG="urcport"': '+QURCCFG: "urcport","usbmodem"' });
    try {
      const { code, stdout } = await modem('probe', pty.path);
      const said = stdout.replace(/\s+/g, ' ');
      expect(code).toBe(0);
      expect(said).toContain('put [[modems.sim]] with iccid = "8949020000123456789" and pin = "…" into smspin.toml. 3 tries are left.');
      expect(said).toContain('"urcport","usbmodem"');
      expect(commands.filter((command) => /CPIN=|CMG[LRD]=\d|CUSD|CMGS|^ATD/.test(command))).toEqual([]);
    } finally {
      pty.close();
    }
  });

  test('of a modem that says hostile things: nothing reaches the terminal', async () => {
    const { pty } = tableModem({ ...LOCKED, 'AT+CGMM': 'EC25\u009b31m\u001b]0;owned\u0007' });
    try {
      const { stdout } = await modem('probe', pty.path);
      expect(stdout).toContain('EC25');
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    } finally {
      pty.close();
    }
  });

  test('of what is no modem, not there, or somebody else’s ends with 1 and the reason', async () => {
    expect(await modem('probe', '/dev/nowhere')).toMatchObject({ code: 1, stderr: 'nothing is plugged in at /dev/nowhere\n' });
    const refused = await modem('probe', 'tcp://127.0.0.1:1', '--json');
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ ok: false });
    expect(await modem('probe', 'tcp://nowhere')).toMatchObject({ code: 1 });
  });
});

test.each([
  [['probe'], 'PATH is missing'],
  [['probe', '/dev/a', '/dev/b'], 'one word too many'],
  [['scan', '--all'], '--all'],
  [['watch', '--last', 'x'], '--last takes a whole number'],
  [['look'], 'the verb must be scan, probe or watch'],
])('%j is no command', async (args, words) => {
  const { code, stderr } = await modem(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(words);
  expect(stderr).toContain('usage:');
});

describe('modem watch', () => {
  test('of a port prints what the modem says, texts and codes masked, until it is stopped', async () => {
    const [, port = ''] = bank.ports;
    const watch = start(['watch', port]);
    await until(() => watch.printed().includes('set up; waiting'), 'the end of the set-up');
    await bank.sendSms({ port, sender: 'Telegram', text: 'Telegram code: 48213' });
    await until(() => /^\d{4}-\d\d-\d\dT[\d:.]+Z < \+CMTI: /m.test(watch.printed()), 'the announcement');
    watch.child.kill('SIGINT');
    expect(await watch.ended).toBe(0);
    expect(watch.printed()).not.toContain('48213');
  });

  test('of a message pushed in text mode shows its length alone', async () => {
    const { pty, say } = tableModem(LOCKED);
    const watch = start(['watch', pty.path]);
    try {
      await until(() => watch.printed().includes('set up; waiting'), 'the end of the set-up');
      say('+CMT: "+447700900123",,"26/11/22,23:00:00+00"\r\nYour code is G-483920');
      await until(() => watch.printed().includes('<text, 21 characters>'), 'the message');
      expect(watch.printed()).not.toContain('483920');
      pty.close();
      expect(await watch.ended).toBe(1);
      expect(watch.printed()).toContain(`${pty.path}: the device hung up`);
    } finally {
      pty.close();
      watch.child.kill('SIGKILL');
    }
  });

  test('without a port: says what is missing', async () => {
    const { code, stderr } = await modem('watch');
    expect(code).toBe(1);
    expect(stderr).toContain('There is no database in');
  });

  describe('of a running server', () => {
    let server: Server;
    beforeAll(async () => {
      server = await startServer({
        env: { SMSPIN_MODEMS_PORTS: bank.pattern, SMSPIN_MODEMS_DISCOVER: 'false', SMSPIN_MODEMS_VIRTUAL: '0' },
      });
    });
    afterAll(() => server.stop());

    test('follows its history, and a port of its own is refused with its name', async () => {
      const watch = start(['watch', '--last', '50'], server.dir);
      try {
        const [port = ''] = bank.ports;
        await until(() => watch.printed().includes(port), 'the first entries');
        await bank.unplug(port);
        await until(() => new RegExp(`${port} closed`).test(watch.printed()), 'the new entry');
        await bank.plug(port);
        watch.child.kill('SIGTERM');
        expect(await watch.ended).toBe(0);
      } finally {
        watch.child.kill('SIGKILL');
      }
      const held = await modem('probe', bank.ports[1] ?? '');
      expect(held).toMatchObject({ code: 1 });
      expect(held.stderr).toContain(`in use by the SMSPin server (pid ${server.pid})`);
      const scan = await run([process.execPath, main, 'modem', 'scan', '--config', join(dir, 'scan.toml')], { cwd: dir });
      expect(scan.stdout).toContain(`read by the SMSPin server (pid ${server.pid})`);
    });

    test('that has ended: the history is shown, and that nothing new will come', async () => {
      await server.kill('SIGTERM');
      const { code, stdout, stderr } = await run([process.execPath, main, 'modem', 'watch', '--last', '3'], { cwd: server.dir });
      expect({ code, lines: stdout.trim().split('\n').length }).toEqual({ code: 1, lines: 3 });
      expect(stderr).toContain('No server is running on');
    });
  });
});
