import { afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodePdu } from '../../src/gsm/deliver.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { AtChannel } from '../../src/modem/at/channel.ts';
import { openPort } from '../../src/modem/line/open.ts';
import { EmulatedBank, type VirtualBankOptions } from '../../src/modem/virtual/bank.ts';
import { spawnVirtualBank } from '../../src/modem/virtual/client.ts';
import { DIALECTS, dialectNamed } from '../../src/modem/virtual/dialects.ts';
import type { VirtualModem } from '../../src/modem/virtual/modem.ts';
import type { FaultLine } from '../../src/modem/virtual/protocol.ts';
import { QUICK, until } from './bench.ts';
import { Terminal } from './terminal.ts';

setDefaultTimeout(20_000);

let bank: EmulatedBank | null = null;
let terminals: Terminal[] = [];
let folders: string[] = [];
afterEach(async () => {
  await Promise.all(terminals.map((terminal) => terminal.close()));
  bank?.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  [bank, terminals, folders] = [null, [], []];
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'bank-'));
  folders.push(made);
  return made;
}

/** A bank of one modem that speaks as `name`. */
function modemOf(name = 'generic', options: Partial<VirtualBankOptions> = {}): VirtualModem {
  const dialect = dialectNamed(name);
  if (dialect === null) throw new Error(`no dialect ${name}`);
  bank = new EmulatedBank({ count: 1, dir: folder(), replyDelayMs: 0, dialects: [dialect], seed: 1, ...options }, 0);
  const [modem] = bank.modems;
  if (modem === undefined) throw new Error('a bank of one has one');
  return modem;
}

function open(modem: VirtualModem, baud?: number): Terminal {
  const terminal = new Terminal(modem.port, baud);
  terminals.push(terminal);
  return terminal;
}

async function send(modem: VirtualModem, text: string): Promise<void> {
  await bank?.sendSms(modem, { sender: 'Sender', text, atMs: Date.UTC(2026, 0, 1) });
}

/** The part numbers of what lies in the modem, in order. */
function partsIn(modem: VirtualModem): (number | undefined)[] {
  return modem.emulator.storages.SM.entries().map(([, { pdu }]) => decodePdu(pdu, { smsc: 'present' }).concat?.seq);
}

describe('line', () => {
  test('slow_9600: only the right rate is understood, and octets take their time', async () => {
    const modem = modemOf();
    modem.fault('slow_9600', true);
    const wrong = open(modem, 115_200);
    wrong.write('AT\rAT\r');
    await wrong.close();
    terminals = [];
    const right = open(modem, 9_600);
    await right.ask('\rAT');
    const startedAtMs = performance.now();
    const answer = await right.ask('ATI');
    expect(performance.now() - startedAtMs).toBeGreaterThan((answer.length / 960) * 1000 * 0.9);
    expect(right.text).not.toContain('ERROR');
    modem.fault('slow_9600', false);
    expect(await right.ask('AT')).toContain('OK');
  });

  test('slow_115200: at another rate the answers are garbage', async () => {
    const modem = modemOf();
    modem.fault('slow_115200', true);
    const terminal = open(modem, 9_600);
    modem.emulator.settings.notification = [2, 1, 0, 0, 0];
    await send(modem, 'hello');
    await until('something comes', () => terminal.text.length > 10);
    expect(terminal.text).not.toContain('CMTI');
    expect(terminal.text).toMatch(/^[\x80-\xff]+$/);
  });

  test.each([
    ['slow_9600', 9_600, null, 9_600],
    ['slow_9600', 9_600, 115_200, 9_600],
    ['slow_115200', 115_200, 9_600, 115_200],
    ['slow_115200', 115_200, null, null],
  ] as const)('%s: the handshake finds %i baud, when the line is believed to be at %p', async (fault, rate, believed, found) => {
    const modem = modemOf();
    modem.fault(fault, true);
    const opened = await openPort(modem.port);
    if (!opened.ok) throw new Error(opened.detail);
    const spoken: string[] = [];
    const nothing = { urc: () => {}, echo: () => {}, fault: () => {}, dead: () => {} };
    const channel = new AtChannel(opened.line, systemClock, { ...nothing, spoke: (_, text) => void spoken.push(text) }, QUICK);
    expect(await channel.handshake(believed)).toBe(true);
    expect(channel.baud).toBe(found);
    expect(await channel.send({ text: 'AT+CGSN', timeoutMs: 3_000, bare: /^\d{15}$/ })).toMatchObject({
      ok: true,
      lines: [{ text: modem.emulator.imei }],
    });
    const tried = spoken.filter((text) => text.startsWith('trying')).map((text) => Number(/\d+/.exec(text)?.[0]));
    expect(tried.includes(rate)).toBe(found !== null);
    channel.close();
  });

  test('noise: stray octets in the text, which is all there', async () => {
    const modem = modemOf();
    const terminal = open(modem);
    await terminal.ask('ATE0');
    modem.fault('noise', true, { rate: 0.3 });
    const noisy = await terminal.ask('ATI', /R[\s\S]*e[\s\S]*1[\s\S]*O[\s\S]*K[\s\S]*\n/);
    const text = [...noisy].filter((character) => /[\r\n -}]/.test(character)).join('');
    expect(noisy.length).toBeGreaterThan(text.length);
    expect(text).toBe('\r\nSMSPin\r\n\r\nVirtual Modem\r\n\r\nRevision: 1\r\n\r\nOK\r\n');
  });

  test('late: the next answer alone', async () => {
    const modem = modemOf();
    const terminal = open(modem);
    await terminal.ask('AT');
    modem.fault('late', true, { ms: 300 });
    const startedAtMs = performance.now();
    await terminal.ask('AT');
    expect(performance.now() - startedAtMs).toBeGreaterThan(280);
    modem.fault('late', true, { ms: 60_000 });
    modem.fault('late', false);
    await terminal.ask('AT');
  });

  test('garbage_open: leftovers and half a line when a reader starts with ESC', async () => {
    const modem = modemOf();
    modem.fault('garbage_open', true);
    const terminal = open(modem);
    expect(await terminal.ask('\x1b\r', '1,1,,2')).toContain('\r\n+CMGL: 1,1,,2');
  });

  test('a flood of notices while somebody talks, none before', async () => {
    const terminal = open(modemOf('zte-mf'));
    expect(await terminal.ask('AT', '+ZUSIMR:2')).toContain('OK');
  });

  test('USSD: the answer comes by itself', async () => {
    const terminal = open(modemOf());
    const said = await terminal.ask('AT+CUSD=1,"*100#",15', '0.00",15');
    expect(said.indexOf('OK')).toBeLessThan(said.indexOf('+CUSD: 0,"Your number is +447700900000\r\nYour balance'));
  });
});

