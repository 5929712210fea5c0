import type { Database } from 'bun:sqlite';
import { type EventType, eventsOfUserAfter, hasMoreEventsThan, newestEventOfUser, type StoredEvent, seqOfEvent } from '../db/events.ts';
import { rfc3339 } from '../lib/clock.ts';
import type { Hub } from './hub.ts';
import { CLOSE, closeWith, type Socket, sendOrCut } from './socket.ts';

/** Who reads a stream, and what of it. */
export interface Reader {
  userId: string;
  /** Which key, so that many sockets of one are asked about once. */
  keyId: string;
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
  /** Which of the shares of beat(). */
  share: Set<Open>;
}

/** Before the account's first event: where an account without events is resumed from. */
export const START = 'start';
/** Who comes back after more than this has missed too much to be told one by one. */
export const REPLAY_EVENTS_MAX = 10_000;
const REPLAY_AT_ONCE = 200;
/** While a reader has this much lying, its replay waits. */
const REPLAY_OCTETS_MAX = 256 * 1024;
export const SOCKETS_OF_ACCOUNT_MAX = 1000;
/** A proxy closes a silent socket after a minute or less. A share of the sockets has its turn each second, so that no turn of the event loop is long. */
const HEARTBEAT_SECONDS = 15;

/**
 * The open streams of API clients: each event of their account as one JSON text, in the order of the log, none left out and none twice on one
 * socket, from `after` on. An event is written as text once, however many sockets of the account are open.
 */
export class StreamChannel {
  readonly counts = { sent: 0, cut: 0 };
  readonly #db: Database;
  readonly #hub: Hub;
  readonly #pushed: (eventId: string) => void;
  /** Who has more to be sent than fits in one turn of the event loop; each gets a page in its turn. */
  readonly #waiting = new Set<Open>();
  #turning = false;
  readonly #shares = Array.from({ length: HEARTBEAT_SECONDS }, () => new Set<Open>());
  #opened = 0;
  #beats = 0;
  readonly #byUser = new Map<string, { readers: Map<Socket, Open>; leave: () => void }>();

  /** `pushed` is told, after its frame was sent, of each event about an order. */
  constructor(db: Database, hub: Hub, nowMs: () => number, pushed: (eventId: string) => void = () => {}) {
    this.#db = db;
    this.#hub = hub;
    this.#pushed = pushed;
    setInterval(() => this.beat(nowMs()), 1000).unref();
    hub.onClose(() => this.#closeAll());
  }

  /** Begins a stream, or closes the socket at once with the reason why not. */
  open(socket: Socket, reader: Reader): void {
    const { userId, after } = reader;
    if (this.#hub.isClosed) return closeWith(socket, CLOSE.stopping);
    const known = this.#byUser.get(userId);
    if (known && known.readers.size >= SOCKETS_OF_ACCOUNT_MAX) return closeWith(socket, CLOSE.tooMany);
    const cursor = after === START ? 0 : seqOfEvent(this.#db, userId, after);
    if (cursor === null || hasMoreEventsThan(this.#db, userId, cursor, REPLAY_EVENTS_MAX)) return closeWith(socket, CLOSE.notResumable);
    const share = this.#shares[this.#opened++ % HEARTBEAT_SECONDS] ?? new Set();
    const open: Open = { ...reader, socket, cursor, behind: true, share };
    share.add(open);
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
    const open = account?.readers.get(socket);
    if (!account || !open) return;
    account.readers.delete(socket);
    open.share.delete(open);
    this.#waiting.delete(open);
    if (account.readers.size > 0) return;
    account.leave();
    this.#byUser.delete(userId);
  }

  /** Open sockets, for the operator. */
  get size(): number {
    let size = 0;
    for (const { readers } of this.#byUser.values()) size += readers.size;
    return size;
  }

  /**
   * Sends one page from the log; `#turn` and `drained` go on. Finds the log's end and takes the reader for up to date in one turn of the event loop, so that
   * nothing can come in between; until then what is published is left to the log.
   */
  #replay(open: Open): void {
    this.#waiting.delete(open);
    const isFull = (): boolean => open.socket.getBufferedAmount() > REPLAY_OCTETS_MAX;
    if (isFull()) return;
    const events = eventsOfUserAfter(this.#db, open.userId, open.cursor, REPLAY_AT_ONCE);
    const keys = new Map<string, boolean>();
    for (const event of events) if (isFull() || !this.#send(open, event, frameOf(event), keys)) return;
    if (events.length < REPLAY_AT_ONCE) open.behind = false;
    else this.#wait(open);
  }

  #wait(open: Open): void {
    this.#waiting.add(open);
    if (this.#turning) return;
    this.#turning = true;
    setImmediate(() => this.#turn());
  }

  /** One page for the one who has waited longest, then whatever else the server has to do. */
  #turn(): void {
    const [next] = this.#waiting;
    try {
      if (next) this.#replay(next);
    } finally {
      this.#turning = this.#waiting.size > 0;
      if (this.#turning) setImmediate(() => this.#turn());
    }
  }

  #publish(userId: string, events: readonly StoredEvent[]): void {
    const readers = [...(this.#byUser.get(userId)?.readers.values() ?? [])];
    const keys = new Map<string, boolean>();
    for (const event of events) {
      const frame = frameOf(event);
      for (const open of readers) if (!open.behind && event.seq > open.cursor) this.#send(open, event, frame, keys);
    }
  }

  /** False when the socket is not open any more. `keys` is what was found out about keys in this turn of the event loop. */
  #send(open: Open, event: StoredEvent, frame: string, keys: Map<string, boolean>): boolean {
    open.cursor = event.seq;
    if (!open.sees(event.type)) return true;
    if (!holds(open, keys)) return this.#cut(open, CLOSE.unauthorized);
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

  /** One second's share of the sockets: whose key has ended is closed, the others get the heartbeat they asked for. Each key is asked about once. */
  beat(nowMs: number): void {
    const frame = JSON.stringify({ type: 'heartbeat', created_at: rfc3339(nowMs) });
    const keys = new Map<string, boolean>();
    for (const open of [...(this.#shares[this.#beats++ % HEARTBEAT_SECONDS] ?? [])]) {
      if (!holds(open, keys)) this.#cut(open, CLOSE.unauthorized);
      else if (open.heartbeat && !open.behind && !sendOrCut(open.socket, frame)) this.#cut(open, null);
    }
  }

  #closeAll(): void {
    for (const { readers } of [...this.#byUser.values()]) {
      for (const open of [...readers.values()]) {
        closeWith(open.socket, CLOSE.stopping);
        this.closed(open.userId, open.socket);
      }
    }
  }
}

function holds(reader: Reader, known: Map<string, boolean>): boolean {
  const found = known.get(reader.keyId) ?? reader.holds();
  known.set(reader.keyId, found);
  return found;
}

/** Where a stream that asks for nothing earlier begins: the `after` by which nothing from this moment on is left out. */
export function placeNow(db: Database, userId: string): string {
  return newestEventOfUser(db, userId) ?? START;
}

/** An event as every JSON channel carries it. `data` is JSON already. */
export function frameOf(event: StoredEvent): string {
  return `{"id":${JSON.stringify(event.id)},"type":${JSON.stringify(event.type)},"created_at":"${rfc3339(event.createdAtMs)}","data":${event.data}}`;
}
