import { describe, expect, test } from 'bun:test';
import { systemClock } from '../../src/lib/clock.ts';
import { AtChannel, type AtCommand } from '../../src/modem/at/channel.ts';
import type { Urc } from '../../src/modem/at/urc.ts';
import type { LineHandlers, SerialLine } from '../../src/modem/line/line.ts';
import { HELLO, HELLO_LENGTH, QUICK, until } from './bench.ts';

const CSQ: AtCommand = { text: 'AT+CSQ', timeoutMs: 60, prefixes: ['+CSQ:'] };
const CMGR = (index: number): AtCommand => ({ text: `AT+CMGR=${index}`, timeoutMs: 60, prefixes: ['+CMGR:'], pdu: true });
const CMGL: AtCommand = { text: 'AT+CMGL=4', timeoutMs: 500, prefixes: ['+CMGL:'], pdu: true };
const CIMI: AtCommand = { text: 'AT+CIMI', timeoutMs: 60, bare: /^\d{6,15}$/ };

/** A modem that answers from a table of what is written; what is not in it stays unanswered. AT is answered unless `deaf`. */
class TableLine implements SerialLine {
  readonly written: string[] = [];
  deaf = false;
  closed = false;
  private readonly table: Record<string, string | string[]>;
  private handlers: LineHandlers | null = null;

  constructor(table: Record<string, string | string[]>) {
    this.table = table;
  }

  start(handlers: LineHandlers): void {
    this.handlers = handlers;
  }

  write(octets: Uint8Array): void {
    const text = Buffer.from(octets).toString('latin1');
    this.written.push(text);
    const command = text.replace(/\r$/, '');
    const entry = this.table[command];
    const reply = Array.isArray(entry) ? entry.shift() : entry;
    if (reply !== undefined) this.say(reply);
    else if (command === 'AT' && !this.deaf) this.say('\r\nOK\r\n');
  }

  close(): void {
    this.closed = true;
  }

  say(text: string): void {
    setImmediate(() => this.handlers?.bytes(Buffer.from(text, 'latin1')));
  }

  fail(reason: string): void {
    this.handlers?.closed(reason);
  }
}

async function open(table: Record<string, string | string[]>) {
  const line = new TableLine(table);
  const urcs: Urc[] = [];
  const faults: string[] = [];
  const deaths: string[] = [];
  let echoes = 0;
  const channel = new AtChannel(
    line,
    systemClock,
    { urc: (urc) => urcs.push(urc), echo: () => echoes++, fault: (text) => faults.push(text), dead: (reason) => deaths.push(reason) },
    QUICK,
  );
  const inStep = await channel.handshake();
  return { line, channel, urcs, faults, deaths, inStep, echoes: () => echoes };
}

const texts = (result: Awaited<ReturnType<AtChannel['send']>>) => (result.ok ? result.lines.map(({ text }) => text) : result);
const pdus = (result: Awaited<ReturnType<AtChannel['send']>>) => (result.ok ? result.lines.map(({ pdu }) => pdu) : result);

