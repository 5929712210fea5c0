// Made from the API document by `bun run client:types`. Do not edit.
import type { Http } from './http.ts';
/** Every row of a list, page after page. */
export declare function pages<T>(http: Http, path: string, query: Record<string, string | number | undefined>, signal?: AbortSignal): AsyncGenerator<T, void, void>;
