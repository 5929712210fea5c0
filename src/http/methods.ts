import { Refusal } from '../lib/errors.ts';

interface Route {
  method: string;
  path: string;
}

/** Which methods each address of the app takes, asked when nothing answered a request. The app tells its routes when they are all there. */
export class KnownMethods {
  #routes: readonly Route[] = [];

  learn(routes: readonly Route[]): void {
    this.#routes = routes.map(({ method, path }) => ({ method, path }));
  }

  /** The methods an address takes, sorted; none for an address that is not known. */
  of(pathname: string): string[] {
    const methods = new Set<string>();
    for (const { method, path } of this.#routes) {
      if (!matches(path, pathname)) continue;
      // A socket is opened by GET; Elysia answers HEAD wherever it answers GET.
      methods.add(method === 'WS' ? 'GET' : method);
      if (method === 'GET') methods.add('HEAD');
    }
    return [...methods].sort();
  }

  /** Why nothing answered: the address is not known, or not with this method (RFC 9110 15.5.6). */
  refusal(method: string, pathname: string): Refusal {
    const allow = this.of(pathname);
    if (allow.length === 0 || allow.includes(method)) return new Refusal('not_found', 'Nothing is at this address.');
    return new Refusal('method_not_allowed', `This address does not take ${method.slice(0, 20)}; it takes ${allow.join(', ')}.`, { allow });
  }
}

/** `/a/:id` matches `/a/7` and `/a/7/`; `*` matches all that follows. */
function matches(path: string, pathname: string): boolean {
  const wanted = segments(path);
  const given = segments(pathname);
  const rest = wanted.indexOf('*');
  if (rest === -1 ? given.length !== wanted.length : given.length < rest) return false;
  return wanted.slice(0, rest === -1 ? undefined : rest).every((one, at) => (one.startsWith(':') ? given[at] !== '' : one === given[at]));
}

function segments(path: string): string[] {
  return path.replace(/\/$/, '').split('/');
}
