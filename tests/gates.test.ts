/** The gates must be able to fail: each is shown a bad file in a small copy of the project and has to refuse it, and a good one to let pass. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { complaintsAbout } from './support/tidy.ts';
import { gates, type Ran, root, run } from './support/tools.ts';

let base = '';
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'smspin-gates-'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** A folder with the configuration of this project and the given files. */
function projectOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(base, 'project-'));
  for (const name of ['biome.json', 'tsconfig.json']) cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const gate = (name: keyof typeof gates, files: Record<string, string>): Promise<Ran> => run(gates[name](), { cwd: projectOf(files) });

const use = (specifier: string): string => `import { thing } from '${specifier}';\n\nexport const used = thing;\n`;
const thing = 'export const thing = 1;\n';

describe('the linter', () => {
  test('lets a well-formed tree pass', async () => {
    const { code, stderr } = await gate('lint', {
      'src/lib/a.ts': thing,
      'src/gsm/a.ts': use('../lib/a.ts'),
      'src/gsm/tables/a.ts': use('../../lib/a.ts'),
      'src/gsm/tables/b.ts': use('../a.ts'),
      'src/modem/virtual/a.ts': use('../../gsm/a.ts'),
      'src/modem/virtual/b.ts': use('../serial.ts'),
      'src/modem/serial.ts': thing,
      'src/ledger/a.ts': use('../db/a.ts'),
      'src/db/a.ts': use('../lib/a.ts'),
      'src/orders/a.ts': use('../ledger/a.ts'),
      'src/orders/b.ts': use('../../views/orders/card.ts'),
      'src/app.ts': use('./orders/a.ts'),
      'src/cli/a.ts': use('../app.ts'),
      'src/main.ts': use('./cli/a.ts'),
      'src/config.ts': "export const port = process.env['PORT'];\n",
      'views/orders/card.ts': use('../../src/codes/a.ts'),
      'src/codes/a.ts': use('../lib/a.ts'),
    });
    expect(stderr).toStartWith('Checked 19 files');
    expect(code).toBe(0);
  });

  test.each([
    ['src/lib/bad.ts', use('../db/a.ts')],
    ['src/gsm/bad.ts', use('../modem/a.ts')],
    ['src/gsm/bad.ts', "import type { Thing } from '../orders/a.ts';\n\nexport type Used = Thing;\n"],
    ['src/gsm/tables/bad.ts', use('../../db/a.ts')],
    ['src/codes/bad.ts', use('../orders/a.ts')],
    ['src/db/bad.ts', use('../ledger/a.ts')],
    ['src/modem/bad.ts', use('../db/a.ts')],
    ['src/modem/virtual/bad.ts', use('../../messages/a.ts')],
    ['src/ledger/bad.ts', use('../orders/a.ts')],
    ['src/orders/bad.ts', use('../app.ts')],
    ['src/orders/bad.ts', use('../cli/a.ts')],
    ['src/orders/bad.ts', use('../main.ts')],
    ['src/cli/bad.ts', use('../main.ts')],
    ['views/bad.ts', use('../src/db/a.ts')],
    ['tests/bad.ts', use('../src/main.ts')],
  ])('refuses the wrong direction in %s: %j', async (path, text) => {
    const { code, stderr } = await gate('lint', { [path]: text });
    expect(stderr).toContain('noRestrictedImports');
    expect(code).not.toBe(0);
  });

  test.each([
    [
      'noImportCycles',
      { 'src/orders/a.ts': use('./b.ts'), 'src/orders/b.ts': `import { used } from './a.ts';\n\nexport const thing = () => used;\n` },
    ],
    ['noExplicitAny', { 'src/orders/a.ts': 'export const thing = (value: any): unknown => value;\n' }],
    [
      'noFloatingPromises',
      { 'src/orders/a.ts': 'const wait = async (): Promise<void> => {};\nexport const thing = (): void => {\n  wait();\n};\n' },
    ],
    ['noUnusedImports', { 'src/orders/a.ts': "import { thing } from './b.ts';\n", 'src/orders/b.ts': thing }],
    ['noProcessEnv', { 'src/orders/a.ts': "export const thing = process.env['PORT'];\n" }],
    ['organizeImports', { 'src/orders/a.ts': "import { z } from './z.ts';\nimport { b } from './b.ts';\n\nexport const used = [b, z];\n" }],
    ['format', { 'src/orders/a.ts': 'export const thing = "double quotes"\n' }],
  ])('refuses by %s', async (rule, files) => {
    const { code, stderr } = await gate('lint', files);
    expect(stderr).toContain(rule);
    expect(code).not.toBe(0);
  });
});

describe('the compiler', () => {
  test('lets a sound file pass and refuses unsound ones', async () => {
    expect(await gate('types', { 'src/orders/a.ts': 'export const thing: number = 1;\n' })).toEqual({ code: 0, stdout: '', stderr: '' });
    const { code, stdout } = await gate('types', {
      'src/orders/a.ts': "export const thing: number = 'one';\n",
      'src/orders/b.ts': 'export const first = (all: string[]): string => all[0];\n',
    });
    expect(stdout).toContain('src/orders/a.ts(1,14)');
    expect(stdout).toContain('src/orders/b.ts(1,');
    expect(code).not.toBe(0);
  });
});

