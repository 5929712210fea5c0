import { expect, test } from 'bun:test';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Finding } from '../../src/cli/doctor-finding.ts';
import { modemFindings } from '../../src/cli/doctor-modems.ts';
import { MIGRATIONS } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { writeNow } from '../../src/db/write.ts';
import { noteAlive } from '../../src/sims/alive.ts';
import { makeHouse } from '../support/house.ts';
import { freePort, startServer } from '../support/server.ts';
import { root, run } from '../support/tools.ts';

interface Told {
  level: string;
  findings: Finding[];
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'smspin-doctor-'));
  chmodSync(dir, 0o700);
  return dir;
}

/** What `smspin doctor --json` says of a data folder. */
async function doctor(
  dir: string,
  env: Record<string, string> = {},
): Promise<{ code: number | null; told: Told; of(check: string): Finding[] }> {
  const { code, stdout, stderr } = await run([process.execPath, resolve(root, 'src/main.ts'), 'doctor', '--json'], {
    cwd: dir,
    env: { PATH: process.env['PATH'] ?? '', SMSPIN_DATA_DIR: dir, SMSPIN_SERVER_PORT: String(freePort()), ...env },
  });
  if (stderr !== '') throw new Error(stderr);
  const told = JSON.parse(stdout) as Told;
  return { code, told, of: (check) => told.findings.filter((one) => one.check === check) };
}

test('every finding that is not well has a fix, and the exit code is that of the worst', async () => {
  const dir = folder();
  makeHouse({}, join(dir, 'smspin.db')).db.close();
  const { code, told, of } = await doctor(dir);
  expect(told.level).toBe('warn');
  expect(code).toBe(1);
  for (const { level, text, fix } of told.findings) {
    expect(text.endsWith('.')).toBe(true);
    expect(fix === undefined).toBe(level === 'ok');
  }
  for (const check of [
    'configuration',
    'permissions',
    'disk',
    'server',
    'schema',
    'database',
    'ledger',
    'audit log',
    'port',
    'clock',
    'ModemManager',
  ])
    expect(of(check)).toMatchObject([{ level: 'ok' }]);
  expect(of('backup')).toMatchObject([{ level: 'warn', fix: expect.stringContaining('smspin backup') }]);
  rmSync(dir, { recursive: true });
});

test('a folder others can read, books that do not add up, a changed audit log, a clock that was set back, a taken port, a newer schema', async () => {
  const dir = folder();
  const { db, customer, write } = makeHouse({}, join(dir, 'smspin.db'));
  const userId = customer('anna@example.org');
  const { writeAudit } = await import('../../src/admin/audit.ts');
  write((tx) => writeAudit(tx, { userId, action: 'x', target: 'y', detail: 'z' }));
  db.run('DROP TRIGGER ledger_entries_no_update');
  db.run('UPDATE ledger_entries SET amount_minor = amount_minor + 5 WHERE id = 1');
  db.run('DROP TRIGGER audit_no_update');
  db.run("UPDATE audit SET detail = 'other'");
  writeNow(db, Date.now() + 3_600_000, noteAlive);
  chmodSync(dir, 0o755);
  const port = freePort();
  const taken = Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } });
  const { code, of } = await doctor(dir, { SMSPIN_SERVER_PORT: String(port), SMSPIN_DATA_DISK_STOP_MEGABYTES: '90000000' });
  taken.stop(true);
  expect(code).toBe(2);
  expect(of('permissions')).toMatchObject([{ level: 'warn', fix: `Run: chmod 700 ${dir}` }]);
  expect(of('ledger')).toMatchObject([{ level: 'fail', text: expect.stringContaining('sum to 5') }]);
  expect(of('audit log')).toMatchObject([{ level: 'fail', text: expect.stringContaining('not as it was written') }]);
  expect(of('clock')).toMatchObject([{ level: 'fail', text: expect.stringContaining('set back') }]);
  expect(of('port')).toMatchObject([{ level: 'fail', text: expect.stringContaining('Another program') }]);
  expect(of('disk')).toMatchObject([{ level: 'fail' }]);
  db.run(`PRAGMA user_version = ${MIGRATIONS.length + 3}`);
  expect((await doctor(dir)).of('schema')).toMatchObject([
    { level: 'fail', text: expect.stringContaining(`schema ${MIGRATIONS.length + 3}`) },
  ]);
  rmSync(dir, { recursive: true });
});

