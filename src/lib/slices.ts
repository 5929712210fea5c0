import type { Clock } from './clock.ts';

/** Long work in slices this long, with rests between, keeps an SMS that comes meanwhile waiting for no more than one slice. */
const SLICE_MS = 5;
const REST_MS = 5;

/** Makes a function that long work calls after each piece: it lets everything else have its turn when the slice is used up. */
export function breather(clock: Pick<Clock, 'monotonicMs'>, rest: () => Promise<void> = () => Bun.sleep(REST_MS)): () => Promise<void> {
  let startedMs = clock.monotonicMs();
  return async () => {
    if (clock.monotonicMs() - startedMs < SLICE_MS) return;
    await rest();
    startedMs = clock.monotonicMs();
  };
}
