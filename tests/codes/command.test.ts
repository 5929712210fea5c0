import { describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codesCommand } from '../../src/cli/codes.ts';
import { loadConfig } from '../../src/config.ts';

async function run(args: string[], stdin = '', env: Record<string, string> = {}): Promise<{ exit: number; out: string[]; err: string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const input = (async function* () {
    yield new TextEncoder().encode(stdin);
  })();
  const exit = await codesCommand(args, loadConfig(null, env, '/nonexistent'), {
    stdin: input,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  });
  return { exit, out, err };
}

describe('smspin codes explain', () => {
  test('prints one JSON object', async () => {
    const { exit, out } = await run(['explain', '--service', 'Telegram', '--sender', 'Telegram', '--json'], 'Telegram code 48213\n');
    expect(exit).toBe(0);
    expect(JSON.parse(out.join(''))).toMatchObject({ verdict: 'accept', code: '48213', service: 'telegram', rule: 'sender' });
  });
  test('prints lines for people, with nothing a terminal would act on', async () => {
    const { exit, out } = await run(['explain'], '\u001b[2JYour code is 482913');
    expect(exit).toBe(0);
    expect(out.join('\n')).toContain('code: 482913');
    expect(out.join('\n')).not.toContain('\u001b');
  });
  test('refuses the kinds that the server refuses, and says which those are', async () => {
    const bank = ['HSBC: your secure code is 482135', { SMSPIN_ACCESS_ALLOW: 'bank' }] as const;
    const refused = await run(['explain', '--json'], bank[0]);
    expect(JSON.parse(refused.out.join(''))).toMatchObject({
      ...{ verdict: 'reject', code: null, rule: 'denied:bank' },
      denied: ['bank', 'payment', 'government', 'health', 'insurance'],
    });
    const allowed = await run(['explain'], ...bank);
    expect(allowed.out).toContain('code: 482135');
    expect(allowed.out).toContain('denied kinds, by [access] allow: payment, government, health, insurance');
  });
});

describe('smspin codes evaluate', () => {
  test('prints a line for each row, goes on after a damaged one and says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'smspin-codes-'));
    const file = join(folder, 'rows.jsonl');
    const rows = [
      '{"id":"a","text":"Your Acme code: 482913","service":"Acme","sender":null}',
      'nonsense',
      '',
      '{"id":"b","text":"Hi","service":null}',
    ];
    writeFileSync(file, rows.join('\n'));
    const { exit, out, err } = await run(['evaluate', file]);
    rmSync(folder, { recursive: true });
    expect(out).toEqual(['{"id":"a","verdict":"accept","code":"482913"}', '{"id":"b","verdict":"reject","code":null}']);
    expect([exit, err.length]).toEqual([1, 1]);
    expect(err[0]).toContain('line 2');
  });
  test('a byte order mark costs no row, and a row without a text is rejected by its id', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'smspin-codes-'));
    const file = join(folder, 'rows.jsonl');
    writeFileSync(file, '\uFEFF{"id":"a","text":"Your code: 482913"}\r\n{"id":"b"}\n{"id":"c","text":7}\n[]\n');
    const { exit, out, err } = await run(['evaluate', file]);
    rmSync(folder, { recursive: true });
    expect(out).toEqual([
      '{"id":"a","verdict":"accept","code":"482913"}',
      '{"id":"b","verdict":"reject","code":null}',
      '{"id":"c","verdict":"reject","code":null}',
    ]);
    expect([exit, err.map((line) => /line \d/.exec(line)?.[0])]).toEqual([1, ['line 2', 'line 3', 'line 4']]);
  });
  test('a missing file is told', async () => {
    const { exit, err } = await run(['evaluate', '/nonexistent/rows.jsonl']);
    expect([exit, err.join('').includes('/nonexistent/rows.jsonl')]).toEqual([1, true]);
  });
});

test.each([
  [[]],
  [['judge']],
  [['explain', '--service']],
  [['explain', '-x']],
  [['evaluate']],
  [['evaluate', 'a', 'b']],
  [['explain', '--service', '!']],
])('%j is refused with the usage', async (args) => {
  const { exit, out, err } = await run(args);
  expect([exit, out]).toEqual([2, []]);
  expect(err.join('\n')).toContain('usage: smspin codes explain');
});