describe('answers', () => {
  test('a second final in the same breath is nobody’s answer: the dialogue is brought into step before the next command', async () => {
    const { line, channel, faults } = await open({
      'AT+CMGR=1': '\r\n+CMS ERROR: 321\r\n\r\n+CMS ERROR: 321\r\n',
      'AT+CMGR=2': `\r\n+CMGR: 0,,${HELLO_LENGTH}\r\n${HELLO}\r\n\r\nOK\r\n`,
      'AT+CMGR=3': '\r\nOK\r\n',
    });
    const [first, second, third] = await Promise.all([1, 2, 3].map((index) => channel.send(CMGR(index))));
    expect(first).toMatchObject({ ok: false, code: 321 });
    expect(second && pdus(second)).toEqual([HELLO]);
    expect(third && pdus(third)).toEqual([]);
    expect(faults).toEqual(['a final result nobody asked for']);
    expect(line.written.slice(line.written.indexOf('AT+CMGR=1\r')).filter((text) => text !== '\u001b\r')).toEqual([
      'AT+CMGR=1\r',
      'AT\r',
      'AT+CMGR=2\r',
      'AT+CMGR=3\r',
    ]);
  });

  test('a PDU after something unknown behind its header is doubted', async () => {
    const { channel } = await open({
      'AT+CMGL=4': `\r\n+CMGL: 2,0,,${HELLO_LENGTH}\r\n+CMGL\r\n${HELLO}\r\n+CMGL: 4,0,,${HELLO_LENGTH}\r\n+CMTI: "SM",5\r\n${HELLO}\r\n\r\nOK\r\n`,
    });
    const result = await channel.send(CMGL);
    expect(result.ok && result.lines.map(({ isDoubtful }) => isDoubtful === true)).toEqual([true, false]);
  });

  test('one command is in flight at a time, and each gets its own answer', async () => {
    const { line, channel } = await open({ 'AT+CSQ': '\r\n+CSQ: 20,99\r\n\r\nOK\r\n', 'AT+CIMI': '\r\n001010000000001\r\n\r\nOK\r\n' });
    const both = Promise.all([channel.send(CSQ), channel.send(CIMI)]);
    expect(line.written.at(-1)).toBe('AT+CSQ\r');
    const [signal, imsi] = await both;
    expect(texts(signal)).toEqual(['+CSQ: 20,99']);
    expect(texts(imsi)).toEqual(['001010000000001']);
  });

  test.each([
    ['ERROR', null],
    ['4', null],
    ['NA', null],
    ['COMMAND NOT SUPPORT', null],
    ['MODEM ERROR: 7', 7],
    ['+EXT ERROR: 3', 3],
    ['+CME ERROR: 10', 10],
    ['+CME ERROR: SIM not inserted', 10],
    ['+CME ERROR: something new', null],
    ['+CMS ERROR: 321', 321],
    ['+CMS ERROR: Invalid memory index', 321],
  ])('%s ends a command with code %p', async (final, code) => {
    const { channel } = await open({ 'AT+CSQ': `\r\n${final}\r\n` });
    expect(await channel.send(CSQ)).toEqual({ ok: false, kind: 'error', code, text: final });
  });

  test.each([['OK'], ['0']])('%s ends a command well', async (final) => {
    const { channel } = await open({ 'AT+CSQ': `\r\n${final}\r\n` });
    expect(await channel.send(CSQ)).toEqual({ ok: true, lines: [] });
  });

  test.each([['NO CARRIER'], ['BUSY'], ['RING']])('%s of a call does not end a listing', async (text) => {
    const { channel } = await open({ 'AT+CMGL=4': `\r\n${text}\r\n+CMGL: 1,0,,${HELLO_LENGTH}\r\n${HELLO}\r\n${text}\r\n\r\nOK\r\n` });
    expect(pdus(await channel.send(CMGL))).toEqual([HELLO]);
  });

  test('an echo is stripped, and reported once echo is known to be off', async () => {
    const { channel, echoes, faults } = await open({ 'AT+CSQ': 'AT+CSQ\r\r\n+CSQ: 9,99\r\n\r\nOK\r\n' });
    expect(texts(await channel.send(CSQ))).toEqual(['+CSQ: 9,99']);
    expect(echoes()).toBe(0);
    channel.echoOff = true;
    await channel.send(CSQ);
    expect(echoes()).toBe(1);
    expect(faults).toEqual([]);
  });

  test('a maker called AT&T is no echo', async () => {
    const { channel } = await open({ 'AT+CGMI': '\r\nAT&T\r\n\r\nOK\r\n' });
    expect(texts(await channel.send({ text: 'AT+CGMI', timeoutMs: 60, bare: /./ }))).toEqual(['AT&T']);
  });

  test('octets may come one by one', async () => {
    const { line, channel } = await open({});
    const answer = channel.send({ ...CSQ, timeoutMs: 2000 });
    for (const octet of '\r\n+CSQ: 20,99\r\n\r\nOK\r\n') line.say(octet);
    expect(texts(await answer)).toEqual(['+CSQ: 20,99']);
  });
});

