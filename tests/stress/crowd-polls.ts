/** The process of crowd.ts that holds its long-polls open over plain sockets, so that what is measured is the server and not `fetch`. */
import { nowMs, obey, Receipts } from './crowd-report.ts';

export interface PollScene {
  url: string;
  waiters: number;
  orders: { id: string; after: string; key: string }[];
}

interface Waiter {
  orderId: string;
  key: string;
  after: string;
  held: string;
}

const receipts = new Receipts();
let open = 0;
/** Sockets opened at once; a listen queue holds no more. */
const OPENING_MAX = 200;

async function start({ url, waiters, orders }: PollScene): Promise<void> {
  const { hostname, port } = new URL(url);
  const ask = ({ orderId, after, key }: Waiter) =>
    `GET /api/v1/orders/${orderId}?wait=60&after=${after} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  const connect = (n: number) => {
    const order = orders[n % orders.length];
    if (!order) throw new Error('no orders');
    return Bun.connect<Waiter>({
      hostname,
      port: Number(port),
      data: { orderId: order.id, key: order.key, after: order.after, held: '' },
      socket: {
        open(socket) {
          open++;
          socket.write(ask(socket.data));
        },
        data(socket, chunk) {
          const atMs = nowMs();
          const waiter = socket.data;
          waiter.held += chunk.toString();
          const body = wholeBody(waiter.held);
          if (body === null) return;
          waiter.held = '';
          take(waiter, body, atMs);
          socket.write(ask(waiter));
        },
        close: () => void open--,
        error: () => void receipts.errors++,
      },
    });
  };
  for (let n = 0; n < waiters; n += OPENING_MAX)
    await Promise.all(Array.from({ length: Math.min(OPENING_MAX, waiters - n) }, (_, m) => connect(n + m)));
  while (open < waiters) await Bun.sleep(20);
  await Bun.sleep(1000);
}

function wholeBody(text: string): string | null {
  const from = text.indexOf('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
  if (from < 0 || Number.isNaN(length)) return null;
  const body = text.slice(from + 4);
  if (Buffer.byteLength(body) < length) return null;
  if (!text.startsWith('HTTP/1.1 200')) receipts.errors++;
  return body;
}

function take(waiter: Waiter, body: string, atMs: number): void {
  const order = JSON.parse(body) as { last_event?: string; messages?: { id: string; received_at: string }[] };
  if (order.last_event === undefined) return void receipts.errors++;
  waiter.after = order.last_event;
  for (const { id, received_at } of order.messages ?? []) receipts.note(id, received_at, atMs);
}

await obey(receipts, start);
