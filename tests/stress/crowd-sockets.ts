/** The process of crowd.ts that holds its streams open. */
import { nowMs, obey, Receipts } from './crowd-report.ts';

export interface SocketScene {
  url: string;
  sockets: number;
  /** One for each account; sockets are spread over them. */
  keys: string[];
}

const receipts = new Receipts();
const OPENING_MAX = 100;

async function start({ url, sockets, keys }: SocketScene): Promise<void> {
  const open = (n: number) =>
    new Promise<void>((resolve, reject) => {
      const headers = { authorization: `Bearer ${keys[n % keys.length]}` };
      const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/stream`, { headers });
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Error(`socket ${n} was refused`));
      socket.onclose = () => void receipts.errors++;
      socket.onmessage = ({ data }) => {
        const atMs = nowMs();
        const event = JSON.parse(String(data)) as { type: string; data: { messages?: { id: string; received_at: string }[] } };
        const newest = event.type === 'order.received' ? event.data.messages?.[0] : undefined;
        if (newest) receipts.note(newest.id, newest.received_at, atMs);
      };
    });
  for (let n = 0; n < sockets; n += OPENING_MAX)
    await Promise.all(Array.from({ length: Math.min(OPENING_MAX, sockets - n) }, (_, m) => open(n + m)));
  await Bun.sleep(1000);
}

await obey(receipts, start);