describe('unsolicited lines', () => {
  test('go to the dispatcher even in the middle of an answer', async () => {
    const { channel, urcs } = await open({
      'AT+CMGL=4': `\r\n+CMTI: "SM",9\r\n+CMGL: 1,0,,${HELLO_LENGTH}\r\n\r\n+CMTI: "ME",2\r\n${HELLO}\r\n^RSSI: 20\r\n\r\nOK\r\n`,
    });
    expect(pdus(await channel.send(CMGL))).toEqual([HELLO]);
    expect(urcs).toEqual([
      { kind: 'announced', storage: 'SM', index: 9 },
      { kind: 'announced', storage: 'ME', index: 2 },
      { kind: 'other', text: '^RSSI: 20' },
    ]);
  });

  test('a message pushed whole inside a listing takes its own PDU, not the listing’s', async () => {
    const pushed = `${HELLO.slice(0, -2)}38`;
    const { channel, urcs } = await open({
      'AT+CMGL=4': `\r\n+CMGL: 1,0,,${HELLO_LENGTH}\r\n${HELLO}\r\n+CMT: ,${HELLO_LENGTH}\r\n${pushed}\r\n+CMGL: 2,0,,${HELLO_LENGTH}\r\n${HELLO}\r\n\r\nOK\r\n`,
    });
    expect(pdus(await channel.send(CMGL))).toEqual([HELLO, HELLO]);
    expect(urcs).toEqual([{ kind: 'pushed', pdu: pushed, length: HELLO_LENGTH }]);
  });

  test('a pushed text saying OK ends nothing', async () => {
    const { line, channel, urcs } = await open({});
    const answer = channel.send(CSQ);
    line.say('\r\n+CMT: "+447700900999",,"26/11/22,20:00:00+00"\r\nOK\r\n+CSQ: 5,99\r\n\r\nOK\r\n');
    expect(texts(await answer)).toEqual(['+CSQ: 5,99']);
    expect(urcs).toEqual([{ kind: 'pushed', pdu: null, length: null }]);
  });

  test('do not move a deadline', async () => {
    const { line, channel } = await open({});
    const flood = setInterval(() => line.say('\r\n^BOOT:1,0,0,0,72\r\n'), 10);
    const answer = await channel.send(CSQ);
    clearInterval(flood);
    expect(answer).toEqual({ ok: false, kind: 'timeout', lines: [] });
  });
});

describe('damage in a listing', () => {
  test.each<[string, string, (string | null)[]]>([
    ['a header glued to a PDU', `+CMGL: 1,0,,${HELLO_LENGTH}\r\n${HELLO}+CMGL: 2,1,,${HELLO_LENGTH}\r\n${HELLO}\r\n`, [HELLO, HELLO]],
    ['a header without a PDU', `+CMGL: 1,0,,${HELLO_LENGTH}\r\n+CMGL: 2,1,,${HELLO_LENGTH}\r\n${HELLO}\r\n`, [null, HELLO]],
    ['a last header without a PDU', `+CMGL: 1,0,,${HELLO_LENGTH}\r\n`, [null]],
    ['an extra line end', `+CMGL: 1,0,,${HELLO_LENGTH}\r\n\r\n\r\n${HELLO}\r\n`, [HELLO]],
    ['lower case', `+CMGL: 1,0,,${HELLO_LENGTH}\r\n${HELLO.toLowerCase()}\r\n`, [HELLO]],
    ['a broken PDU', `+CMGL: 1,0,,${HELLO_LENGTH}\r\n0791~~77\r\n`, ['0791~~77']],
  ])('%s', async (_name, body, expected) => {
    const { channel } = await open({ 'AT+CMGL=4': `\r\n${body}\r\nOK\r\n` });
    expect(pdus(await channel.send(CMGL))).toEqual(expected);
  });
});

