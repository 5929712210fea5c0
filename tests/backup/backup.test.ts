import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { writeAudit } from '../../src/admin/audit.ts';
import { factsOf } from '../../src/backup/checks.ts';
import { backupName } from '../../src/backup/files.ts';
import { type BackupMade, makeBackup } from '../../src/backup/make.ts';
import { restoreBackup, verifyBackup } from '../../src/backup/restore.ts';
import { startBackup } from '../../src/backup/start.ts';
import { backupCommand } from '../../src/cli/backup.ts';
import { openConfigured } from '../../src/cli/usage.ts';
import { loadConfig } from '../../src/config.ts';
import { lockFolder } from '../../src/db/lock.ts';
import { MIGRATIONS } from '../../src/db/migrate.ts';
import { openDatabase, openReadOnly } from '../../src/db/open.ts';
import { openKeys } from '../../src/exports/signing-key.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { type House, makeHouse, START_MS } from '../support/house.ts';
import { run } from '../support/tools.ts';

const LATEST = MIGRATIONS.length;
const root = mkdtempSync(join(tmpdir(), 'smspin-backup-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => mkdtempSync(join(root, `${folders++}-`));

/** A data folder with an order and its code, an entry of the audit log, and a signing key. */
function inhabited(): { dir: string; house: House } {
  const dir = newFolder();
  const house = makeHouse({}, join(dir, 'smspin.db'));
  const userId = house.customer('anna@example.org');
  const iccid = house.sim(1);
  house.offer('telegram', 45);
  house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213' });
  house.write((tx) => writeAudit(tx, { userId, action: 'sim.set', target: iccid, detail: 'paused' }));
  openKeys(dir, START_MS);
  return { dir, house };
}

async function backup(dir: string, recipients: readonly string[] = [], folder = newFolder()): Promise<BackupMade & { ok: true }> {
  const path = join(folder, backupName(START_MS, recipients.length > 0));
  const made = await startBackup({ dataDir: dir, path, recipients, atMs: START_MS, latestSchema: LATEST }).ended;
  if (!made.ok) throw new Error(made.problem);
  return made;
}

const restore = (
  file: string,
  dataDir: string,
  more: { force?: boolean; identities?: string[]; latestSchema?: number; nowMs?: number; uid?: number } = {},
) => restoreBackup({ file, dataDir, identities: [], force: false, latestSchema: LATEST, nowMs: START_MS, ...more });

async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const thrown = await work.then(
    () => null,
    (why: unknown) => why,
  );
  if (thrown instanceof Refusal) return thrown;
  throw new Error(`not refused: ${thrown}`);
}

test('what is backed up beside an open house is the same after it was restored: rows, sums, links, key', async () => {
  const { dir, house } = inhabited();
  const made = await backup(dir);
  const facts = factsOf(house.db);
  expect(facts.rows).toMatchObject({ orders: 1, messages: 1, audit: 1 });
  expect(made.manifest).toMatchObject(facts);
  expect(statSync(made.path).mode & 0o777).toBe(0o600);

  const target = newFolder();
  const restored = await restore(made.path, target);
  expect(restored.proof).toMatchObject({ wrong: [], unchecked: [], facts });
  expect(restored.aside).toBeNull();
  expect(readFileSync(join(target, 'signing-key.json'), 'utf8')).toBe(readFileSync(join(dir, 'signing-key.json'), 'utf8'));
  expect(readdirSync(target).filter((name) => name.includes('partial'))).toEqual([]);
});

test('tools that everybody has take it apart', async () => {
  const { dir } = inhabited();
  const made = await backup(dir);
  const { code, stdout } = await run(['tar', '--zstd', '-tf', made.path], { cwd: root });
  expect([code, stdout.trim().split('\n')]).toEqual([0, ['manifest.json', 'smspin.db', 'signing-key.json']]);
});

test('an encrypted one gives nothing away and opens with its key alone', async () => {
  const { dir, house } = inhabited();
  const [right, wrong] = [await generateX25519Identity(), await generateX25519Identity()];
  const made = await backup(dir, [await identityToRecipient(right)]);
  expect(readFileSync(made.path).includes('48213')).toBe(false);
  expect(readFileSync(made.path, 'latin1').startsWith('age-encryption.org/v1')).toBe(true);
  expect((await refusalOf(restore(made.path, newFolder()))).detail).toContain('--identity');
  expect((await refusalOf(restore(made.path, newFolder(), { identities: [wrong] }))).detail).toContain('other keys');
  const restored = await restore(made.path, newFolder(), { identities: [wrong, right] });
  expect(restored.proof.facts).toEqual(factsOf(house.db));
});

test('the copy of one that will be encrypted is made in the data folder: where the backup goes nothing readable ever lies, whatever ends it', async () => {
  const { dir } = inhabited();
  const [folder, recipient] = [newFolder(), await identityToRecipient(await generateX25519Identity())];
  const job = {
    dataDir: dir,
    path: join(folder, backupName(START_MS, true)),
    recipients: [recipient],
    atMs: START_MS,
    latestSchema: LATEST,
  };
  const told: string[] = [];
  const made = await makeBackup(job, (one) => {
    if (one.told !== 'copied') return void (one.told === 'copying' && told.push(dirname(dirname(one.copy))));
    told.push(...readdirSync(folder, { recursive: true }).map(String));
  });
  expect([made.ok, told]).toEqual([true, [dir]]);
  expect(readdirSync(folder)).toEqual([backupName(START_MS, true)]);
  expect(readdirSync(dir).filter((name) => name.includes('partial'))).toEqual([]);
  const killed = startBackup({ ...job, path: join(folder, backupName(START_MS + 1000, true)) });
  while (!readdirSync(dir).some((name) => name.includes('partial'))) await Bun.sleep(1);
  killed.kill();
  await killed.ended;
  expect([...readdirSync(dir), ...readdirSync(folder)].filter((name) => name.includes('partial'))).toEqual([]);
});

test.each([false, true])('each way of damage is found, and the folder stays as it was (encrypted: %p)', async (isEncrypted) => {
  const { dir } = inhabited();
  const identity = await generateX25519Identity();
  const made = await backup(dir, isEncrypted ? [await identityToRecipient(identity)] : []);
  const whole = readFileSync(made.path);
  const target = newFolder();
  for (const [name, octets] of [
    ['cut at the end', whole.subarray(0, whole.length - 20)],
    ['cut in the middle', whole.subarray(0, whole.length / 2)],
    ['the start alone', whole.subarray(0, 300)],
    ['one bit', Buffer.from(whole.map((octet, at) => (at === Math.floor(whole.length / 2) ? octet ^ 1 : octet)))],
    // Without encryption what follows the archive is not read: what is in it is whole all the same, by its sums.
    ...(isEncrypted ? [['something after it', Buffer.concat([whole, Buffer.from('and more, of another file')])] as const] : []),
  ] as const) {
    const file = join(root, `${folders++}.damaged`);
    writeFileSync(file, octets);
    const { type, detail } = await refusalOf(restore(file, target, { identities: [identity] })).catch(() => ({
      type: 'not refused',
      detail: '',
    }));
    expect([name, type]).toEqual([name, 'validation']);
    expect(detail.length).toBeGreaterThan(20);
    expect(readdirSync(target).filter((one) => one !== 'server.lock')).toEqual([]);
  }
});

test('a database whose books or audit log were tampered with is not backed up', async () => {
  const tampered = inhabited();
  tampered.house.db.run('DROP TRIGGER audit_no_update');
  tampered.house.db.run("UPDATE audit SET detail = 'nothing happened'");
  await expect(backup(tampered.dir)).rejects.toThrow('audit log');
  const uneven = inhabited();
  uneven.house.db.run('DROP TRIGGER ledger_entries_no_update');
  uneven.house.db.run('UPDATE ledger_entries SET amount_minor = amount_minor + 1 WHERE id = 1');
  await expect(backup(uneven.dir)).rejects.toThrow('sum to 1');
});

test('over a database it goes only when forced; the old one is put aside and comes back the same way', async () => {
  const { dir } = inhabited();
  const made = await backup(dir);
  const other = inhabited();
  other.house.customer('bob@example.org');
  const before = factsOf(other.house.db);
  other.house.db.close();
  const refused = await refusalOf(restore(made.path, other.dir));
  expect(refused.type).toBe('already_exists');
  expect(refused.detail).toContain('newer than the backup');

  const restored = await restore(made.path, other.dir, { force: true });
  expect(restored.proof.facts).toEqual(made.manifest.rows === undefined ? before : expect.objectContaining({ rows: made.manifest.rows }));
  const undone = await restore(join(restored.aside ?? '', 'smspin.db'), other.dir, { force: true, nowMs: START_MS + 1000 });
  expect(undone.proof.facts).toEqual(before);
  expect(undone.hasSigningKey).toBe(true);
});

test('a bare database, as the copy from before an upgrade is, leaves the signing key where it is', async () => {
  const { dir, house } = inhabited();
  const key = readFileSync(join(dir, 'signing-key.json'), 'utf8');
  const copy = join(newFolder(), 'before-0030.db');
  house.db.query('VACUUM INTO $copy').run({ copy });
  house.db.close();
  const restored = await restore(copy, dir, { force: true });
  expect(readFileSync(join(dir, 'signing-key.json'), 'utf8')).toBe(key);
  expect(restored.hasSigningKey).toBe(false);
  expect(statSync(join(dir, 'smspin.db')).mode & 0o777).toBe(0o600);
  expect(readdirSync(restored.aside ?? '')).toContain('smspin.db');
  const undone = await restore(join(restored.aside ?? '', 'smspin.db'), dir, { force: true, nowMs: START_MS + 1000 });
  expect(undone.proof.wrong).toEqual([]);
  expect(readFileSync(join(dir, 'signing-key.json'), 'utf8')).toBe(key);
});

test('whoever does not own the folder restores nothing into it: the server could not open it', async () => {
  const { dir, house } = inhabited();
  const made = await backup(dir);
  house.db.close();
  const uid = (process.getuid?.() ?? 0) + 1;
  const { type, detail } = await refusalOf(restore(made.path, dir, { force: true, uid }));
  expect([type, detail.includes(`you are ${uid}`), detail.includes('sudo -u')]).toEqual(['unavailable', true, true]);
  expect(readdirSync(dir).filter((name) => name.startsWith('replaced'))).toEqual([]);
});

test('after a power cut in the middle of a restore no empty house is begun, and both ways on are told', async () => {
  const { dir, house } = inhabited();
  const before = factsOf(house.db);
  const made = await backup(dir);
  house.db.close();
  // As it is between the two moves: the old set is aside, the new one not yet there.
  const aside = join(dir, 'replaced-20260101T000000Z');
  for (const folder of [aside, join(dir, '.smspin-restore-20260101T000000Z.partial')]) mkdirSync(folder);
  for (const name of ['smspin.db', 'signing-key.json']) renameSync(join(dir, name), join(aside, name));
  const config = loadConfig(null, { SMSPIN_DATA_DIR: dir }, '/nonexistent');
  const io = { out: () => {}, err: () => {}, stdin: (async function* () {})() };
  const refused = await refusalOf(Promise.resolve().then(() => openConfigured(config, io)));
  expect([refused.type, refused.detail.includes(`smspin restore ${join(aside, 'smspin.db')}`)]).toEqual(['unavailable', true]);
  expect(readdirSync(dir)).not.toContain('smspin.db');
  expect((await restore(join(aside, 'smspin.db'), dir)).proof.facts).toEqual(before);
  expect(readdirSync(dir).filter((name) => name.includes('partial'))).toEqual([]);
  openConfigured(config, io).close();
  expect((await restore(made.path, dir, { force: true })).proof.wrong).toEqual([]);
});

test('while a server holds the folder nothing is restored', async () => {
  const { dir } = inhabited();
  const made = await backup(dir);
  const unlock = lockFolder(dir);
  expect((await refusalOf(restore(made.path, dir, { force: true }))).detail).toContain('Stop it first');
  unlock?.();
});

test('one of a newer release, one that is no database, and one that is none of ours are refused', async () => {
  const { dir } = inhabited();
  const made = await backup(dir);
  expect((await refusalOf(restore(made.path, newFolder(), { latestSchema: LATEST - 1 }))).detail).toContain('newer release');
  const folder = newFolder();
  writeFileSync(join(folder, 'notes'), 'hello');
  expect((await refusalOf(restore(join(folder, 'notes'), newFolder()))).detail).toContain('neither a backup');
  const strange = openDatabase(join(folder, 'strange.db'));
  strange.run('CREATE TABLE t (x)');
  strange.close();
  expect((await refusalOf(restore(join(folder, 'strange.db'), newFolder()))).detail).toContain('none of SMSPin');
  expect((await refusalOf(restore(join(folder, 'missing'), newFolder()))).detail).toContain('no file');
});

test('verifying unpacks and proves it and leaves nothing', async () => {
  const { dir } = inhabited();
  const folder = newFolder();
  const made = await backup(dir, [], folder);
  const { facts } = await verifyBackup({ file: made.path, identities: [], latestSchema: LATEST }, join(folder, 'work'));
  expect(facts.ledger.sum_minor).toBe(0);
  expect(readdirSync(folder)).toEqual([backupName(START_MS, false)]);
});

test('the command to verify puts nothing beside the file: an encrypted one may lie where nobody is to read it', async () => {
  const { dir } = inhabited();
  const folder = newFolder();
  const identity = await generateX25519Identity();
  const made = await backup(dir, [await identityToRecipient(identity)], folder);
  const key = join(newFolder(), 'backup.key');
  writeFileSync(key, `${identity}\n`);
  const touched: (string | null)[] = [];
  const watcher = watch(folder, (_, name) => void touched.push(name));
  const said: string[] = [];
  const config = loadConfig(null, { SMSPIN_DATA_DIR: dir }, '/nonexistent');
  const io = { out: (line: string) => void said.push(line), err: () => {}, stdin: (async function* () {})() };
  const code = await backupCommand(['verify', made.path, '--identity', key], config, io);
  await Bun.sleep(20);
  watcher.close();
  expect([code, said[0]?.includes('can be restored'), touched]).toEqual([0, true, []]);
  expect(readdirSync(dir).filter((name) => name.includes('verify'))).toEqual([]);
});

test('a folder without a database, a name that is taken, and a folder that cannot be written say so and leave nothing', async () => {
  const { dir } = inhabited();
  const made = await backup(dir);
  await expect(backup(newFolder())).rejects.toThrow('no database');
  const again = startBackup({ dataDir: dir, path: made.path, recipients: [], atMs: START_MS, latestSchema: LATEST });
  expect(await again.ended).toMatchObject({ ok: false, problem: expect.stringContaining('there already') });
  const file = join(root, 'a-file');
  writeFileSync(file, '');
  await expect(backup(dir, [], join(file, 'below'))).rejects.toThrow('could not be made');
});

test('one that is ended in the middle says so and leaves nothing', async () => {
  const { dir } = inhabited();
  const folder = newFolder();
  const path = join(folder, backupName(START_MS, false));
  const making = startBackup({ dataDir: dir, path, recipients: [], atMs: START_MS, latestSchema: LATEST });
  while (readdirSync(folder).length === 0) await Bun.sleep(1);
  making.kill();
  expect(await making.ended).toEqual({ ok: false, problem: 'The server was stopped.' });
  expect(readdirSync(folder)).toEqual([]);
});

test('a copy that is made while others write is of one moment', async () => {
  const { dir, house } = inhabited();
  mkdirSync(join(dir, 'out'));
  const path = join(dir, 'out', backupName(START_MS, false));
  const making = startBackup({ dataDir: dir, path, recipients: [], atMs: START_MS, latestSchema: LATEST });
  let written = 0;
  let isDone = false;
  void making.ended.then(() => {
    isDone = true;
  });
  while (!isDone) {
    house.customer(`c${written++}@example.org`, 100);
    await Bun.sleep(1);
  }
  const made = await making.ended;
  if (!made.ok) throw new Error(made.problem);
  expect(made.manifest.ledger.sum_minor).toBe(0);
  expect(made.manifest.rows['users']).toBeLessThan(factsOf(house.db).rows['users'] ?? 0);
  const restored = await restore(path, newFolder());
  expect(restored.proof.wrong).toEqual([]);
  const reader = openReadOnly(join(dir, 'smspin.db'));
  expect(factsOf(reader).rows['users']).toBe(written + 1);
});