test('a damaged file, a file that is no database, a configuration that is wrong', async () => {
  const dir = folder();
  const path = join(dir, 'smspin.db');
  const { db, customer } = makeHouse({}, path);
  for (let n = 0; n < 300; n++) customer(`c${n}@example.org`);
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  const octets = Buffer.from(await Bun.file(path).bytes());
  octets.fill(0x5a, octets.length - 40_000);
  writeFileSync(path, octets);
  const damaged = await doctor(dir);
  expect([damaged.code, damaged.of('database')]).toMatchObject([2, [{ level: 'fail', fix: expect.stringContaining('restore') }]]);
  writeFileSync(path, 'this is no database at all, though it is called like one');
  expect((await doctor(dir)).of('database')).toMatchObject([{ level: 'fail' }]);
  writeFileSync(join(dir, 'smspin.toml'), '[server]\nport = "x"\n');
  const { told } = await doctor(dir, { SMSPIN_SERVER_PORT: 'x' });
  expect(told.findings).toMatchObject([{ check: 'configuration', level: 'fail', text: expect.stringContaining('SMSPIN_SERVER_PORT') }]);
  rmSync(dir, { recursive: true });
});

test('beside a running server it says so and changes nothing; before the first start it says what is missing', async () => {
  const server = await startServer({ config: '[modems]\nvirtual = 1\n' });
  const data = join(server.dir, 'data');
  const { code, stdout } = await server.run(['doctor']);
  expect(code).toBe(1);
  expect(stdout).toContain('A server runs on');
  expect(stdout).toContain('answers on 127.0.0.1');
  const backup = await server.run(['backup', '--json']);
  expect(JSON.parse(backup.stdout)).toMatchObject({ ok: true, manifest: { ledger: { sum_minor: 0 } } });
  const second = await server.run(['serve']);
  expect(second.code).toBe(1);
  await server.stop();
  openDatabase(':memory:').close();
  expect(data.length).toBeGreaterThan(0);
  const empty = folder();
  expect((await doctor(join(empty, 'nothing'), {}).catch(() => null)) === null).toBe(true);
  expect((await doctor(empty)).of('database')).toMatchObject([{ level: 'warn', fix: expect.stringContaining('smspin serve') }]);
  rmSync(empty, { recursive: true });
});

test('ports: one that may not be opened, one that another program holds, sticks without a port, and none at all', () => {
  const port = { slot: null, usbId: null, driver: null, used: true, probe: false, reason: '', holder: null, accessible: true, next: null };
  const found = modemFindings({
    ports: [
      { ...port, port: '/dev/ttyUSB0', accessible: false },
      { ...port, port: '/dev/ttyUSB1', holder: { pid: 1, name: 'minicom', isServer: false } },
      { ...port, port: '/dev/ttyUSB2' },
    ],
    sticks: [],
    warnings: ['ModemManager is running: …', 'brltty is running: …'],
  });
  expect(found.map(({ check, level }) => [check, level])).toEqual([
    ['modem port', 'fail'],
    ['modem port', 'fail'],
    ['modem port', 'warn'],
  ]);
  expect(modemFindings({ ports: [{ ...port, port: '/dev/ttyUSB2' }], sticks: [], warnings: [] })).toMatchObject([{ level: 'ok' }]);
  expect(modemFindings({ ports: [], sticks: [], warnings: [] })).toMatchObject([{ level: 'warn' }]);
});
