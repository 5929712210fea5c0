/** What Elysia hands a handler of the listening server; null when a test calls the app without one. */
interface Listening {
  requestIP(request: Request): { address: string } | null;
}

/** The address a request came from, for limits; `unknown` when there is no listening server. */
export function clientAddress(server: Listening | null, request: Request): string {
  return server?.requestIP(request)?.address ?? 'unknown';
}
