import { join } from 'node:path';
import { openDatabase } from '../../src/db/open.ts';
import { Measured, read } from './measure.ts';
import type { StockHouse, Who } from './stock-house.ts';
import { serviceOf, userIdOf } from './stock-seed.ts';

const ROUNDS = 100;
const LIMIT_MS = 50;

/** Every list and search of a customer, on the pages and in the API, each measured by itself; those over 50 ms are named. */
export async function measureLists({ server, folder, as }: StockHouse, bare: { url: string }): Promise<void> {
  const slow: string[] = [];
  const heavy: string[] = [];
  const reference = new Measured();
  for (const who of ['usual', 'heavy'] as const) {
    const { orders, addresses } = addressesOf(folder, who);
    console.log(`  lists and searches of the customer with ${orders.toLocaleString('en')} orders`);
    for (const address of addresses) {
      const { api, cookie } = as[who];
      const headers: Record<string, string> = address.startsWith('/api/') ? { authorization: `Bearer ${api.key}` } : { cookie };
      const work = () => read(`${server.url}${address}`, headers);
      for (let n = 0; n < 3; n++) await work();
      const measured = new Measured();
      await measured.block(server.pid, ROUNDS, work);
      await reference.block(null, ROUNDS / 10, () => read(`${bare.url}/`));
      const isSlow = measured.p(0.99) > LIMIT_MS;
      console.log(`    ${isSlow ? 'SLOW ' : ''}${address.replace(/c1\.[\w-]+|(ord|msg|txn|whk)_\w+/g, '…')}: ${measured}`);
      if (isSlow) slow.push(`${who} ${address}`);
      if (measured.cpuMs > LIMIT_MS) heavy.push(`${who} ${address}`);
    }
  }
  console.log(`  reference between them, bare route: p50 ${reference.p(0.5).toFixed(1)} ms, p99 ${reference.p(0.99).toFixed(1)} ms`);
  console.log(`  every list within ${LIMIT_MS} ms at p99: ${slow.length === 0 ? 'holds' : `does not hold for ${slow.length}`}`);
  console.log(`  every list within ${LIMIT_MS} ms of work: ${heavy.length === 0 ? 'holds' : `does not hold for ${heavy.join(', ')}`}`);
}

function addressesOf(folder: string, who: Who): { orders: number; addresses: string[] } {
  const db = openDatabase(join(folder, 'data', 'smspin.db'));
  const n = { heavy: 0, usual: 1, buyer: 2 }[who];
  const one = <T>(sql: string): T => (db.query<{ x: T }, []>(sql.replaceAll('$user', userIdOf(String(n)))).get() as { x: T }).x;
  const orders = one<number>('SELECT count(*) AS x FROM orders WHERE user_id = $user');
  const middleOf = (table: string) =>
    one<string>(
      `SELECT id AS x FROM ${table} WHERE user_id = $user ORDER BY id DESC LIMIT 1 OFFSET (SELECT count(*) / 2 FROM ${table} WHERE user_id = $user)`,
    );
  const sealed = (id: string) => `c1.${Buffer.from(id, 'latin1').toString('base64url')}`;
  const order = middleOf('orders');
  const number = encodeURIComponent(one<string>(`SELECT number AS x FROM orders WHERE id = '${order}'`));
  const month = 'from=2025-03-01&to=2025-04-01';
  const hook = one<string>(`SELECT coalesce((SELECT id FROM webhooks WHERE user_id = $user), '') AS x`);
  const deep = { transaction: middleOf('ledger_transactions'), message: middleOf('messages') };
  db.close();
  return {
    orders,
    addresses: [
      ...[
        '/dashboard',
        '/dashboard/poll',
        `/dashboard/offers?country=gb&service=${serviceOf(5)}`,
        '/dashboard/rentals',
        '/settings/exports',
      ],
      ...[
        '',
        '?status=finished',
        '?status=expired',
        '?status=canceled',
        '?tag=ci',
        '?tag=ci&status=expired',
        '?tag=ci&status=canceled',
        `?cursor=${order}`,
      ].map((query) => `/dashboard/history${query}`),
      ...[
        `?q=${number}`,
        '?q=shop-007',
        '?q=on+its+way',
        '?q=123456',
        '?q=nothing+like+it',
        '?q=nothing&status=expired',
        '?q=run&tag=ci',
      ].map((query) => `/dashboard/history${query}`),
      ...['', '?kind=top_up', '?kind=refund', '?kind=debit', `?${month}`, `?cursor=${deep.transaction}`].map(
        (query) => `/dashboard/balance${query}`,
      ),
      `/dashboard/orders/${order}`,
      ...[
        '',
        '?limit=200',
        '?status=finished',
        '?status=reported',
        '?tag=ci',
        '?tag=ci&status=expired',
        '?tag=ci&status=reported',
        `?cursor=${sealed(order)}`,
      ].map((query) => `/api/v1/orders${query}`),
      ...[`/api/v1/orders/${order}`, `/api/v1/orders/${order}/timeline`],
      ...['', '?limit=200', `?order_id=${order}`, `?cursor=${sealed(deep.message)}`].map((query) => `/api/v1/messages${query}`),
      ...[
        '',
        '?limit=200',
        '?kind=top_up',
        '?kind=debit',
        '?from=2025-03-01&to=2025-04-01',
        `?kind=refund&${month}`,
        `?cursor=${sealed(deep.transaction)}`,
      ].map((query) => `/api/v1/ledger${query}`),
      ...[
        '/api/v1/balance',
        '/api/v1/rentals',
        '/api/v1/offers?limit=200',
        `/api/v1/offers?service=${serviceOf(9)}`,
        '/api/v1/exports',
        '/api/v1/webhooks',
      ],
      ...(hook === '' ? [] : ['', '?state=failed', '?state=waiting'].map((query) => `/api/v1/webhooks/${hook}/deliveries${query}`)),
    ],
  };
}
