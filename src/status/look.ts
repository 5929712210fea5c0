import { messageOf } from '../lib/log.ts';
import type { Check, Found } from './surfaces.ts';

/** Makes one check within its time; whatever goes wrong in it is a failure of the surface. */
export async function lookOnce(check: Check, limitMs: number): Promise<Found> {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<Found>();
  const timer = setTimeout(() => {
    resolve({ ok: false, why: `no answer within ${limitMs / 1000} s` });
    controller.abort();
  }, limitMs);
  try {
    return await Promise.race([check(controller.signal), promise]);
  } catch (thrown) {
    return { ok: false, why: messageOf(thrown) };
  } finally {
    clearTimeout(timer);
  }
}
