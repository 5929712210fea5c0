// Made from the API document by `bun run client:types`. Do not edit.
import type { Socket } from './stream.ts';
/**
 * A WebSocket (RFC 6455) on node:http, for Node 20, which has none of its own: text both ways, ping, close; no extensions. Frames of the server come unmasked
 * (5.1), whole messages may come in pieces (5.4).
 */
export declare function nodeSocket(url: string): Socket;
