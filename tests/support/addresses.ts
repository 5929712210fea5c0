import type { House } from './house.ts';

/** What stands for the parameters of a route, by the path before it. */
export const IDS: Readonly<Record<string, string>> = {
  orders: 'SELECT id FROM orders WHERE code IS NOT NULL',
  rentals: 'SELECT id FROM rentals',
  reviews: 'SELECT message_id AS id FROM reviews',
  sims: 'SELECT iccid AS id FROM sims',
  bank: "SELECT coalesce(max(slot), '/dev/test1') AS id FROM modem_events",
  services: "SELECT 'telegram' AS id",
  versions: "SELECT '0' AS id",
  tickets: 'SELECT id FROM tickets',
  support: 'SELECT id FROM tickets',
  changes: 'SELECT id FROM price_changes',
  'sim-changes': 'SELECT id FROM sim_changes',
  alarms: 'SELECT id FROM alarms',
  settings: "SELECT 'orders.window_minutes' AS id",
  customers: "SELECT id FROM users WHERE role = 'customer'",
  days: "SELECT '2020-01-01' AS id",
  webhooks: 'SELECT id FROM webhooks',
  deliveries: "SELECT id FROM deliveries WHERE channel = 'webhook'",
  exports: 'SELECT id FROM exports',
  receipts: "SELECT id FROM ledger_transactions WHERE kind = 'top_up'",
  payments: 'SELECT id FROM payments',
  vouchers: 'SELECT id FROM voucher_batches',
  status: "SELECT strftime('%Y-%m-%d') AS id",
  shared: 'SELECT id FROM rentals',
  waiting: 'SELECT id FROM waiting_places',
  'shared-rentals': 'SELECT id FROM rentals',
  policies: "SELECT 'delivery' AS id",
  incidents: 'SELECT id FROM incidents',
  maintenance: 'SELECT id FROM maintenance',
};

/** The path with what the house holds in the place of its parameters; `tokens`: signed words, by the path before them. Throws when it holds none. */
export function withIds({ db }: Pick<House, 'db'>, path: string, tokens: Readonly<Record<string, string>> = {}): string {
  return path
    .split('/')
    .map((word, at, words) => {
      if (!word.startsWith(':')) return word;
      if (word === ':token') return tokens[words.slice(0, at).join('/')] ?? 'none';
      const sql = IDS[words[at - 1] ?? ''];
      if (sql === undefined) throw new Error(`${path}: what stands for ${word}? Add it to IDS`);
      const id = db.prepare<{ id: string }, []>(sql).get()?.id;
      if (id === undefined) throw new Error(`${path}: nothing was made by ${sql}`);
      return encodeURIComponent(id);
    })
    .join('/');
}
