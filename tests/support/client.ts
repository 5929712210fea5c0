import type { Server } from './server.ts';

interface ApiMessage {
  id: string;
  sender: string;
  text: string;
  code: string | null;
}

export interface ApiOrder {
  id: string;
  status: string;
  reason: string;
  country: string;
  service: string;
  number: string;
  price: number;
  currency: string;
  created_at: string;
  expires_at: string;
  code: string | null;
  messages: ApiMessage[];
  last_event: string;
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** An API client with a key, as a script would be one. */
export class ApiClient {
  readonly #url: string;
  readonly key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.key = key;
  }

  async call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const response = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as T };
  }

  order(country: string, service: string, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
    return this.call<ApiOrder>('POST', '/orders', { country, service, ...more }, headers);
  }

  get(id: string, query = '') {
    return this.call<ApiOrder>('GET', `/orders/${id}${query}`);
  }

  balance() {
    return this.call<{ currency: string; available: number; held: number }>('GET', '/balance');
  }
}

/** Creates a customer with balance and an API key by the commands an operator would use. */
export async function customer(server: Server, email: string, availableMinor = 10_000): Promise<ApiClient> {
  await expectOk(server.run(['user', 'add', email]));
  if (availableMinor > 0) await expectOk(server.run(['user', 'credit', email, String(availableMinor)]));
  const key = await expectOk(server.run(['key', 'create', email]));
  return new ApiClient(server.url, key.trim());
}

/** The standard output of a command that must succeed. */
export async function expectOk(ran: Promise<{ code: number | null; stdout: string; stderr: string }>): Promise<string> {
  const { code, stdout, stderr } = await ran;
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return stdout;
}

/** Resolves when `condition` is true; throws when it is not within `timeoutMs`. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, timeoutMs = 30_000): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await Bun.sleep(20);
  }
}

/** Waits until the server sells that many numbers of the country for the service. */
export async function untilStock(client: ApiClient, country: string, service: string, stock: number): Promise<void> {
  await until(async () => {
    const { body } = await client.call<{ data: { stock: number }[] }>('GET', `/offers?country=${country}&service=${service}`);
    return body.data[0]?.stock === stock;
  }, `stock of ${service} in ${country} is ${stock}`);
}
