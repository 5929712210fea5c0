import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { ConfigError } from '../config.ts';
import { isFolderLocked } from '../db/lock.ts';
import { MIGRATIONS } from '../db/migrate.ts';
import { openReadOnly } from '../db/open.ts';
import { messageOf } from '../lib/log.ts';
import { lastAliveMs } from '../sims/alive.ts';
import { lookAtData } from './doctor-data.ts';
import { type Finding, fail, ok } from './doctor-finding.ts';
import { lookAtModems } from './doctor-modems.ts';
import { lookAtSystem, type RunTool } from './doctor-system.ts';
import { DATABASE_FILE, DOCTOR_USAGE, type Io, readArgs } from './usage.ts';
import { indented } from './wrap.ts';

const TOOL_TIMEOUT_MS = 5000;
const MARKS = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' } as const;

/**
 * `smspin doctor`: looks at everything that can be wrong with the box, beside a running server and without changing anything, and says for each what to do. Exit code 0 when
 * all is well, 1 when something should be mended soon, 2 when something is broken.
 */
export async function doctorCommand(args: string[], config: () => Config, io: Io): Promise<number> {
  const { values } = readArgs(args, { usage: DOCTOR_USAGE, positionals: [], options: { json: { type: 'boolean' } } });
  const findings = await lookAtAll(config, Date.now());
  const level = findings.some((one) => one.level === 'fail') ? 'fail' : findings.some((one) => one.level === 'warn') ? 'warn' : 'ok';
  if (values.json) io.out(JSON.stringify({ level, findings }, null, 2));
  else for (const line of describe(findings)) io.out(line);
  return { ok: 0, warn: 1, fail: 2 }[level];
}

async function lookAtAll(readConfig: () => Config, nowMs: number): Promise<Finding[]> {
  let config: Config;
  try {
    config = readConfig();
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    return [fail('configuration', thrown.message, 'Correct that line; smspin.example.toml shows every key.')];
  }
  const { dir } = config.data;
  const serverRuns = isServed(dir);
  const facts = { run: runTool, nowMs, lastAliveMs: aliveMs(dir), serverRuns };
  return [
    ok('configuration', `It can be read; data in ${dir}, pages at ${config.server.publicUrl}.`),
    ...guarded('data folder', () => lookAtData(config, MIGRATIONS.length, nowMs)),
    ...(await lookAtSystem(config, facts)),
    ...guarded('modem port', () => lookAtModems(config)),
  ];
}

/** What cannot even be looked at is a finding, not the end of the others. */
function guarded(check: string, look: () => Finding[]): Finding[] {
  try {
    return look();
  } catch (thrown) {
    return [
      fail(check, `It cannot be looked at: ${messageOf(thrown)}.`, 'Run this as the user of the server: sudo -u smspin smspin doctor.'),
    ];
  }
}

function isServed(dir: string): boolean {
  try {
    return isFolderLocked(dir);
  } catch {
    // Said by the look at the data folder.
    return false;
  }
}

function aliveMs(dir: string): number | null {
  try {
    const db = openReadOnly(join(dir, DATABASE_FILE));
    try {
      return lastAliveMs(db);
    } finally {
      db.close();
    }
  } catch {
    // No database, or a broken one: said by the look at the data folder.
    return null;
  }
}

const runTool: RunTool = ([program = '', ...args]) => {
  const ran = spawnSync(program, args, { encoding: 'utf8', timeout: TOOL_TIMEOUT_MS });
  return ran.error ? null : { code: ran.status ?? 1, stdout: ran.stdout };
};

function describe(findings: readonly Finding[]): string[] {
  const lines = findings.flatMap(({ check, level, text, fix }) => [
    `${MARKS[level]}  ${check}: ${text}`,
    ...(fix === undefined ? [] : indented(`→ ${fix}`)),
  ]);
  const count = (level: Finding['level']): number => findings.filter((one) => one.level === level).length;
  return [...lines, '', `${count('ok')} well, ${count('warn')} to mend soon, ${count('fail')} broken.`];
}
