/**
 * How the test files are run: most of them shared out to several processes by `bun test --parallel`, and those that measure time afterwards,
 * one by one with the machine to themselves. What was run is read from the reports, and held against the files there are: a file that ran no
 * test fails the run.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** These hold milliseconds against a bound, or talk over a PTY with a process that has a clock of its own. */
export const ALONE: readonly string[] = [
  'tests/catalogue/changes.test.ts',
  'tests/codes/denied.test.ts',
  'tests/codes/judge.test.ts',
  'tests/codes/services.test.ts',
  'tests/codes/wordings.test.ts',
  'tests/flows/peers.test.ts',
  'tests/flows/stopping.test.ts',
  'tests/modem/read-now.test.ts',
  'tests/modem/virtual-bank.test.ts',
];

/** Most tests wait for something now and then, so two share even one core; more than four would only get in each other's way. */
export const workersFor = (cores = availableParallelism()): number => Math.min(Math.max(cores, 2), 4);

export interface Shard {
  name: string;
  files: readonly string[];
  workers: number;
}

export interface SuiteOutcome {
  passed: number;
  /** One line for each failure, with the file and the full name of the test. */
  failures: string[];
  /** Tests that passed and say in their name (`SKIPPED: …`) what could not be checked here. */
  unchecked: string[];
}

/** Every test file under `folder`, a path relative to `root`, sorted. */
export function findTestFiles(root: string, folder: string): string[] {
  return [...new Bun.Glob(`${folder}/**/*.test.{ts,tsx}`).scanSync({ cwd: root })].sort();
}

/** Each file goes to exactly one shard. Throws when `alone` names a file that is not there: a list that nothing follows has no meaning. */
export function planShards(files: readonly string[], alone: readonly string[], workers: number): Shard[] {
  const lost = alone.filter((file) => !files.includes(file));
  if (lost.length > 0) throw new Error(`no such test file, yet it shall run alone: ${lost.join(', ')}`);
  const shards = [
    { name: 'beside', files: files.filter((file) => !alone.includes(file)), workers },
    { name: 'alone', files: files.filter((file) => alone.includes(file)), workers: 1 },
  ];
  return shards.filter((shard) => shard.files.length > 0);
}

export interface SuiteOptions {
  root: string;
  /** Reports and durations are kept here. */
  artifacts: string;
  /** For one test. */
  timeoutMs: number;
  /** For one shard; then it is killed, which is a failure. */
  shardTimeoutMs: number;
  /** What the tests print goes nowhere. Default: straight through. */
  isSilent?: boolean;
}

/** Runs the shards one after the other, with their output going straight through. */
export async function runShards(shards: readonly Shard[], options: SuiteOptions): Promise<SuiteOutcome> {
  const total: SuiteOutcome = { passed: 0, failures: shards.length === 0 ? ['no test file was found'] : [], unchecked: [] };
  for (const shard of shards) {
    const { passed, failures, unchecked } = await runShard(shard, options);
    total.passed += passed;
    total.failures.push(...failures);
    total.unchecked.push(...unchecked);
  }
  return total;
}

async function runShard(shard: Shard, options: SuiteOptions): Promise<SuiteOutcome> {
  const { root, artifacts } = options;
  mkdirSync(artifacts, { recursive: true });
  const report = join(artifacts, `junit-${shard.name}.xml`);
  rmSync(report, { force: true });
  const command = [
    ...[process.execPath, 'test', '--timeout', String(options.timeoutMs), `--parallel=${shard.workers}`],
    // Somebody who ends the run ends the servers and browsers of the tests with it.
    '--no-orphans',
    // As in one process for all files: they are written to leave nothing behind, and imports are evaluated once.
    '--no-isolate',
    // The slowest start first, so that the workers end together; what this checkout has not run yet is known from the file in the tree.
    ...[`--timings=${join(artifacts, 'timings.json')}`, `--timings=${join(root, 'tests/timings.json')}`, '--update-timings'],
    ...['--reporter=junit', `--reporter-outfile=${report}`],
    ...shard.files.map((file) => `./${file}`),
  ];
  const output = options.isSilent ? 'ignore' : 'inherit';
  const child = Bun.spawn(command, {
    cwd: root,
    stdin: 'ignore',
    stdout: output,
    stderr: output,
    timeout: options.shardTimeoutMs,
    killSignal: 'SIGKILL',
  });
  const code = await child.exited;
  const outcome = readReport(existsSync(report) ? readFileSync(report, 'utf8') : '', shard.files);
  // An error between tests is in no test's count, yet it is a failure.
  if (code !== 0 && outcome.failures.length === 0)
    outcome.failures.push(`the tests (${shard.name}) ended with ${child.signalCode ?? code}: what failed is told above`);
  return outcome;
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };

/** Counts the tests of a JUnit report of `bun test` that should be of these files. A test that was skipped proved nothing: it counts as failed. */
export function readReport(xml: string, files: readonly string[]): SuiteOutcome {
  const outcome: SuiteOutcome = { passed: 0, failures: [], unchecked: [] };
  const ran = new Set<string>();
  for (const [, attributes = '', body = ''] of xml.matchAll(/<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const get = (name: string): string =>
      (new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? '').replaceAll(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity);
    const file = get('file');
    ran.add(file);
    const title = `${file}: ${[get('classname'), get('name')].filter(Boolean).join(' > ')}`;
    if (/<(failure|error)\b/.test(body)) outcome.failures.push(title);
    else if (/<skipped\b/.test(body)) outcome.failures.push(`${title} (skipped: it proves nothing)`);
    else {
      outcome.passed += 1;
      if (get('name').startsWith('SKIPPED')) outcome.unchecked.push(title);
    }
  }
  for (const file of files) if (!ran.has(file)) outcome.failures.push(`${file}: ran no test`);
  for (const file of ran) if (!files.includes(file)) outcome.failures.push(`${file}: ran, and is not in the shard`);
  return outcome;
}
