import { invariant } from '../lib/errors.ts';

/** An open WebSocket, as far as the channels need it. */
export interface Socket {
  /** Octets sent, -1 when they were queued behind others, 0 when they were dropped. */
  send(text: string): number;
  close(code: number, reason: string): unknown;
  terminate(): unknown;
  /** Octets that the reader has not taken yet. */
  getBufferedAmount(): number;
}

/** The socket behind the framework's own, which is Bun's and can do more than the framework's types say. */
export function socketOf(raw: Omit<Socket, 'getBufferedAmount'>): Socket {
  invariant('getBufferedAmount' in raw, 'the WebSocket is not one of Bun');
  return raw as Socket;
}

/** Why a socket is closed, by code (RFC 6455 7.4.2: 4000 to 4999 are ours). docs/stream.md tells clients what to do about each. */
export const CLOSE = {
  stopping: { code: 1001, reason: 'the server stops; connect again with after' },
  unauthorized: { code: 4401, reason: 'the key or session does not hold any more' },
  slow: { code: 4408, reason: 'the reader is too slow; connect again with after' },
  notResumable: { code: 4410, reason: 'after is not in the event log; read what you need by REST and connect without it' },
  tooMany: { code: 4429, reason: 'too many sockets of this account' },
} as const;

/** What a reader may leave lying; a healthy one takes each frame within a round trip. */
const UNREAD_OCTETS_MAX = 1024 * 1024;
/** Who does not read does not answer a close either. */
const TERMINATE_AFTER_MS = 10_000;

/** Sends `text`, or closes the socket with `slow` when its reader has left too much lying: nothing is ever left out in between. False when it was closed. */
export function sendOrCut(socket: Socket, text: string): boolean {
  const sent = socket.send(text);
  if (sent !== 0 && (sent > 0 || socket.getBufferedAmount() <= UNREAD_OCTETS_MAX)) return true;
  closeWith(socket, CLOSE.slow);
  return false;
}

/** Closes the socket with its code and reason, and hangs up if the other side does not take note. */
export function closeWith(socket: Socket, why: (typeof CLOSE)[keyof typeof CLOSE]): void {
  socket.close(why.code, why.reason);
  setTimeout(() => socket.terminate(), TERMINATE_AFTER_MS).unref();
}
