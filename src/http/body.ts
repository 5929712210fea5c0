import { Elysia } from 'elysia';
import { Refusal } from '../lib/errors.ts';

/** Read by their route's own `parse` as the octets that came, since a signature is over them; with a limit of its own. */
const READ_RAW = /^\/payments\/webhooks\/[^/]+$/;

/**
 * Refuses a body of more than `octetsMax` octets as `payload_too_large`, before anything of it is read where the client says how long it is, else as
 * soon as so much came. `larger`: limits of addresses that take more, where the client says how long it is. Bun's own limit would answer without a word, so it must be far above this one.
 */
export function bodyLimit(octetsMax: number, larger: ReadonlyMap<string, number> = new Map()) {
  const tooLarge = tooLargeFor(octetsMax);
  return new Elysia({ name: 'body' })
    .onRequest(({ request }) => {
      const octets = Number(request.headers.get('content-length') ?? 0);
      if (octets <= octetsMax) return;
      const own = larger.get(new URL(request.url).pathname) ?? octetsMax;
      if (octets > own) throw tooLargeFor(own)();
    })
    .onParse({ as: 'global' }, async ({ request, contentType }) => {
      // With a length Elysia reads it; without one (chunked) nobody else counts.
      if (request.headers.has('content-length') || request.body === null || READ_RAW.test(new URL(request.url).pathname)) return undefined;
      const text = new TextDecoder().decode(await readAtMost(request.body, octetsMax, tooLarge));
      if (contentType === 'application/json') return parsedJson(text);
      if (contentType === 'application/x-www-form-urlencoded') return formFields(new URLSearchParams(text));
      return text === '' ? null : text;
    });
}

/** Nothing for what is no JSON: Elysia then finds a body that was read already and says so, after the guard has asked who sent it. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** All octets of a body, exactly as they came. Throws what `tooLarge` makes as soon as there are more than `octetsMax`. */
export async function readAtMost(body: ReadableStream<Uint8Array> | null, octetsMax: number, tooLarge = tooLargeFor(octetsMax)) {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of body ?? []) {
    octets += chunk.length;
    if (octets > octetsMax) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLargeFor(octetsMax: number): () => Refusal {
  return () =>
    new Refusal('payload_too_large', `A request may have at most ${octetsMax / 1024} KiB; send less at once.`, { octets_max: octetsMax });
}

/** As Elysia reads a form: a name that comes more than once becomes a list. */
function formFields(form: URLSearchParams): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  for (const name of form.keys()) {
    const values = form.getAll(name);
    fields.set(name, values.length > 1 ? values : (values[0] ?? ''));
  }
  return Object.fromEntries(fields);
}
