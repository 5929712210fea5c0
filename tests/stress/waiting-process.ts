/** The second process of waiters.ts: holds the long-polls open over plain sockets, so that what is measured is the server and not `fetch`. */
export type WaiterCommand =
  | { start: { url: string; key: string; waiters: number; orders: { id: string; after: string }[] } }
  | { report: true }
  | { stop: true };

export interface WaiterReport {
  /** By message: how many waiters got it, and how long after its commit the first and the last did. */
  messages: { receivers: number; firstMs: number; lastMs: number }[];
  errors: number;
}

interface Waiter {
  orderId: string;
  after: string;
  held: string;
}

const seen = new Map<string, { receivers: number; firstMs: number; lastMs: number }>();
let errors = 0;
let open = 0;
/** Sockets opened at once; a listen queue holds no more. */
const OPENING_MAX = 200;

const nowMs = () => performance.timeOrigin + performance.now();
const say = (report: WaiterReport) => process.stdout.write(`${JSON.stringify(report)}\n`);

async function start({ url, key, waiters, orders }: Extract<WaiterCommand, { start: unknown }>['start']): Promise<void> {
  const { hostname, port } = new URL(url);
  const ask = (waiter: Waiter) =>
    `GET /api/v1/orders/${waiter.orderId}?wait=60&after=${waiter.after} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  const connect = (n: number) => {
    const order = orders[n % orders.length];
    if (!order) throw new Error('no orders');
    return Bun.connect<Waiter>({
      hostname,
      port: Number(port),
      data: { orderId: order.id, after: order.after, held: '' },
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
        error: () => void errors++,
      },
    });
  };
  for (let n = 0; n < waiters; n += OPENING_MAX)
    await Promise.all(Array.from({ length: Math.min(OPENING_MAX, waiters - n) }, (_, m) => connect(n + m)));
  while (open < waiters) await Bun.sleep(20);
  await Bun.sleep(1000);
  say({ messages: [], errors });
}

function wholeBody(text: string): string | null {
  const from = text.indexOf('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
  if (from < 0 || Number.isNaN(length)) return null;
  const body = text.slice(from + 4);
  if (Buffer.byteLength(body) < length) return null;
  if (!text.startsWith('HTTP/1.1 200')) errors++;
  return body;
}

function take(waiter: Waiter, body: string, atMs: number): void {
  const order = JSON.parse(body) as { last_event?: string; messages?: { id: string; received_at: string }[] };
  if (order.last_event === undefined) return void errors++;
  waiter.after = order.last_event;
  for (const { id, received_at } of order.messages ?? []) {
    const afterMs = atMs - Date.parse(received_at);
    const one = seen.get(id) ?? { receivers: 0, firstMs: afterMs, lastMs: afterMs };
    one.receivers++;
    one.firstMs = Math.min(one.firstMs, afterMs);
    one.lastMs = Math.max(one.lastMs, afterMs);
    seen.set(id, one);
  }
}

let held = '';
for await (const chunk of Bun.stdin.stream()) {
  held += new TextDecoder().decode(chunk);
  const lines = held.split('\n');
  held = lines.pop() ?? '';
  for (const line of lines) {
    const command = JSON.parse(line) as WaiterCommand;
    if ('start' in command) await start(command.start);
    else if ('report' in command) say({ messages: [...seen.values()], errors });
    else process.exit(0);
  }
}
