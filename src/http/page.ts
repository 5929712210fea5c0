/** Everything the pages need comes from this server; nothing inline runs, nobody may frame us. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const SECURITY_HEADERS: Record<string, string> = {
  'content-security-policy': PAGE_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** A page or fragment of ours as a response. `markup` comes from the views, which escape what is not ours; a promise means an async view. */
export async function page(markup: JSX.Element, options: { status?: number; headers?: Record<string, string> } = {}): Promise<Response> {
  return new Response(await markup, {
    status: options.status ?? 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...SECURITY_HEADERS, ...options.headers },
  });
}

/** The same in few octets, for what is long and fetched again and again. Nothing secret may stand beside what a request says: its length would tell. */
export async function zippedPage(request: Request, markup: JSX.Element): Promise<Response> {
  const plain = await page(markup);
  if (!/\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')) return plain;
  const headers = new Headers(plain.headers);
  headers.set('content-encoding', 'gzip');
  headers.set('vary', 'accept-encoding');
  return new Response(Bun.gzipSync(await plain.arrayBuffer()), { status: plain.status, headers });
}

/** Sends the browser elsewhere after a write (303), so that a reload does not repeat it; htmx is told to navigate. */
export function seeOther(request: Request, location: string, headers: Record<string, string> = {}): Response {
  if (request.headers.has('hx-request')) return new Response(null, { status: 200, headers: { 'hx-redirect': location, ...headers } });
  return new Response(null, { status: 303, headers: { location, ...headers } });
}

/** A path of ours to return to after signing in, or the fallback for anything that could lead to another site. */
export function ownPath(path: unknown, fallback: string): string {
  return typeof path === 'string' && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : fallback;
}
