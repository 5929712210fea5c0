import { pushHeartbeat } from '../../views/dashboard-push.tsx';
import type { StoredEvent } from '../db/events.ts';
import type { Hub } from '../live/hub.ts';
import { CLOSE, closeWith, type Socket, sendOrCut } from '../live/socket.ts';

/** A browser tab's socket. */
export type Tab = Socket;

/** A tab and whether its session still holds: signed out, blocked or expired, it is shown nothing more. */
interface OpenTab {
  tab: Tab;
  mayRead(): boolean;
}

/** RFC 6455 7.4.1: policy violation. static/live.js then asks by HTTP, and is sent to the sign-in page. */
const SESSION_ENDED = 1008;

/** Each tab costs a rendering and a place in every push; the others ask by HTTP. */
export const TABS_OF_CUSTOMER_MAX = 100;

/** What to send a customer's tabs after these events, or to bring one up to date (null). */
export type Render = (userId: string, events: readonly StoredEvent[] | null) => string;

/** A proxy closes a silent socket after a minute or less; static/live.js takes one for dead after 45 s. */
const HEARTBEAT_MS = 15_000;

/**
 * The open tabs of each customer. However many tabs and events there are, each commit renders the fragments once per customer
 * and sends the same text to every tab.
 */
export class DashboardChannel {
  readonly #hub: Pick<Hub, 'onUser' | 'onClose' | 'isClosed'>;
  readonly #render: Render;
  readonly #pushed: (events: readonly StoredEvent[]) => void;
  readonly #tabs = new Map<string, { tabs: Map<Tab, OpenTab>; leave: () => void }>();

  /** `pushed` is told, after the frames were sent, which events reached at least one tab. */
  constructor(
    hub: Pick<Hub, 'onUser' | 'onClose' | 'isClosed'>,
    render: Render,
    nowMs: () => number,
    pushed: (events: readonly StoredEvent[]) => void,
  ) {
    this.#hub = hub;
    this.#render = render;
    this.#pushed = pushed;
    setInterval(() => this.#beat(nowMs()), HEARTBEAT_MS).unref();
    hub.onClose(() => this.#closeAll());
  }

  /** Adds a tab, or closes it at once with the reason why not, and brings it up to date at once: something may have happened between the page and its socket. */
  open(userId: string, tab: Tab, mayRead: () => boolean): void {
    if (this.#hub.isClosed) return closeWith(tab, CLOSE.stopping);
    const known = this.#tabs.get(userId);
    if (known && known.tabs.size >= TABS_OF_CUSTOMER_MAX) return closeWith(tab, CLOSE.tooMany);
    if (known) known.tabs.set(tab, { tab, mayRead });
    else
      this.#tabs.set(userId, {
        tabs: new Map([[tab, { tab, mayRead }]]),
        leave: this.#hub.onUser(userId, (events) => this.#push(userId, events)),
      });
    sendOrCut(tab, this.#render(userId, null));
  }

  close(userId: string, tab: Tab): void {
    const known = this.#tabs.get(userId);
    if (!known) return;
    known.tabs.delete(tab);
    if (known.tabs.size > 0) return;
    known.leave();
    this.#tabs.delete(userId);
  }

  /** Brings the tabs of these customers up to date though nothing happened to them: something beside them changed what they are shown. */
  renew(userIds: Iterable<string>): void {
    for (const userId of userIds) if (this.#tabs.has(userId)) this.#sendAll(userId, this.#render(userId, null));
  }

  /** Open tabs, for the operator. */
  get size(): number {
    let size = 0;
    for (const { tabs } of this.#tabs.values()) size += tabs.size;
    return size;
  }

  #beat(nowMs: number): void {
    const html = pushHeartbeat(nowMs);
    for (const userId of [...this.#tabs.keys()]) this.#sendAll(userId, html);
  }

  #push(userId: string, events: readonly StoredEvent[]): void {
    if (this.#sendAll(userId, this.#render(userId, events))) this.#pushed(events);
  }

  #closeAll(): void {
    for (const [userId, { tabs }] of [...this.#tabs]) {
      for (const tab of [...tabs.keys()]) {
        closeWith(tab, CLOSE.stopping);
        this.close(userId, tab);
      }
    }
  }

  /** True when at least one tab got it. */
  #sendAll(userId: string, html: string): boolean {
    let sent = false;
    for (const { tab, mayRead } of [...(this.#tabs.get(userId)?.tabs.values() ?? [])]) {
      if (mayRead()) {
        sent = sendOrCut(tab, html) || sent;
      } else tab.close(SESSION_ENDED, 'the session has ended');
    }
    return sent;
  }
}