describe('restart', () => {
  test('the port stays: boot lines of the family, settings forgotten, echo back', async () => {
    const modem = modemOf('simcom-sim800');
    const terminal = open(modem);
    await terminal.ask('ATE0');
    await terminal.ask('AT+CNMI=2,1');
    modem.fault('reboot', true);
    await until('SMS Ready', () => /RDY[\s\S]*\+CPIN: READY[\s\S]*Call Ready[\s\S]*SMS Ready/.test(terminal.text));
    expect(terminal.hungUp).toBe(false);
    expect(await terminal.ask('AT+CNMI?')).toContain('AT+CNMI?\r\r\n+CNMI: 0,0,0,0,0');
  });

  test('the port goes away and comes back as another terminal', async () => {
    const modem = modemOf('quectel-ec25');
    const before = readlinkSync(modem.port);
    const terminal = open(modem);
    await terminal.ask('AT+CFUN=1,1');
    await until('hang-up', () => terminal.hungUp);
    await until('the port is back', () => existsSync(modem.port) && modem.plugged);
    expect([typeof before, modem.emulator.settings.echo]).toEqual(['string', true]);
    const again = open(modem);
    expect(await again.ask('AT')).toContain('OK');
  });

  test('in the middle of an answer', async () => {
    const modem = modemOf();
    const terminal = open(modem);
    await terminal.ask('ATE0');
    modem.fault('reboot', true, { mid: 1 });
    const from = terminal.text.length;
    terminal.write('ATI\r');
    await until('half an answer', () => terminal.text.slice(from).startsWith('\r\nSMSPin'));
    await until('echo is back', () => modem.emulator.settings.echo && modem.emulator.powered);
    expect(terminal.text.slice(from)).not.toContain('OK');
    expect(await terminal.ask('AT')).toContain('AT\r\r\nOK');
  });

  test('unplug and freeze are faults like the others', () => {
    const modem = modemOf();
    modem.fault('unplug', true);
    expect([modem.plugged, modem.faults]).toEqual([false, ['unplug']]);
    modem.plug();
    modem.fault('freeze', true);
    expect([modem.plugged, modem.faults]).toEqual([true, ['freeze']]);
    modem.heal();
    expect(modem.faults).toEqual([]);
  });
});

