import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { encodeSeptets } from '../../src/gsm/alphabet.ts';
import type { AtResult } from '../../src/modem/at/channel.ts';
import { parseUrc } from '../../src/modem/at/urc.ts';
import { forgetfulMemory } from '../../src/modem/memory.ts';
import data from '../../src/modem/sim/carriers.json' with { type: 'json' };
import { carrierOfImsi, numberInAnswer } from '../../src/modem/sim/carriers.ts';
import { type AskNumberDeps, askNumberByUssd, type UssdAnswer, UssdAnswers, type UssdForm } from '../../src/modem/sim/ussd.ts';
import { decodeUssd, packUssd } from '../../src/modem/sim/ussd-text.ts';
import { TestClock } from '../support/house.ts';

const NUMBER = '+447700900123';
const ICCID = '8944010000000000001';
const GB = '234150000000001';

const ucs2Hex = (text: string) => Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase();

describe('+CUSD: as modems say it', () => {
  test.each<[string, Omit<UssdAnswer, 'kind'>]>([
    ['+CUSD: 0,"Your number is 07700 900123",15', { status: 0, text: 'Your number is 07700 900123', dcs: 15 }],
    ['+CUSD: 2', { status: 2, text: null, dcs: null }],
    ['+CUSD:1,"1. Balance, 2. "Offers"",15', { status: 1, text: '1. Balance, 2. "Offers"', dcs: 15 }],
    ['+CUSD: 0,"first\nsecond",0', { status: 0, text: 'first\nsecond', dcs: 0 }],
    ['+CUSD: 0,"00480069",72', { status: 0, text: '00480069', dcs: 72 }],
    ['+CUSD: 0,"text"', { status: 0, text: 'text', dcs: null }],
    ['+CUSD: 0,AA180C3602,15', { status: 0, text: 'AA180C3602', dcs: 15 }],
    ['+CUSD: 0,"",15', { status: 0, text: null, dcs: 15 }],
    ['+CUSD: 0,"never closed', { status: 0, text: 'never closed', dcs: null }],
    ['+CUSD:', { status: null, text: null, dcs: null }],
  ])('%j', (line, expected) => {
    expect(parseUrc(line, null)).toEqual({ kind: 'ussd', ...expected });
  });
});

describe('the text of an answer', () => {
  test.each<[string, string, number | null, boolean, string]>([
    ['plain', 'Your number is 447700900123', 15, false, 'Your number is 447700900123'],
    ['a number alone, which looks like hex', '447700900123', 15, false, '447700900123'],
    ['packed, by a modem that wants hex', 'AA180C3602', 15, true, '*100#'],
    ['packed, by one that does not', packUssd('Hello 447700900123') ?? '', 0, false, 'Hello 447700900123'],
    ['one octet a character', Buffer.from('Number: 447700900123').toString('hex'), 15, false, 'Number: 447700900123'],
    ['8-bit by its scheme', Buffer.from('Nº 12', 'latin1').toString('hex'), 68, false, 'Nº 12'],
    ['UCS2', ucs2Hex('Ваш номер 447700900123'), 72, false, 'Ваш номер 447700900123'],
    ['UCS2 of nothing but digits', ucs2Hex('447700900123'), 72, false, '447700900123'],
    ['UCS2 with a language before it', `656E${ucs2Hex('Hi 447700900123')}`, 17, false, 'Hi 447700900123'],
    ['UCS2 of a modem whose scheme says otherwise', ucs2Hex('Number 447700900123'), 15, false, 'Number 447700900123'],
    ['UCS2 that the modem has turned into text', 'Number 1', 72, false, 'Number 1'],
    ['hex cut into lines', '004800690020\n00340034', 72, false, 'Hi 44'],
  ])('%s', (_name, text, dcs, packed, expected) => {
    expect(decodeUssd(text, dcs, packed)).toBe(expected);
  });

  test('what is packed is unpacked, whatever its length: no filling is left', () => {
    const character = fc.constantFrom(...'abcXYZ0123456789*#+ .:');
    fc.assert(
      fc.property(fc.array(character, { minLength: 1, maxLength: 40 }), (characters) => {
        const text = `x${characters.join('')}x`;
        const hex = packUssd(text) ?? '';
        expect(hex.length / 2).toBe(Math.ceil((((encodeSeptets(text) ?? []).flat().length + (text.length % 8 === 7 ? 1 : 0)) * 7) / 8));
        expect(decodeUssd(hex, 15, true)).toBe(text);
      }),
    );
  });
});

