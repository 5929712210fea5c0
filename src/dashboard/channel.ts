import type { Hub } from '../live/hub.ts';

/** A browser tab's socket, as far as this room needs it. */
export interface Tab {
  /** Sends a message; what the socket library answers is of no use here. */
  send(html: string): unknown;
}

/**
 * The open tabs of each customer. However many tabs and events there are, each commit renders the fragments once per customer
 * and sends the same text to every tab.
 */
export class DashboardChannel {
  readonly #hub: Hub;
  readonly #render: (userId: string) => string;
  readonly #tabs = new Map<string, { tabs: Set<Tab>; leave: () => void }>();

  constructor(hub: Hub, render: (userId: string) => string) {
    this.#hub = hub;
    this.#render = render;
  }

  /** Adds a tab and brings it up to date at once: something may have happened between the page and its socket. */
  open(userId: string, tab: Tab): void {
    const known = this.#tabs.get(userId);
    if (known) known.tabs.add(tab);
    else this.#tabs.set(userId, { tabs: new Set([tab]), leave: this.#hub.onUser(userId, () => this.#push(userId)) });
    tab.send(this.#render(userId));
  }

  close(userId: string, tab: Tab): void {
    const known = this.#tabs.get(userId);
    if (!known) return;
    known.tabs.delete(tab);
    if (known.tabs.size > 0) return;
    known.leave();
    this.#tabs.delete(userId);
  }

  /** Open tabs, for the operator. */
  get size(): number {
    let size = 0;
    for (const { tabs } of this.#tabs.values()) size += tabs.size;
    return size;
  }

  #push(userId: string): void {
    const html = this.#render(userId);
    for (const tab of this.#tabs.get(userId)?.tabs ?? []) tab.send(html);
  }
}