describe('network', () => {
  const LONG = 'a long message that takes several parts to send. '.repeat(20);

  test('duplicate: the same message by two service centres', async () => {
    const modem = modemOf();
    modem.fault('duplicate', true);
    await send(modem, 'once');
    const pdus = modem.emulator.storages.SM.entries().map(([, { pdu }]) => decodePdu(pdu, { smsc: 'present' }));
    expect(pdus.map(({ text }) => text)).toEqual(['once', 'once']);
    expect(pdus[0]?.smsc).not.toBe(pdus[1]?.smsc ?? null);
  });

  test('reorder: the parts in another order, the same for the same seed', async () => {
    const orders: unknown[] = [];
    for (const seed of [5, 5, 6]) {
      const modem = modemOf('generic', { seed });
      modem.fault('reorder', true);
      await send(modem, LONG);
      orders.push(partsIn(modem));
      bank?.close();
    }
    expect(orders[0]).toEqual(orders[1]);
    expect(orders[0]).not.toEqual(orders[2]);
    expect(orders[0]).not.toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect((orders[0] as number[]).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('lost_part: one comes later, or when the fault ends', async () => {
    const modem = modemOf();
    modem.fault('lost_part', true, { ms: 200 });
    await send(modem, LONG);
    expect(partsIn(modem).length).toBe(6);
    await until('the late part', () => partsIn(modem).length === 7);
    modem.fault('lost_part', true, { ms: 60_000 });
    await send(modem, LONG);
    expect(partsIn(modem).length).toBe(13);
    modem.fault('lost_part', false);
    expect(partsIn(modem).length).toBe(14);
  });
});

describe('a whole bank', () => {
  test('chaos loses nothing, and the bank heals when it ends', async () => {
    const dir = folder();
    const reports: string[] = [];
    bank = new EmulatedBank({ count: DIALECTS.length, dir, replyDelayMs: 0, dialects: DIALECTS, seed: 9 }, 0, ({ fault }) =>
      reports.push(fault),
    );
    const all = bank;
    all.chaos({ seed: 9, rate: 600 });
    const sent: string[] = [];
    const textsIn = ({ emulator }: VirtualModem) => {
      const { sm, me, network } = emulator.memory();
      return [...[...sm, ...me].map(([, { pdu }]) => pdu), ...network.map(({ pdu }) => pdu)].map(
        (pdu) => decodePdu(pdu, { smsc: 'present' }).text,
      );
    };
    const missing = () => {
      const there = new Set(all.modems.flatMap(textsIn));
      return sent.filter((text) => !there.has(text));
    };
    for (let round = 1; round <= 6; round++) {
      for (const modem of all.modems) {
        sent.push(`message ${round} of ${modem.emulator.dialect.name}`);
        await send(modem, sent.at(-1) ?? '');
      }
      await until('more faults', () => reports.length >= 20 * round, 10_000);
    }
    expect(missing()).toEqual([]);
    all.chaos({ seed: 0, rate: 0 });
    expect(all.modems.flatMap(({ faults }) => faults)).toEqual([]);
    await until('every modem is back', () => all.modems.every(({ plugged, emulator }) => plugged && emulator.powered), 10_000);
    expect(missing()).toEqual([]);
  });

  test('a bank of its own process: profiles, faults, chaos and what it prints', async () => {
    const lines: FaultLine[] = [];
    const command = [process.execPath, join(import.meta.dir, 'bank-process.ts')];
    const options = { command, count: 3, dir: folder(), profiles: 'zte-mf,wavecom', seed: 4, log: silentLog };
    const spawned = await spawnVirtualBank({ ...options, onFault: (line) => lines.push(line) });
    try {
      const [port = ''] = spawned.ports;
      expect((await spawned.list()).map(({ dialect }) => dialect)).toEqual(['zte-mf', 'wavecom', 'zte-mf']);
      expect(await spawned.fault(port, 'noise', true, { rate: 0.5 })).toEqual({ ok: true, faults: ['noise'] });
      expect((await spawned.list())[0]?.faults).toEqual(['noise']);
      expect(await spawned.fault('/nowhere', 'noise', true)).toEqual({ ok: false, error: 'no virtual SIM answers to /nowhere' });
      expect(await spawned.chaos({ seed: 1, rate: 600, faults: ['deaf', 'echo'] })).toMatchObject({ ok: true });
      await until('faults are printed', () => lines.length > 3, 10_000);
      expect(lines.every(({ fault }) => fault === 'deaf' || fault === 'echo')).toBe(true);
      expect(await spawned.chaos({ seed: 1, rate: 0 })).toMatchObject({ ok: true });
      expect((await spawned.list()).flatMap(({ faults }) => faults)).toEqual([]);
    } finally {
      await spawned.stop();
    }
  });
});