describe('falling out of step', () => {
  test('a late answer does not shift the following ones', async () => {
    const first = `${HELLO.slice(0, -2)}11`;
    const second = `${HELLO.slice(0, -2)}22`;
    const { line, channel, faults } = await open({ 'AT+CMGR=2': `\r\n+CMGR: 0,,${HELLO_LENGTH}\r\n${second}\r\n\r\nOK\r\n` });
    const late = channel.send(CMGR(1));
    const next = channel.send(CMGR(2));
    expect(await late).toEqual({ ok: false, kind: 'timeout', lines: [] });
    line.say(`\r\n+CMGR: 0,,${HELLO_LENGTH}\r\n${first}\r\n\r\nOK\r\n`);
    expect(pdus(await next)).toEqual([second]);
    expect(faults).toEqual(['AT+CMGR: no answer']);
    const probes = line.written.slice(line.written.indexOf('AT+CMGR=1\r') + 1);
    expect(probes).toEqual(['\u001b\r', 'AT\r', 'AT+CMGR=2\r']);
  });

  test('two answers to the probe mean another probe', async () => {
    const { line, channel } = await open({
      AT: ['\r\nOK\r\n', '\r\nOK\r\n\r\nOK\r\n', '\r\nOK\r\n'],
      'AT+CIMI': '\r\n001010000000001\r\nOK\r\n',
    });
    await channel.send(CSQ);
    expect(texts(await channel.send(CIMI))).toEqual(['001010000000001']);
    const tail = line.written.slice(line.written.indexOf('AT+CSQ\r') + 1);
    expect(tail).toEqual(['\u001b\r', 'AT\r', 'AT\r', 'AT+CIMI\r']);
  });

  test('a modem that answers no more is given up, and everything waiting is told', async () => {
    const { line, channel, deaths } = await open({});
    line.deaf = true;
    const results = await Promise.all([channel.send(CSQ), channel.send(CIMI)]);
    expect(results).toEqual([
      { ok: false, kind: 'timeout', lines: [] },
      { ok: false, kind: 'closed' },
    ]);
    expect(deaths).toEqual(['the modem does not answer']);
    expect(line.closed).toBe(true);
  });

  test('three commands unanswered in a row end the dialogue although AT is answered', async () => {
    const { channel, deaths } = await open({});
    for (let i = 0; i < 3; i++) await channel.send(CSQ);
    expect(deaths).toEqual(['3 commands in a row were not answered']);
  });

  test('a restart fails the running command at once', async () => {
    const { channel } = await open({});
    const answer = channel.send({ ...CSQ, timeoutMs: 60_000 });
    channel.abort();
    expect(await answer).toEqual({ ok: false, kind: 'timeout', lines: [] });
  });

  test('a hang-up fails what is running and what comes, and is told once', async () => {
    const { line, channel, deaths } = await open({});
    const answer = channel.send(CSQ);
    line.fail('gone');
    line.fail('gone');
    expect(await answer).toEqual({ ok: false, kind: 'closed' });
    expect(await channel.send(CSQ)).toEqual({ ok: false, kind: 'closed' });
    expect(deaths).toEqual(['gone']);
  });

  test('garbage at opening does not keep a modem from being found', async () => {
    const line = new TableLine({});
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const channel = new AtChannel(line, systemClock, { urc() {}, echo() {}, fault() {}, dead() {} }, QUICK);
    void channel.handshake().then(resolve);
    line.say('\u0000\u00ff\u0001> ');
    line.say('\r\n+CMGS: 3\r\nERROR\r\nOK\r\n');
    expect(await promise).toBe(true);
  });

  test('a prompt of a predecessor is left by ESC', async () => {
    const { line } = await open({});
    line.say('\r\n> ');
    await until('escaped', () => line.written.includes('\u001b'));
  });
});