describe('the scan for unescaped children', () => {
  const view = (body: string): string =>
    `import { Html } from '@elysiajs/html';\n\nexport const Thing = ({ hostile, is }: { hostile: string; is: boolean }): JSX.Element => (\n  ${body}\n);\n`;
  const views = (bodies: string[]): Record<string, string> =>
    Object.fromEntries(bodies.map((body, index) => [`views/${index}.tsx`, view(body)]));

  test('refuses each way to let hostile text through', async () => {
    const bodies = [
      '<p>{hostile}</p>',
      '<p>Sent by {hostile.trim()}</p>',
      '<p>{is ? hostile : "none"}</p>',
      '<p>{is ? "none" : hostile}</p>',
      '<p>{is && (is ? hostile : <b />)}</p>',
      '<p>{[1].map(() => hostile)}</p>',
      '<>{hostile}</>',
    ];
    const { code, stdout, stderr } = await gate('escaping', views(bodies));
    expect([...stderr.matchAll(/^views\/\d\.tsx:4:/gm)].map(String)).toEqual(bodies.map((_, index) => `views/${index}.tsx:4:`));
    expect(stdout).toBe('7 unescaped places in 7 files\n');
    expect(code).toBe(1);
  });

  test('lets escaped text pass', async () => {
    const bodies = [
      '<p safe>{hostile}</p>',
      '<p>{is ? <b safe>{hostile}</b> : "none"}</p>',
      '<p>{Html.escapeHtml(hostile)}</p>',
      '<p title={hostile}>{1}</p>',
      '<p>{[hostile].map((text) => <b safe>{text}</b>)}</p>',
    ];
    expect(await gate('escaping', views(bodies))).toEqual({ code: 0, stdout: '0 unescaped places in 5 files\n', stderr: '' });
  });

  test('a child whose type is unknown is refused', async () => {
    const text =
      "import { Html } from '@elysiajs/html';\nimport { nobody } from './nowhere.ts';\n\nexport const A = () => <p>{nobody}</p>;\n";
    const { code, stdout } = await gate('escaping', { 'views/a.tsx': text });
    expect(stdout).toBe('1 unescaped places in 1 files\n');
    expect(code).toBe(1);
  });

  test('a scan of nothing is no pass', async () => {
    const { code, stderr } = await gate('escaping', { 'views/a.ts': thing });
    expect(stderr).toContain('the scan proves nothing');
    expect(code).toBe(1);
  });
});

describe('the rules of the house', () => {
  test.each([
    ['src/orders/a.ts', use('../catalogue/a.ts')],
    ['src/orders/routes.tsx', use('elysia')],
    ['src/messages/a.ts', "import type { Thing } from '../modem/source.ts';\n"],
    ['src/ledger/routes.tsx', use('../accounts/guard.ts')],
    ['src/accounts/guard.ts', use('elysia')],
    ['src/modem/serial.ts', use('bun:ffi')],
    ['views/a.tsx', "import { type Thing } from '../src/orders/a.ts';\n"],
    ['src/config.ts', "export const port = process.env['PORT'];\n"],
    ['src/lib/a.ts', 'x\n'.repeat(300)],
    ['src/gsm/alphabet.ts', 'x\n'.repeat(900)],
  ])('let %s pass: %j', (path, text) => expect(complaintsAbout(path, text)).toEqual([]));

  test.each([
    ['src/orders/a.ts', use('elysia'), 'only routes.tsx'],
    ['src/orders/a.ts', "const app = await import('elysia');\n", 'only routes.tsx'],
    ['src/orders/a.ts', use('bun:ffi'), 'only modem/'],
    ['views/a.tsx', use('bun:sqlite'), 'no database'],
    ['src/mail/courier.ts', use('nodemailer'), 'only mail/transport.ts'],
    ['src/messages/a.ts', use('../modem/source.ts'), 'messages may not import modem except as a type'],
    ['src/messages/a.ts', use('../config.ts'), 'messages may not import config except as a type'],
    ['src/ledger/a.ts', use('../accounts/guard.ts'), 'ledger may not import accounts'],
    ['src/http/a.ts', use('../app.ts'), 'http may not import app'],
    ['src/modem/a.ts', "export { thing } from '../db/a.ts';\n", 'modem may not import db'],
    ['src/modem/a.ts', "const { thing } = require('../db/a.ts');\n", 'modem may not import db'],
    ['src/gsm/a.ts', "export type Used = import('../db/a.ts').Thing;\n", 'gsm may not import db'],
    ['views/a.tsx', use('../src/orders/a.ts'), 'views may not import orders except as a type'],
    ['src/orders/a.ts', use('../../tests/a.ts'), 'orders may not import tests'],
    ['src/cellar/a.ts', thing, 'a room without an entry'],
    ['src/orders/a.ts', 'export const port = Bun.env.PORT;\n', 'read the environment'],
    ['src/orders/a.ts', 'x\n'.repeat(301), '301 lines'],
    ['src/orders/a.ts', '// @ts-ignore\n', 'no suppressions'],
    ['src/orders/a.ts', '// biome-ignore lint/suspicious/noExplicitAny: quick\n', 'no suppressions'],
    ['tests/a.test.ts', "test.skip('later', () => {});\n", 'every test runs'],
    ['tests/a.test.ts', "describe.only('this', () => {});\n", 'every test runs'],
    ['tests/a.test.ts', "test.skipIf(true)('later', () => {});\n", 'every test runs'],
    ['docs/a.md', 'see /home/somebody/notes\n', 'one particular machine'],
    ['static/live.js', "import 'https://cdn.jsdelivr.net/npm/x';\n", 'third-party'],
    ['bun.lock', '"x": ["x@1", "https://registry.example/x"],\n', 'names no registry'],
  ])('refuse in %s: %j', (path, text, complaint) => {
    const complaints = complaintsAbout(path, text);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(complaint);
  });
});
