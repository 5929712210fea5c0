import { expect, test } from 'bun:test';
import { writeAudit } from '../../src/admin/audit.ts';
import { type AuditSearch, auditActions, auditSql, searchAudit } from '../../src/desk/audit-search.ts';
import { type MovementSearch, movementsSql, searchMovements } from '../../src/desk/ledger-search.ts';
import { paths } from '../../views/paths.ts';
import { adminHouse } from '../support/admin-house.ts';
import { START_MS } from '../support/house.ts';

const EVERYTHING: AuditSearch = { userId: null, action: null, target: '', text: '', fromMs: null, toMs: null, limit: 3, cursor: null };
const MOVEMENTS: MovementSearch = { userId: null, id: null, kind: null, text: '', fromMs: null, toMs: null, limit: 3, cursor: null };

function open() {
  const admin = adminHouse();
  const { house } = admin;
  const operator = house.db.query<{ id: string }, []>("SELECT id FROM users WHERE role = 'operator'").get()?.id ?? '';
  for (let n = 0; n < 10; n++) {
    const action = n % 2 === 0 ? 'sim.pause' : 'order.cancel';
    house.write((tx) => writeAudit(tx, { userId: operator, action, target: `thing ${n}`, detail: n === 4 ? '=cmd|x <b>' : `number ${n}` }));
    house.clock.pass(1000);
  }
  return { ...admin, operator };
}

function pages(search: AuditSearch, db: Parameters<typeof searchAudit>[0]): string[] {
  const targets: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const found = searchAudit(db, { ...search, cursor });
    targets.push(...found.rows.map(({ target }) => target.replace('thing ', '')));
    if (found.nextCursor === null) return targets;
    cursor = found.nextCursor;
  }
}

test('the log is found by who, what, about what, words and when, page by page, the newest first', () => {
  const { house, operator } = open();
  const find = (one: Partial<AuditSearch>) => pages({ ...EVERYTHING, ...one }, house.db).join('');
  expect(find({})).toBe('9876543210');
  expect(find({ userId: operator, action: 'sim.pause' })).toBe('86420');
  expect(find({ action: 'order.cancel', fromMs: START_MS + 2000 })).toBe('9753');
  expect(find({ target: 'thing 3' })).toBe('3');
  expect(find({ text: 'NUMBER 7' })).toBe('7');
  expect(find({ fromMs: START_MS + 2000, toMs: START_MS + 7000 })).toBe('65432');
  expect(find({ userId: 'usr_nobody' })).toBe('');
  expect(auditActions(house.db)).toEqual(['order.cancel', 'sim.pause']);
});

test('no search of the log, and none of the books, reads everything', () => {
  const { db } = open().house;
  const plan = (sql: string, names: Record<string, string | number | null>) =>
    db
      .query<{ detail: string }, typeof names>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(names)
      .map(({ detail }) => detail);
  const scans = ({ sql, names }: ReturnType<typeof auditSql>) =>
    [...plan(sql.rows, names), ...plan(sql.last, names)].filter(
      (detail) => /^SCAN /.test(detail) && !/^SCAN (c|n|\(subquery-\d+\))$/.test(detail),
    );
  const searches: Partial<AuditSearch>[] = [
    ...[
      {},
      { userId: 'u' },
      { userId: 'by command' },
      { action: 'a', text: 'x' },
      { target: 't', fromMs: 1, toMs: 2 },
      { fromMs: 1, toMs: 2, text: 'x' },
    ],
  ];
  for (const one of searches) expect([one, ...scans(auditSql({ ...EVERYTHING, ...one }))]).toEqual([one]);
  const movements: Partial<MovementSearch>[] = [
    ...[
      {},
      { userId: 'u' },
      { userId: 'u', kind: 'hold' as const },
      { kind: 'top_up' as const },
      { kind: 'capture' as const, fromMs: 1, toMs: 2 },
    ],
    ...[{ id: 'ord_1' }, { id: 'txn_1' }, { id: 'rnt_1' }, { text: 'x' }],
  ];
  for (const one of movements) expect([one, ...scans(movementsSql({ ...MOVEMENTS, ...one }))]).toEqual([one]);
});

test('the page shows what matches, escaped, and gives it as a file that no spreadsheet calculates; that it was taken stands in the log', async () => {
  const { get, audit } = open();
  const page = await (await get(`${paths.audit}?action=sim.pause&who=operator@example.org`)).text();
  expect(page).toContain('=cmd|x &lt;b&gt;');
  expect(page).not.toContain('order.cancel</span>');
  const file = await get(`${paths.audit}.csv?action=sim.pause`);
  expect(file.headers.get('content-disposition')).toBe('attachment; filename="smspin-audit.csv"');
  const lines = (await file.text()).trim().split('\r\n');
  expect([lines.length, lines[3]?.endsWith(",'=cmd|x <b>")]).toEqual([6, true]);
  expect(audit().at(-1)).toEqual({ action: 'audit.csv', target: 'audit log', detail: 'As CSV: action sim.pause.' });
  expect(await (await get(`${paths.audit}?who=nobody@example.org`)).text()).toContain('Nobody has an account with this address.');
});

test('movements are found by customer, kind, order and reference', () => {
  const { house } = open();
  const anna = house.customer('anna@example.org', 700);
  house.clock.pass(1);
  house.customer('berta@example.org', 300);
  const find = (one: Partial<MovementSearch>) =>
    searchMovements(house.db, { ...MOVEMENTS, ...one }).rows.map(({ email, availableMinor }) => `${email} ${availableMinor}`);
  expect(find({})).toEqual(['berta@example.org 300', 'anna@example.org 700']);
  expect(find({ userId: anna })).toEqual(['anna@example.org 700']);
  expect(find({ kind: 'top_up', userId: anna })).toEqual(['anna@example.org 700']);
  expect(find({ kind: 'capture' })).toEqual([]);
  expect(find({ id: 'rnt_none' })).toEqual([]);
});
