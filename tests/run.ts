/**
 * Everything that has to hold before a change lands: `bun run test`, or `bun run check` (`--static`) for the parts that need no running.
 * `--workers N`: how many test files run at a time (default: as many as there are cores, 2 to 4).
 * All steps run even when one failed, so that one run tells everything. The last line is `N passed, N failed`: the tests, and every other
 * step that failed counted as one failure, so that it never says `0 failed` with exit code 1.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium } from './support/chromium.ts';
import { ALONE, findTestFiles, planShards, runShards, workersFor } from './support/suite.ts';
import { findNode, findReaders, gates, root } from './support/tools.ts';

interface Outcome {
  passed: number;
  failed: number;
}

const { values: flags } = parseArgs({ options: { static: { type: 'boolean', default: false }, workers: { type: 'string' } } });
const onlyStatic = flags.static;
const workers = flags.workers === undefined ? workersFor() : Number(flags.workers);
if (!Number.isInteger(workers) || workers < 1)
  throw new Error(`--workers ${flags.workers}: give how many test files run at a time, 1 or more`);
const artifacts = resolve(root, 'tests/.artifacts');
const binary = resolve(artifacts, 'smspin');
/** Long enough for a busy machine to start a server and a browser; a test that asks for speed says so with a bound of its own. */
const TEST_MAX_MS = 60_000;
const TESTS_MAX_MS = 30 * 60_000;
/** Chromium, and fonts for Latin, Arabic, Hebrew and emoji, so that screenshots show what people see. */
const packages = ['chromium', 'fonts-dejavu-core', 'fonts-noto-core', 'fonts-noto-color-emoji'];
/** Other programs that read SMS from modems: they tell whether the virtual modems are like real ones. */
const readerPackages = ['gammu-smsd', 'smstools'];
/** The API client runs under Node too. */
const nodePackages = ['nodejs'];

/** Runs a command with its output going straight through; true when it ended with 0. */
async function succeeds(command: string[], options: { timeoutMs?: number; env?: Record<string, string> } = {}): Promise<boolean> {
  const child = Bun.spawn(command, {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    timeout: options.timeoutMs ?? 10 * 60_000,
    killSignal: 'SIGKILL',
  });
  return (await child.exited) === 0;
}

/** Beside the tests a gate that passes counts nothing: the last line counts tests. */
const gate = (passes: boolean): Outcome => ({ passed: passes && onlyStatic ? 1 : 0, failed: passes ? 0 : 1 });

async function prerequisites(): Promise<Outcome> {
  const missing = [
    ...(findChromium() === null && process.env['SMSPIN_CHROMIUM'] === undefined ? packages : []),
    ...(findReaders() === null ? readerPackages : []),
    ...(findNode() === null ? nodePackages : []),
  ];
  if (missing.length > 0 && canInstall()) await install(missing);
  const path = findChromium();
  if (path === null) {
    console.error('The browser tests drive a Chromium, and none was found. Install it (on Debian or Ubuntu, as root):\n');
    console.error(`  apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}\n`);
    console.error('or name another one: SMSPIN_CHROMIUM=/path/to/chrome');
    return gate(false);
  }
  console.log(path);
  const readers = findReaders();
  if (readers === null) {
    console.error(
      'The tests let other SMS programs read the virtual modems, and they were not found. Install them (on Debian, as root):\n',
    );
    console.error(`  apt-get update && apt-get install -y --no-install-recommends ${readerPackages.join(' ')}`);
    return gate(false);
  }
  console.log(`${readers.gammu}\n${readers.smstools}`);
  const node = findNode();
  if (node === null) {
    console.error('The API client is tested under Node 20 or newer too, and none was found: https://nodejs.org, or the package nodejs.');
    return gate(false);
  }
  console.log(node);
  return gate(true);
}

function canInstall(): boolean {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0;
}

async function install(missing: readonly string[]): Promise<void> {
  // A run level without services: none of the programs shall run by itself and reach for a modem.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  if (!(await succeeds(['apt-get', 'update', '-q'], { env }))) return;
  await succeeds(['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...missing], { env });
}

/** The executable that some tests start: built once for all of them, as their processes would get in each other's way. */
async function executable(): Promise<Outcome> {
  const built = await succeeds([process.execPath, resolve(root, 'src/build.ts'), '--outfile', binary]);
  if (built) process.env['SMSPIN_TEST_BINARY'] = binary;
  return gate(built);
}

async function tests(): Promise<Outcome> {
  const files = findTestFiles(root, 'tests');
  const shards = planShards(files, ALONE, workers);
  const { passed, failures, unchecked } = await runShards(shards, {
    root,
    artifacts,
    timeoutMs: TEST_MAX_MS,
    shardTimeoutMs: TESTS_MAX_MS,
  });
  details.push(...shards.map(({ name, files, workers }) => `${files.length} test files ${name}, ${workers} at a time`));
  if (unchecked.length > 0) details.push('Not checked here:', ...unchecked.map((line) => `  ${line}`));
  if (failures.length > 0) details.push('Failed:', ...failures.map((line) => `  ${line}`));
  return { passed, failed: failures.length };
}

/** What the summary tells of the tests beside the counts. */
const details: string[] = [];

const isTty = process.stdout.isTTY === true;
const statics: [name: string, step: () => Promise<Outcome>][] = [
  ['types', async () => gate(await succeeds(gates.types()))],
  ['lint and format', async () => gate(await succeeds(gates.lint(isTty)))],
  ['unescaped text in pages', async () => gate(await succeeds(gates.escaping()))],
];
const steps = onlyStatic
  ? statics
  : [['prerequisites', prerequisites] as const, ...statics, ['executable', executable] as const, ['tests', tests] as const];

const summary: string[] = [];
const total: Outcome = { passed: 0, failed: 0 };
for (const [name, step] of steps) {
  console.log(`\n== ${name} ==`);
  const startedAtMs = performance.now();
  const { passed, failed } = await step();
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  const line = `${failed === 0 ? 'ok    ' : 'FAILED'}  ${name}  ${seconds} s`;
  console.log(line);
  summary.push(line);
  total.passed += passed;
  total.failed += failed;
  // Without its tools the rest would fail for a reason already given.
  if (name === 'prerequisites' && failed > 0) break;
}
console.log(`\n${[...summary, ...details].join('\n')}\n\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
