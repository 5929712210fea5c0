import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { Random } from '../../src/modem/virtual/random.ts';
import type { Fact, Sink, SinkVerdict } from './sink.ts';

interface Arrival {
  id: string;
  body: string;
  /** Whether the sender was told that it arrived. */
  isAccepted: boolean;
  /** Why the public library refused it, or null. */
  invalid: string | null;
}

type Behaviour = 'accept' | 'error' | 'later' | 'hang' | 'reset' | 'lost answer';
/** What a request that shall fail meets. */
const FAILURES: readonly Behaviour[] = ['error', 'error', 'later', 'hang', 'reset', 'lost answer'];

/** A webhook receiver that fails as often as `failing` says, in every way a receiver can. */
export async function startWebhookSink({ random, failing }: { random: Random; failing: number }): Promise<Sink> {
  const arrivals: Arrival[] = [];
  const met = new Map<Behaviour, number>();
  let secret = '';
  let isHealed = false;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const behaviour = !isHealed && random.next() < failing ? random.pick(FAILURES) : 'accept';
    met.set(behaviour, (met.get(behaviour) ?? 0) + 1);
    if (behaviour === 'reset') return void request.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (behaviour === 'hang') return;
    if (behaviour === 'error') return void response.writeHead(500).end('broken on purpose');
    if (behaviour === 'later') return void response.writeHead(503, { 'retry-after': '1' }).end();
    arrivals.push(arrivalOf(request, Buffer.concat(chunks).toString(), behaviour === 'accept'));
    if (behaviour === 'lost answer') return void request.socket.destroy();
    response.writeHead(200).end('ok');
  }

  function arrivalOf(request: IncomingMessage, body: string, isAccepted: boolean): Arrival {
    const headers = request.headers as Record<string, string>;
    let invalid: string | null = null;
    try {
      new Webhook(secret).verify(body, headers);
    } catch (thrown) {
      invalid = String(thrown);
    }
    return { id: headers['webhook-id'] ?? '', body, isAccepted, invalid };
  }

  const server = createServer((request, response) => {
    // The sender was killed in the middle: it will come again.
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    name: 'webhook',
    config: `[webhooks]\nallow = ["127.0.0.1"]\ntimeout_seconds = 1\nretry_seconds = [${Array.from({ length: 30 }, (_, n) => Math.min(0.2 * (n + 1), 2).toFixed(1)).join(', ')}]\n`,
    async subscribe(customer) {
      const made = await customer.call<{ secret: string }>('POST', '/webhooks', { url: `http://127.0.0.1:${port}/hook` });
      if (made.status !== 201) throw new Error(`no endpoint: ${JSON.stringify(made.body)}`);
      secret = made.body.secret;
    },
    heal: () => {
      isHealed = true;
    },
    check: (facts) => verdictOf(facts, arrivals, met),
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function verdictOf(facts: readonly Fact[], arrivals: readonly Arrival[], met: ReadonlyMap<Behaviour, number>): SinkVerdict {
  const byId = Map.groupBy(arrivals, ({ id }) => id);
  const known = new Map(facts.map((fact) => [fact.id, fact]));
  const problems: string[] = [];
  let arrived = 0;
  for (const fact of facts) {
    if (byId.get(fact.id)?.some(({ isAccepted }) => isAccepted) === true) arrived++;
    else problems.push(`${fact.type} ${fact.id} never arrived`);
  }
  for (const { id, body, invalid } of arrivals) {
    const fact = known.get(id);
    if (invalid !== null) problems.push(`${id}: ${invalid}`);
    if (!fact) problems.push(`${id} is no event`);
    else if (!body.startsWith(`{"id":"${id}","type":"${fact.type}",`) || !body.endsWith(`,"data":${fact.data}}`))
      problems.push(`${id}: another body`);
  }
  const requests = [...met.values()].reduce((sum, count) => sum + count, 0);
  const accepted = arrivals.filter(({ isAccepted }) => isAccepted).length;
  return {
    name: 'webhook',
    expected: facts.length,
    arrived,
    duplicates: arrivals.length - byId.size,
    problems,
    figures: [
      `requests ${requests}: ${[...met].map(([behaviour, count]) => `${behaviour} ${count}`).join(', ')}`,
      `arrivals ${arrivals.length} of ${byId.size} events, all signatures checked; told to have arrived ${accepted}, of these doubled ${accepted - arrived}`,
    ],
  };
}
