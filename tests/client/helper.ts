/** What the client's test program needs beside the server: somebody who sends SMS, a page of another origin, and a server with troubles. */
import { createHmac } from 'node:crypto';
import type { TestBank } from '../support/bank.ts';

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': '*',
  'access-control-expose-headers': 'Retry-After, X-Request-Id',
};
const PAGE =
  '<!doctype html><html lang="en"><head><title>page of a customer</title><link rel="icon" href="data:,"></head><body></body></html>';

const TICKETS: Record<string, string[]> = { '/flaky/api/v1/stream': ['tkt_1'], '/cut/api/v1/stream': ['tkt_cut', 'tkt_whole'] };

export interface Helper {
  url: string;
  stop(): Promise<void>;
}

/** `files` are served by their path: the client and the program for the browser. */
export function startHelper(port: number, bank: TestBank, files: ReadonlyMap<string, string>): Helper {
  const troubled = new Set<string>();
  const server = Bun.serve<{ after: string; ticket: string }>({
    hostname: '127.0.0.1',
    port,
    async fetch(request, self) {
      const { pathname, searchParams } = new URL(request.url);
      if (request.method === 'OPTIONS') return new Response(null, { headers: CORS });
      const file = files.get(pathname);
      if (file !== undefined) return new Response(file, { headers: { 'content-type': 'text/javascript' } });
      if (pathname === '/sms') {
        const sent = await bank.sendSms((await request.json()) as { number: string; sender: string; text: string });
        return Response.json(sent, { status: sent.ok ? 200 : 500, headers: CORS });
      }
      if (pathname === '/signed') return Response.json(signed(await request.text()), { headers: CORS });
      if (pathname === '/flaky/api/v1/balance') {
        const caller = request.headers.get('user-agent') ?? '';
        if (!troubled.has(caller)) {
          troubled.add(caller);
          return Response.json({ type: 'limit_reached' }, { status: 429, headers: { ...CORS, 'retry-after': '1' } });
        }
        return Response.json({ currency: 'USD', available: 1, held: 0 }, { headers: CORS });
      }
      if (pathname === '/flaky/api/v1/stream/tickets') return Response.json({ ticket: 'tkt_1', expires_at: '' }, { headers: CORS });
      if (pathname === '/cut/api/v1/stream/tickets') {
        // The account's first event comes between the first socket and the second.
        const caller = `cut ${request.headers.get('user-agent') ?? ''}`;
        const isFirst = !troubled.has(caller);
        troubled.add(caller);
        const answer = isFirst ? { ticket: 'tkt_cut', last_event: null } : { ticket: 'tkt_whole', last_event: 'evt_1' };
        return Response.json({ ...answer, expires_at: '' }, { headers: CORS });
      }
      const ticket = searchParams.get('ticket') ?? '';
      if (TICKETS[pathname]?.includes(ticket)) {
        if (self.upgrade(request, { data: { after: searchParams.get('after') ?? '', ticket } })) return undefined;
      }
      return new Response(PAGE, { headers: { 'content-type': 'text/html' } });
    },
    websocket: {
      open(socket) {
        if (socket.data.ticket === 'tkt_cut') return void socket.close(1012, 'before the first event');
        if (socket.data.ticket === 'tkt_whole' && socket.data.after === 'start') {
          return void socket.send('{"id":"evt_1","type":"order.created","created_at":"2026-11-22T14:03:22.000Z","data":{}}');
        }
        const from = Number(/^evt_(\d+)$/.exec(socket.data.after)?.[1] ?? Number.NaN);
        if (Number.isNaN(from)) return void socket.close(4410, 'too old');
        socket.ping();
        socket.send('{"now":"2026-11-22T14:03:22.000Z"}');
        // Repeats the one that was asked after, as a careful server may, and cuts the line in the middle.
        for (let n = from; n <= from + 3; n++) {
          const data = { padding: 'x'.repeat(n % 2 === 0 ? 200 : 70_000) };
          if (n > 0) socket.send(JSON.stringify({ id: `evt_${n}`, type: 'order.created', created_at: '2026-11-22T14:03:22.000Z', data }));
        }
        if (from < 3) socket.close(1012, 'restart');
      },
      message() {},
    },
  });
  return { url: `http://127.0.0.1:${port}`, stop: () => server.stop(true) };
}

function signed(body: string): { secret: string; headers: Record<string, string> } {
  const key = Buffer.from('a secret of thirty-two octets...');
  const id = 'msg_1';
  const timestamp = String(Math.floor(Date.now() / 1000));
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    secret: `whsec_${key.toString('base64')}`,
    headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1a,AAAA v1,AAAA v1,${mac}` },
  };
}
