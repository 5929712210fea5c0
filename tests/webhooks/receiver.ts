import { createServer, type Server, type Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  id: string;
  body: string;
  headers: Headers;
  path: string;
}

export interface Receiver {
  port: number;
  url: string;
  /** In the order in which they came. */
  received: Received[];
  stop(): Promise<void>;
}

/** An HTTP server of a customer that notes what it gets and answers as it is told. */
export function startReceiver(
  answer: (request: Received, count: number) => Response | Promise<Response> = () => new Response('ok'),
  tls?: { key: string; cert: string },
): Receiver {
  const received: Received[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    ...(tls ? { tls } : {}),
    async fetch(request) {
      const one = {
        id: request.headers.get('webhook-id') ?? '',
        body: await request.text(),
        headers: request.headers,
        path: new URL(request.url).pathname,
      };
      received.push(one);
      return answer(one, received.length);
    },
  });
  const port = server.port ?? 0;
  return { port, url: `http://127.0.0.1:${port}/hook`, received, stop: () => server.stop(true) };
}

/** What the public library makes of a delivery, or that it throws. */
export function verified(secret: string, { body, headers }: Pick<Received, 'body' | 'headers'>): unknown {
  return new Webhook(secret).verify(body, Object.fromEntries(headers.entries()));
}

/** A receiver below HTTP, for what no HTTP server does; `onRequest` is called when the first octets came. */
export async function startRawReceiver(onRequest: (socket: Socket) => void): Promise<{ port: number; stop(): Promise<void> }> {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    socket.once('data', () => onRequest(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    stop: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
