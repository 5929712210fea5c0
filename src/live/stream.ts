import type { Database } from 'bun:sqlite';
import { type EventType, eventsOfUserAfter, newestEventOfUser, type StoredEvent, seqOfEvent } from '../db/events.ts';
import { rfc3339 } from '../lib/clock.ts';
import type { Hub } from './hub.ts';
import { CLOSE, closeWith, type Socket, sendOrCut } from './socket.ts';

/** Who reads a stream, and what of it. */
export interface Reader {
  userId: string;
  /** Whether the key still holds; asked before anything is sent. */
  holds(): boolean;
  sees(type: EventType): boolean;
  /** An event id, or START: everything after it is sent first. */
  after: string;
  /** Wants a frame now and then that shows the connection lives: browsers do not show a script the WebSocket's own pings. */
  heartbeat: boolean;
}

interface Open extends Reader {
  socket: Socket;
  /** The `seq` up to which everything was sent. */
  cursor: number;
  /** Still reading from the log: what is published meanwhile is found there. */
  behind: boolean;
}

/** Before the account's first event: where an account without events is resumed from. */
export const START = 'start';
/** Who comes back after more than this has missed too much to be told one by one. */
export const REPLAY_EVENTS_MAX = 10_000;
const REPLAY_AT_ONCE = 200;
/** While a reader has this much lying, its replay waits. */
const REPLAY_OCTETS_MAX = 256 * 1024;
export const SOCKETS_OF_ACCOUNT_MAX = 1000;
/** A proxy closes a silent socket after a minute or less. */
const HEARTBEAT_MS = 15_000;

/**
 * The open streams of API clients: each event of their account as one JSON text, in the order of the log, none left out and none twice on one
 * socket, from `after` on. An event is written as text once, however many sockets of the account are open.
 */
export class StreamChannel {
  readonly counts = { sent: 0, cut: 0 };
  readonly #db: Database;
  readonly #hub: Hub;
  readonly #pushed: (eventId: string) => void;
  readonly #byUser = new Map<string, { readers: Map<Socket, Open>; leave: () => void }>();

  /** `pushed` is told, after its frame was sent, of each event about an order. */
  constructor(db: Database, hub: Hub, nowMs: () => number, pushed: (eventId: string) => void = () => {}) {
    this.#db = db;
    this.#hub = hub;
    this.#pushed = pushed;
    setInterval(() => this.#beat(nowMs()), HEARTBEAT_MS).unref();
    hub.onClose(() => this.#closeAll());
  }

  /** Begins a stream, or closes the socket at once with the reason why not. */
  open(socket: Socket, reader: Reader): void {
    const { userId, after } = reader;
    const known = this.#byUser.get(userId);
    if (known && known.readers.size >= SOCKETS_OF_ACCOUNT_MAX) return closeWith(socket, CLOSE.tooMany);
    const cursor = after === START ? 0 : seqOfEvent(this.#db, userId, after);
    if (cursor === null || this.#isTooFar(userId, cursor)) return closeWith(socket, CLOSE.notResumable);
    const open: Open = { ...reader, socket, cursor, behind: true };
    const account = known ?? {
      readers: new Map<Socket, Open>(),
      leave: this.#hub.onUser(userId, (events) => this.#publish(userId, events)),
    };
    this.#byUser.set(userId, account);
    account.readers.set(socket, open);
    this.#replay(open);
  }

  /** The socket took what was lying: a replay may go on. */
  drained(userId: string, socket: Socket): void {
    const open = this.#byUser.get(userId)?.readers.get(socket);
    if (open?.behind) this.#replay(open);
  }

  closed(userId: string, socket: Socket): void {
    const account = this.#byUser.get(userId);
    if (!account?.readers.delete(socket) || account.readers.size > 0) return;
    account.leave();
    this.#byUser.delete(userId);
  }

  /** Open sockets, for the operator. */
  get size(): number {
    let size = 0;
    for (const { readers } of this.#byUser.values()) size += readers.size;
    return size;
  }

  #isTooFar(userId: string, seq: number): boolean {
    return eventsOfUserAfter(this.#db, userId, seq, REPLAY_EVENTS_MAX + 1).length > REPLAY_EVENTS_MAX;
  }

  /** Sends from the log until there is nothing left or the reader has enough lying; `drained` goes on. Ends in the same turn as it finds the log's end, so nothing can come in between. */
  #replay(open: Open): void {
    const isFull = (): boolean => open.socket.getBufferedAmount() > REPLAY_OCTETS_MAX;
    while (!isFull()) {
      const events = eventsOfUserAfter(this.#db, open.userId, open.cursor, REPLAY_AT_ONCE);
      if (events.length === 0) {
        open.behind = false;
        return;
      }
      for (const event of events) if (isFull() || !this.#send(open, event, frameOf(event))) return;
    }
  }

  #publish(userId: string, events: readonly StoredEvent[]): void {
    const readers = [...(this.#byUser.get(userId)?.readers.values() ?? [])];
    for (const event of events) {
      const frame = frameOf(event);
      for (const open of readers) if (!open.behind && event.seq > open.cursor) this.#send(open, event, frame);
    }
  }

  /** False when the socket is not open any more. */
  #send(open: Open, event: StoredEvent, frame: string): boolean {
    open.cursor = event.seq;
    if (!open.sees(event.type)) return true;
    if (!open.holds()) return this.#cut(open, CLOSE.unauthorized);
    if (!sendOrCut(open.socket, frame)) return this.#cut(open, null);
    this.counts.sent++;
    if (event.orderId !== null && event.type !== 'balance.changed') this.#pushed(event.id);
    return true;
  }

  #cut(open: Open, why: (typeof CLOSE)[keyof typeof CLOSE] | null): false {
    this.counts.cut++;
    if (why !== null) closeWith(open.socket, why);
    this.closed(open.userId, open.socket);
    return false;
  }

  #beat(nowMs: number): void {
    const frame = JSON.stringify({ type: 'heartbeat', created_at: rfc3339(nowMs) });
    for (const { readers } of [...this.#byUser.values()]) {
      for (const open of [...readers.values()]) {
        if (!open.holds()) this.#cut(open, CLOSE.unauthorized);
        else if (open.heartbeat && !open.behind && !sendOrCut(open.socket, frame)) this.#cut(open, null);
      }
    }
  }

  #closeAll(): void {
    for (const { readers } of [...this.#byUser.values()]) for (const { socket } of readers.values()) closeWith(socket, CLOSE.stopping);
  }
}

/** Where a stream that asks for nothing earlier begins: the `after` by which nothing from this moment on is left out. */
export function placeNow(db: Database, userId: string): string {
  return newestEventOfUser(db, userId) ?? START;
}

/** An event as every JSON channel carries it. `data` is JSON already. */
export function frameOf(event: StoredEvent): string {
  return `{"id":${JSON.stringify(event.id)},"type":${JSON.stringify(event.type)},"created_at":"${rfc3339(event.createdAtMs)}","data":${event.data}}`;
}