describe('the carriers', () => {
  test('each network has one code, from a source that is named', () => {
    const networks = data.carriers.flatMap((carrier) => carrier.networks);
    expect(new Set(networks).size).toBe(networks.length);
    for (const { code, networks: own, source, number } of data.carriers) {
      expect(code).toMatch(/^\*[*#\d]*\d#$/);
      for (const network of own) expect(network).toMatch(/^\d{5,6}$/);
      expect(Object.keys(data.sources)).toContain(source);
      expect(() => new RegExp(number)).not.toThrow();
    }
  });

  test('the IMSI tells the carrier', () => {
    expect(carrierOfImsi(GB)?.code).toBe('*#100#');
    expect(carrierOfImsi('23415')?.name).toBe('Vodafone GB');
    expect([carrierOfImsi('234100000000000'), carrierOfImsi(null)]).toEqual([null, null]);
  });

  test.each<[string, string | null]>([
    ['Your number is 447700900123.', NUMBER],
    ['Your number: +44 7700 900123', NUMBER],
    ['07700 900-123 is your number', NUMBER],
    ['+44 (0)7700 900123', NUMBER],
    ['00447700900123', NUMBER],
    ['Number 07700900123, balance 5.00, call 191 or 07700900123', NUMBER],
    ['07700900123 or 07700900124', null],
    ['Balance 12.50, valid until 01.01.2027, ref 123456789012345', null],
    ['Dial *07700900123# to order', null],
    ['020 7946 0123', null],
    ['', null],
  ])('the number in %j is %p', (text, expected) => {
    const carrier = carrierOfImsi(GB);
    if (carrier === null) throw new Error('the carrier is gone');
    expect(numberInAnswer(carrier, text)).toBe(expected);
  });
});

describe('asking', () => {
  const OK: AtResult = { ok: true, lines: [] };
  const ERROR: AtResult = { ok: false, kind: 'error', code: 100, text: '+CME ERROR: 100' };
  const said = (status: number | null, text: string | null, dcs: number | null = 15): UssdAnswer => ({ kind: 'ussd', status, text, dcs });

  function setUp(answer: (command: string, answers: UssdAnswers) => AtResult | null, changes: Partial<AskNumberDeps> = {}) {
    const clock = new TestClock();
    const memory = forgetfulMemory(clock.nowMs);
    const answers = new UssdAnswers();
    const sent: string[] = [];
    const forms = new Map<string, UssdForm>();
    const deps: AskNumberDeps = { imsi: GB, iccid: ICCID, memory, clock, forms, model: 'M', demanded: false, withinMs: 300, ...changes };
    const send = async ({ text }: { text: string }) => {
      sent.push(text);
      return answer(text, answers);
    };
    return {
      clock,
      memory,
      sent,
      forms,
      answers,
      ask: (more: Partial<AskNumberDeps> = {}) => askNumberByUssd(send, answers, { ...deps, ...more }),
    };
  }

  /** The network answers after OK. */
  const later =
    (...given: UssdAnswer[]) =>
    (command: string, answers: UssdAnswers): AtResult => {
      if (command.startsWith('AT+CUSD=1')) setImmediate(() => given.forEach((one) => void answers.add(one)));
      return OK;
    };

  test('the number is found, kept with its source, and not asked for again within a day unless demanded', async () => {
    const { ask, sent, memory, clock } = setUp(later(said(0, 'Your number is 07700900123')));
    expect(await ask()).toEqual({ ok: true, number: { number: NUMBER, source: 'ussd' } });
    expect(sent).toEqual(['AT+CUSD=1,"*#100#",15']);
    expect(memory.learnedNumber(ICCID)).toEqual({ number: NUMBER, source: 'ussd' });
    expect(memory.ussdAskedAtMs(ICCID)).toBe(clock.nowMs());
    clock.pass(86_000_000);
    expect(await ask()).toMatchObject({ ok: false, detail: 'the carrier was asked less than a day ago' });
    expect(sent.length).toBe(1);
    expect(await ask({ demanded: true })).toMatchObject({ ok: true });
    clock.pass(86_400_000);
    expect(await ask()).toMatchObject({ ok: true });
    expect(sent.length).toBe(3);
  });

  test('it is written down before it is sent', async () => {
    const { ask, sent } = setUp(later(), {
      memory: { ...forgetfulMemory(() => 0), ussdAsked: () => Promise.reject(new Error('the disk is full')) },
    });
    await expect(ask()).rejects.toThrow('the disk is full');
    expect(sent).toEqual([]);
  });

  test('an answer before OK counts, one from before the request does not', async () => {
    const { ask, answers } = setUp((_command, heard) => {
      heard.add(said(0, '447700900123'));
      return OK;
    });
    answers.add(said(0, '447700900999'));
    expect(await ask()).toMatchObject({ ok: true, number: { number: NUMBER } });
  });

  test('a modem that wants packed hex is known the next time', async () => {
    const { ask, sent, forms } = setUp((command, heard) => {
      if (command.includes('*')) return ERROR;
      heard.add(said(0, packUssd('Number 07700900123')));
      return OK;
    });
    expect(await ask()).toMatchObject({ ok: true, number: { number: NUMBER } });
    expect(await ask({ demanded: true })).toMatchObject({ ok: true });
    expect(sent).toEqual(['AT+CUSD=1,"*#100#",15', `AT+CUSD=1,"${packUssd('*#100#')}",15`, `AT+CUSD=1,"${packUssd('*#100#')}",15`]);
    expect([...forms]).toEqual([['M', 'packed']]);
  });

  test('several answers are one', async () => {
    const { ask } = setUp(later(said(0, null), said(0, 'One moment, please.'), said(0, ucs2Hex('Ваш номер 07700900123'), 72)));
    expect(await ask()).toMatchObject({ ok: true, number: { number: NUMBER } });
  });

  test('a session left open is ended, and a menu never answered', async () => {
    const open = setUp(later(said(1, 'Your number is 07700900123. 1: more')));
    expect(await open.ask()).toMatchObject({ ok: true, number: { number: NUMBER } });
    expect(open.sent.slice(1)).toEqual(['AT+CUSD=2']);
    const menu = setUp(later(said(1, '1: Offers 2: Balance')));
    expect(await menu.ask()).toMatchObject({ ok: false, detail: expect.stringContaining('holds no number') });
    expect(menu.sent.slice(1)).toEqual(['AT+CUSD=2']);
  });

  test.each<[string, UssdAnswer[], RegExp]>([
    ['the network does not support it', [said(4, null)], /does not support/],
    ['the network took too long', [said(5, null)], /did not answer in its time/],
    ['another program answered', [said(3, null)], /another program/],
    ['the network ended it', [said(2, null)], /without an answer/],
    ['no answer comes', [], /no answer came within/],
    ['the answer holds no number', [said(2, 'Balance 5.00')], /holds no number/],
  ])('nothing is learned when %s', async (_name, given, detail) => {
    const { ask, memory } = setUp(later(...given));
    expect(await ask()).toMatchObject({ ok: false, detail: expect.stringMatching(detail) });
    expect(memory.learnedNumber(ICCID)).toBeNull();
  });

  test('an unanswered request is ended', async () => {
    const { ask, sent } = setUp(later(), { withinMs: 5 });
    await ask();
    expect(sent).toEqual(['AT+CUSD=1,"*#100#",15', 'AT+CUSD=2']);
  });

  test.each<[string, AtResult | null, RegExp]>([
    ['refuses', ERROR, /refuses USSD/],
    ['does not answer', { ok: false, kind: 'timeout', lines: [] }, /did not answer/],
    ['is gone', null, /not there any more/],
  ])('a modem that %s', async (_name, result, detail) => {
    const { ask, sent } = setUp(() => result);
    expect(await ask()).toMatchObject({ ok: false, detail: expect.stringMatching(detail) });
    expect(sent.length).toBe(result?.ok === false && result.kind === 'error' ? 2 : 1);
  });

  test('an unknown carrier is never sent anything', async () => {
    const { ask, sent, memory } = setUp(later(), { imsi: '310260000000000' });
    expect(await ask({ demanded: true })).toMatchObject({ ok: false, detail: expect.stringContaining('MCC 310') });
    expect([sent, memory.ussdAskedAtMs(ICCID)]).toEqual([[], null]);
  });
});
