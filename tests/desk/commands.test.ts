/** What commands of the box change stands in the audit log, in the very transaction, as done by command. */
import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAudit } from '../../src/admin/audit.ts';
import { addLink, auditTheAudit } from '../../src/admin/audit-chain.ts';
import { keyCommand } from '../../src/cli/key.ts';
import { offerCommand } from '../../src/cli/offer.ts';
import { rateCommand } from '../../src/cli/rate.ts';
import { simCommand } from '../../src/cli/sim.ts';
import { DATABASE_FILE } from '../../src/cli/usage.ts';
import { userCommand } from '../../src/cli/user.ts';
import { voucherCommand } from '../../src/cli/voucher.ts';
import { loadConfig } from '../../src/config.ts';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { writeNow } from '../../src/db/write.ts';
import { type AuditSearch, searchAudit } from '../../src/desk/audit-search.ts';
import { paths } from '../../views/paths.ts';
import { adminHouse } from '../support/admin-house.ts';
import { seen } from '../views/markup.ts';

const EVERYTHING: AuditSearch = { userId: null, action: null, target: '', text: '', fromMs: null, toMs: null, limit: 50, cursor: null };
const dir = mkdtempSync(join(tmpdir(), 'smspin-commands-'));
afterAll(() => rmSync(dir, { recursive: true }));
const config = loadConfig(null, { SMSPIN_DATA_DIR: dir }, dir);
const said: string[] = [];

async function run(command: (...given: Parameters<typeof userCommand>) => unknown, words: string, typed = ''): Promise<void> {
  const stdin = (async function* () {
    yield new TextEncoder().encode(typed);
  })();
  said.length = 0;
  await command(words.split(' '), config, { stdin, out: (line) => said.push(line), err: (line) => said.push(line) });
}

test('each command that changes something leaves an entry, and one that was refused or changed nothing none', async () => {
  const list = join(dir, 'prices.csv');
  await run(userCommand, 'add anna@example.org --password-stdin', 'a password of anna\n');
  await run(userCommand, 'credit anna@example.org 500 --reference bank-1');
  await run(userCommand, 'credit anna@example.org 500 --reference bank-1');
  await run(userCommand, 'password anna@example.org --password-stdin', 'another of anna\n');
  await run(userCommand, 'set anna@example.org --state active');
  await run(keyCommand, 'create anna@example.org --name mine');
  const secret = said[0] ?? '?';
  const db = openDatabase(join(dir, DATABASE_FILE));
  const keyId = db.query<{ id: string }, []>('SELECT id FROM api_keys').get()?.id ?? '';
  await run(keyCommand, `revoke ${keyId}`);
  await expect(run(keyCommand, `revoke ${keyId}`)).rejects.toThrow('not_found');
  await run(offerCommand, 'set gb telegram --price 40');
  await run(offerCommand, 'export');
  writeFileSync(list, said.map((line) => line.replace(/telegram/, 'google')).join('\n'));
  await run(offerCommand, `import ${list}`);
  await run(offerCommand, 'remove gb telegram');
  await run(rateCommand, 'set gb --hour 50');
  await run(rateCommand, 'remove gb');
  await run(voucherCommand, 'create --count 1 --amount 250');
  expect(said.at(-1)).toMatch(/: 1 voucher of \$2\.50\. The code is shown this once\.$/);
  db.run(`INSERT INTO sims (iccid, virtual, online, first_seen_at_ms, last_seen_at_ms) VALUES ('8944010000000000001', 0, 1, 1, 1)`);
  await run(simCommand, 'set 8944010000000000001 --state paused');
  const { rows } = searchAudit(db, { ...EVERYTHING, userId: 'by command' });
  expect(rows.map(({ action, detail }) => [action, detail]).toReversed()).toEqual([
    ['user.add', 'anna@example.org added as customer.'],
    ['customer.credit', '$5.00 credited, reference bank-1.'],
    ['user.password', 'A new password; all sessions ended.'],
    ['user.set', 'State: active.'],
    ['key.create', expect.stringContaining(`API key ${keyId} ("mine") made: `)],
    ['key.revoke', `API key ${keyId} ("mine") revoked.`],
    ['prices.set', 'telegram in gb: $0.40.'],
    ['prices.import', expect.stringContaining('prices.csv')],
    ['prices.remove', 'telegram in gb: not offered any more.'],
    ['rate.set', expect.stringContaining('gb: hour $0.50')],
    ['rate.remove', expect.stringContaining('gb: ')],
    ['voucher_batch_created', '1 voucher of $2.50'],
    ['sim.set', 'Set: state paused.'],
  ]);
  expect(new Set(rows.map(({ email }) => email))).toEqual(new Set(['by command']));
  expect(searchAudit(db, EVERYTHING).rows).toEqual(rows);
  expect(JSON.stringify(rows)).not.toContain(secret);
  expect(JSON.stringify(rows)).not.toContain('another of anna');
  expect(auditTheAudit(db)).toEqual([]);
});

test('the page names them, and finds them by who', async () => {
  const { house, get } = adminHouse();
  house.write((tx) => writeAudit(tx, { userId: null, action: 'sim.set', target: '8944', detail: 'Set: state paused.' }));
  const page = seen(await (await get(`${paths.audit}?who=By+command`)).text()).text;
  expect(page).toContain('Set: state paused.');
  expect(page).toContain('by command');
});

test('a log from before keeps its entries, their links and its locks', () => {
  const db = new Database(':memory:', { strict: true });
  db.run('PRAGMA foreign_keys = ON');
  migrate(
    db,
    MIGRATIONS.slice(
      0,
      MIGRATIONS.findIndex((sql) => sql.includes('CREATE TABLE audit_before')),
    ),
  );
  db.run(
    "INSERT INTO users (id, email, password_hash, role, state, created_at_ms) VALUES ('usr_o', 'o@example.org', 'x', 'operator', 'active', 1)",
  );
  for (const n of [1, 2, 3]) {
    db.run(`INSERT INTO audit (at_ms, user_id, action, target, detail) VALUES (${n}, 'usr_o', 'sim.pause', '89', 'n ${n}')`);
    if (n > 1) addLink(db, n);
  }
  const before = db.query('SELECT * FROM audit').all();
  migrate(db);
  expect(db.query('SELECT * FROM audit').all()).toEqual(before);
  expect(auditTheAudit(db)).toEqual([]);
  expect(db.query('PRAGMA foreign_key_check').all()).toEqual([]);
  expect(() => db.run('DELETE FROM audit')).toThrow('append only');
  expect(() => db.run("UPDATE audit SET detail = ''")).toThrow('append only');
  expect(writeNow(db, 5, (tx) => writeAudit(tx, { userId: null, action: 'a', target: 't', detail: '' }))).toBe('4');
  expect(auditTheAudit(db)).toEqual([]);
});
