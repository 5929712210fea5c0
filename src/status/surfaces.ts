/** What DESIGN 1 promises to be there. */
export const SURFACES = ['ordering', 'dashboard', 'delivery'] as const;
export type Surface = (typeof SURFACES)[number];

export function isSurface(word: unknown): word is Surface {
  return SURFACES.some((surface) => surface === word);
}

/** How a check went. `degraded`: it works, and part of it does not. */
export type Found = { ok: true; degraded: string | null } | { ok: false; why: string };

/** One look at a surface; rejects or takes too long when it cannot even be looked at. `signal` ends it when its time is over. */
export type Check = (signal: AbortSignal) => Promise<Found>;
export type Checks = Record<Surface, Check>;

/** What a check found, when, and how long it took. */
export interface Result {
  found: Found;
  atMs: number;
  latencyMs: number;
}
