import { ids } from '../../views/ids.ts';
import { SESSION_COOKIE } from '../accounts/guard.ts';
import { CHECK_HEADER, type Checker, ORDER_CHECK_PATH } from './checker.ts';
import type { Check, Found } from './surfaces.ts';

/** Where this server answers, seen from the machine it runs on. */
export function ownUrl({ host, port }: { host: string; port: number }): string {
  const at = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${at}:${port}`;
}

/** Orders through the port, as docs/status.md tells: the answer says whether an order would have stood. */
export function orderingCheck(url: string, checker: Checker): Check {
  return async (signal) => {
    const response = await fetch(`${url}${ORDER_CHECK_PATH}`, { method: 'POST', headers: { [CHECK_HEADER]: checker.token }, signal });
    if (!response.ok) return { ok: false, why: `an order was answered with ${response.status}` };
    return (await response.json()) as Found;
  };
}

/** Opens the dashboard as a customer's browser does: its page, then its socket, until the first push came. */
export function dashboardCheck(url: string, checker: Checker): Check {
  const headers = { cookie: `${SESSION_COOKIE}=${checker.token}` };
  return async (signal) => {
    const response = await fetch(`${url}/dashboard`, { headers, redirect: 'manual', signal });
    const html = await response.text();
    if (response.status !== 200) return { ok: false, why: `the page was answered with ${response.status}` };
    if (!html.includes(`id="${ids.balance}"`)) return { ok: false, why: 'the page shows no balance' };
    return firstPush(url, headers, signal);
  };
}

function firstPush(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Found> {
  const { promise, resolve } = Promise.withResolvers<Found>();
  // Bun's WebSocket takes headers, as a browser's sends its cookie.
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/dashboard/live`, { headers });
  signal.addEventListener('abort', () => socket.close());
  socket.onmessage = ({ data }) => {
    resolve(
      String(data).includes(ids.balance)
        ? { ok: true, degraded: null }
        : { ok: false, why: 'the socket pushed something else than the dashboard' },
    );
    socket.close();
  };
  socket.onerror = () => resolve({ ok: false, why: 'the socket could not be opened' });
  socket.onclose = ({ code }) => resolve({ ok: false, why: `the socket was closed with ${code} before anything came` });
  return promise;
}
