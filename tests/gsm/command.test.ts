import { describe, expect, test } from 'bun:test';
import { pduDecode } from '../../src/cli/pdu.ts';
import { encodeDeliver } from '../../src/gsm/encode.ts';

async function run(args: string[], chunks: readonly Uint8Array[]): Promise<{ exit: number; out: string[]; err: string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const input = (async function* () {
    yield* chunks;
  })();
  const exit = await pduDecode(args, { stdin: input, out: (line) => out.push(line), err: (line) => err.push(line) });
  return { exit, out, err };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const atMs = Date.UTC(2026, 10, 22, 20, 16, 57);
const [{ pdu, length } = { pdu: '', length: 0 }] = encodeDeliver({ sender: 'Acme', text: 'Your code is 482913', atMs, zoneMinutes: 60 });

describe('smspin pdu decode', () => {
  test('--json prints an object for every line, damaged and blank ones with an error', async () => {
    const { exit, out } = await run(
      ['decode', '--json'],
      [bytes(`${pdu}\r\n\nnonsense\n`), bytes(pdu.slice(0, 20)), bytes(`${pdu.slice(20)}\n`)],
    );
    const rows = out.map((line): unknown => JSON.parse(line));
    const whole = {
      sender: 'Acme',
      text: 'Your code is 482913',
      scts: '2026-11-22T21:16:57+01:00',
      concat: null,
      coding: 'gsm7',
      type: 'deliver',
    };
    expect(exit).toBe(0);
    expect(rows).toMatchObject([
      whole,
      { error: 'pdu.hex at octet 0: empty' },
      { error: 'pdu.hex at octet 0: character 1 is no hex digit' },
      whole,
    ]);
    expect(rows[0]).not.toHaveProperty('error');
  });

  test('--json shows parts and 8 bit data', async () => {
    const long = encodeDeliver({ sender: '', text: 'a'.repeat(200), atMs, ref: 7 }).map((part) => part.pdu);
    const binary = '00040C914477000910320004621122026175000241FF';
    const { out } = await run(['decode', '--json'], [bytes([...long, binary].join('\n'))]);
    expect(out.map((line): unknown => JSON.parse(line))).toMatchObject([
      { sender: '', concat: { ref: 7, total: 2, seq: 1 } },
      { concat: { ref: 7, total: 2, seq: 2 } },
      { coding: '8bit', text: null, data: '41ff' },
    ]);
  });

  test('--json tells everything that was wrong, each with field and octet', async () => {
    const line = '00440C9144770009103200086211220261750' + '00A05000807020100480069';
    const { out } = await run(['decode', '--json'], [bytes(`${line}\n${pdu}\n${pdu.slice(0, -2)}`)]);
    const rows = out.map((row): { errors: object[]; error?: string } => JSON.parse(row));
    expect(rows.map(({ errors }) => errors)).toEqual([
      [{ field: 'deliver.user_data.header.element[1].length', octet: 22, message: '8 octets run over the end of the header, 3 left' }],
      [],
      [{ field: 'deliver.user_data', octet: 18, message: 'length 19 needs 17 octets, 16 there' }],
    ]);
    expect(rows.map(({ error }) => error)).toEqual([
      undefined,
      undefined,
      'deliver.user_data at octet 18: length 19 needs 17 octets, 16 there',
    ]);
  });

  test('--no-smsc reads bare TPDUs', async () => {
    const { out } = await run(['decode', '--no-smsc', '--json'], [bytes(pdu.slice(-2 * length))]);
    expect(JSON.parse(out.join(''))).toMatchObject({ sender: 'Acme', text: 'Your code is 482913' });
  });

  test('without --json it prints for people, with nothing a terminal would act on', async () => {
    const hostile = encodeDeliver({ sender: 'Acme', text: '\u001b[2Jж\n\u202Ex', atMs })[0]?.pdu ?? '';
    const { out } = await run(['decode'], [bytes(`${pdu}\n${hostile}\nzz\n`)]);
    expect(out).toEqual([
      '2026-11-22T21:16:57+01:00  Acme  Your code is 482913',
      '2026-11-22T20:16:57+00:00  Acme  \\u{1b}[2Jж\\n\\u{202e}x',
      'error: pdu.hex at octet 0: character 1 is no hex digit',
    ]);
  });

  test.each([[['decode', '--jsn']], [['encode']], [[]]])('%j is refused with the usage', async (args) => {
    const { exit, out, err } = await run(args, [bytes(pdu)]);
    expect([exit, out]).toEqual([2, []]);
    expect(err.join('\n')).toContain('usage: smspin pdu decode');
  });
});
