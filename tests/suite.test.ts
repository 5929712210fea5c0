/** The way the test files are run must be able to fail: it is shown small suites that fail in each way, and has to say so. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ALONE, findTestFiles, planShards, readReport, runShards, type SuiteOutcome, workersFor } from './support/suite.ts';
import { root } from './support/tools.ts';

const base = mkdtempSync(join(tmpdir(), 'smspin-suite-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const passing = (name: string): string => `import { test } from 'bun:test';\n\ntest('${name}', () => {});\n`;
const failing = (title: string): string => `import { expect, test } from 'bun:test';\n\ntest(${title}, () => expect(1).toBe(2));\n`;

async function runSuite(files: Record<string, string>, alone: string[] = [], timeoutMs = 5_000): Promise<SuiteOutcome> {
  const folder = mkdtempSync(join(base, 'project-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const shards = planShards(findTestFiles(folder, 'tests'), alone, 2);
  const artifacts = join(folder, 'artifacts');
  return await runShards(shards, { root: folder, artifacts, timeoutMs, shardTimeoutMs: 20_000, isSilent: true });
}

describe('the shards', () => {
  test('hold every test file of the project exactly once', () => {
    const tree = [...new Bun.Glob('tests/**/*').scanSync({ cwd: root })];
    const files = tree.filter((path) => /[._](test|spec)\.[cm]?[jt]sx?$/.test(path)).sort();
    const shards = planShards(findTestFiles(root, 'tests'), ALONE, 2);
    expect(files.length).toBeGreaterThan(150);
    expect(shards.flatMap((shard) => shard.files).sort()).toEqual(files);
  });

  test('name the files that run alone, and only those that are there', () => {
    expect(planShards(['a', 'b', 'c'], ['b'], 3)).toEqual([
      { name: 'beside', files: ['a', 'c'], workers: 3 },
      { name: 'alone', files: ['b'], workers: 1 },
    ]);
    expect(() => planShards(['a'], ['gone'], 2)).toThrow('gone');
  });

  test('are as many as the cores, within bounds', () => expect([1, 2, 3, 4, 64].map(workersFor)).toEqual([2, 2, 3, 4, 4]));
});

describe('a run', () => {
  test('counts what passed in all shards, and names what could not be checked', async () => {
    const files = {
      'tests/a.test.ts': passing('a'),
      'tests/b.test.ts': passing('SKIPPED: no corpus'),
      'tests/deep/c.test.tsx': passing('c'),
    };
    expect(await runSuite(files, ['tests/a.test.ts'])).toEqual({
      passed: 3,
      failures: [],
      unchecked: ['tests/b.test.ts: SKIPPED: no corpus'],
    });
  });

  test.each([
    ['beside others', []],
    ['alone', ['tests/b.test.ts']],
  ] as const)('fails by a file that fails %s', async (_how, alone) => {
    const files = { 'tests/a.test.ts': passing('a'), 'tests/b.test.ts': failing(`'<b> & "c"'`), 'tests/c.test.ts': passing('c') };
    expect(await runSuite(files, [...alone])).toEqual({ passed: 2, failures: ['tests/b.test.ts: <b> & "c"'], unchecked: [] });
  });

  test.each([
    ['does not load', "throw new Error('as intended');\n", 'tests/b.test.ts: ran no test'],
    ['has no test', 'export const nothing = 1;\n', 'tests/b.test.ts: ran no test'],
    ['ends the process', "import { test } from 'bun:test';\n\ntest('b', () => process.exit(0));\n", 'tests/b.test.ts: (worker crashed)'],
    ['skips', "import { test } from 'bun:test';\n\ntest['skip']('b', () => {});\n", 'tests/b.test.ts: b (skipped: it proves nothing)'],
    ['hangs', "import { test } from 'bun:test';\n\ntest('b', () => new Promise(() => {}));\n", 'tests/b.test.ts: b'],
  ])('fails by a file that %s', async (_what, text, failure) => {
    const outcome = await runSuite({ 'tests/a.test.ts': passing('a'), 'tests/b.test.ts': text }, [], 300);
    expect(outcome).toEqual({ passed: 1, failures: [failure], unchecked: [] });
  });

  test('fails by an error that no test is told to have made', async () => {
    const late =
      "import { afterAll, test } from 'bun:test';\n\ntest('b', () => {});\nafterAll(() => {\n  throw new Error('as intended');\n});\n";
    const { passed, failures } = await runSuite({ 'tests/a.test.ts': passing('a'), 'tests/b.test.ts': late });
    expect([passed, failures.length]).toEqual([2, 1]);
  });

  test('of nothing fails', async () => {
    expect((await runSuite({})).failures).toEqual(['no test file was found']);
    expect(readReport('', ['tests/a.test.ts']).failures).toEqual(['tests/a.test.ts: ran no test']);
  });
});
