import type { Http } from './http.ts';

/** Every row of a list, page after page. */
export async function* pages<T>(
  http: Http,
  path: string,
  query: Record<string, string | number | undefined>,
  signal?: AbortSignal,
): AsyncGenerator<T, void, void> {
  let cursor: string | undefined;
  do {
    const page = await http.call<{ data: T[]; next_cursor: string | null }>('GET', path, { query: { ...query, cursor }, signal });
    yield* page.data;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}
