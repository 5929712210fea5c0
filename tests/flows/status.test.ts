import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { until } from '../support/client.ts';
import { type Server, startServer } from '../support/server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer({ env: { SMSPIN_MODEMS_VIRTUAL: '2', SMSPIN_MODEMS_DISCOVER: 'false' } });
}, 30_000);
afterAll(() => server.stop());

interface StatusJson {
  surfaces: { surface: string; status: string; detail: string | null; latency_ms: number | null }[];
}
const states = async (): Promise<string> => {
  const { surfaces } = (await (await fetch(`${server.url}/status.json`)).json()) as StatusJson;
  return surfaces.map(({ surface, status }) => `${surface} ${status}`).join(', ');
};

test('the running server checks itself through its own port, records it, and leaves no trace for customers', async () => {
  const db = new Database(join(server.dir, 'data', 'smspin.db'), { readonly: true });
  const count = (table: string) => db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0;
  // What modems bring by themselves is not looked at.
  const tables = ['users', 'sessions', 'orders', 'events', 'messages', 'parts', 'ledger_entries', 'offers', 'rentals', 'audit'];
  const before = tables.map((table) => [table, count(table)]);
  await until(
    async () => (await states()) === 'ordering operational, dashboard operational, delivery operational',
    'all surfaces work',
    30_000,
  );
  expect(tables.map((table) => [table, count(table)])).toEqual(before);
  const page = await (await fetch(`${server.url}/status`)).text();
  expect(page).toContain('<h1>Everything works</h1>');
  await server.kill();
  const rows = db.query<{ surface: string; ok: number; failed: number }, []>('SELECT surface, ok, failed FROM status_minutes').all();
  expect(new Set(rows.map(({ surface }) => surface))).toEqual(new Set(['ordering', 'dashboard', 'delivery']));
  expect(rows.every(({ ok, failed }) => ok > 0 && failed === 0)).toBe(true);
  db.close();
}, 60_000);
