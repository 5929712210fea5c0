import { expect, setDefaultTimeout, test } from 'bun:test';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeAudit } from '../../src/admin/audit.ts';
import type { Finding } from '../../src/cli/doctor-finding.ts';
import { modemFindings } from '../../src/cli/doctor-modems.ts';
import { MIGRATIONS } from '../../src/db/migrate.ts';
import { writeNow } from '../../src/db/write.ts';
import { noteAlive } from '../../src/sims/alive.ts';
import { makeHouse } from '../support/house.ts';
import { freePort, startServer } from '../support/server.ts';
import { root, run } from '../support/tools.ts';

setDefaultTimeout(60_000);

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

test('before the first start it says what is missing', async () => {
  const dir = folder();
  const fix = expect.stringContaining('smspin serve');
  expect((await doctor(dir)).of('database')).toMatchObject([{ level: 'warn', fix }]);
  const later = await doctor(dir, { SMSPIN_DATA_DIR: join(dir, 'later') });
  expect(later.of('data folder')).toMatchObject([{ level: 'warn', fix }]);
  expect(existsSync(join(dir, 'later'))).toBe(false);
  rmSync(dir, { recursive: true });
});

test('beside a running server: it says so, a backup is made and restored elsewhere, and no restore goes over its folder', async () => {
  const server = await startServer({ config: '[modems]\nvirtual = 1\ndiscover = false\n' });
  const told = await server.run(['doctor']);
  expect(told.code).toBe(1);
  expect(told.stdout).toContain('A server runs on');
  expect(told.stdout).toContain('and is ready');
  const made = JSON.parse((await server.run(['backup', '--json'])).stdout);
  expect(made).toMatchObject({ ok: true, manifest: { ledger: { sum_minor: 0 } } });
  expect((await server.run(['backup', 'list'])).stdout).toContain(made.path);
  expect((await server.run(['backup', 'verify', made.path])).stdout).toContain('can be restored');
  expect(await server.run(['restore', made.path, '--force'])).toMatchObject({ code: 1, stderr: expect.stringContaining('Stop it first') });
  const elsewhere = folder();
  const restored = await server.run(['restore', made.path, '--data', elsewhere]);
  expect([restored.code, restored.stderr]).toEqual([0, '']);
  expect(restored.stdout).toContain('Proved in its place');
  const again = await server.run(['restore', made.path, '--data', elsewhere]);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
  expect((await doctor(elsewhere)).of('database')).toMatchObject([{ level: 'ok' }]);
  await server.stop();
  rmSync(elsewhere, { recursive: true });
});

test('a key is made once; a backup for it is encrypted, and is verified with it alone', async () => {
  const dir = folder();
  makeHouse({}, join(dir, 'smspin.db')).db.close();
  const smspin = (...words: string[]) =>
    run([process.execPath, resolve(root, 'src/main.ts'), ...words], {
      cwd: dir,
      env: { PATH: process.env['PATH'] ?? '', SMSPIN_DATA_DIR: dir },
    });
  const key = join(dir, 'backup.key');
  const [, recipient = ''] = /"(age1[a-z0-9]+)"/.exec((await smspin('backup', 'key', key)).stdout) ?? [];
  expect(statSync(key).mode & 0o777).toBe(0o600);
  expect(await smspin('backup', 'key', key)).toMatchObject({ code: 1, stderr: expect.stringContaining('left alone') });
  expect(await smspin('backup', '--recipient', 'age2abc')).toMatchObject({ code: 2, stderr: expect.stringContaining('public key of age') });
  const { path } = JSON.parse((await smspin('backup', '--recipient', recipient, '--json')).stdout);
  expect(path).toEndWith('.tar.zst.age');
  expect(await smspin('backup', 'verify', path)).toMatchObject({ code: 1, stderr: expect.stringContaining('--identity') });
  expect(await smspin('backup', 'verify', path, '--identity', key)).toMatchObject({ code: 0 });
  rmSync(dir, { recursive: true });
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

test('a folder that came with a checkout, open to all, is closed when the database is made in it', async () => {
  const dir = folder();
  chmodSync(dir, 0o755);
  writeFileSync(join(dir, '.gitkeep'), '');
  const smspin = (...words: string[]) =>
    run(['sh', '-c', 'umask 022 && exec "$@"', 'sh', process.execPath, resolve(root, 'src/main.ts'), ...words], {
      cwd: dir,
      env: { PATH: process.env['PATH'] ?? '', SMSPIN_DATA_DIR: dir },
    });
  expect((await smspin('user', 'list')).code).toBe(0);
  expect([statSync(dir).mode & 0o777, statSync(join(dir, 'smspin.db')).mode & 0o777]).toEqual([0o700, 0o600]);
  // What its owner does with it later is the owner's matter: doctor tells of it.
  chmodSync(dir, 0o750);
  await smspin('user', 'list');
  expect(statSync(dir).mode & 0o777).toBe(0o750);
  rmSync(dir, { recursive: true });
});
