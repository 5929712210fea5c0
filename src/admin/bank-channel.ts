import { type LiveBankView, pushBank, pushBankChanges } from '../../views/admin/bank-push.tsx';
import { pushHeartbeat } from '../../views/dashboard-push.tsx';
import type { BankFilter } from '../../views/model.ts';
import { type Log, messageOf } from '../lib/log.ts';

/** A browser tab's socket, as far as this room needs it. */
export interface Tab {
  send(html: string): unknown;
  close(code: number, reason: string): unknown;
}

interface Group {
  filter: BankFilter;
  tabs: Map<Tab, () => boolean>;
  shown: LiveBankView;
}

/** RFC 6455 7.4.1: policy violation. static/live.js then asks by HTTP, and is sent to the sign-in page. */
const SESSION_ENDED = 1008;
const LOOK_EVERY_MS = 1000;
/** A proxy closes a silent socket after a minute or less; static/live.js takes one for dead after 45 s. */
const HEARTBEAT_LOOKS = 15;

export interface BankChannelDeps {
  view(filter: BankFilter): LiveBankView;
  log: Pick<Log, 'error'>;
  lookEveryMs?: number;
}

/**
 * The open tabs of the bank page. While there are any, the bank is looked at once a second and each tab is sent what changed since; tabs with the
 * same filter share the work. Modems tell of every answered command, so being told by each would be more work than looking.
 */
export class BankChannel {
  readonly #deps: BankChannelDeps;
  readonly #groups = new Map<string, Group>();
  #interval: ReturnType<typeof setInterval> | null = null;
  #looks = 0;

  constructor(deps: BankChannelDeps) {
    this.#deps = deps;
  }

  /** Adds a tab and brings it up to date at once: something may have happened between the page and its socket. */
  open(tab: Tab, filter: BankFilter, mayRead: () => boolean): void {
    const key = JSON.stringify(filter);
    const group = this.#groups.get(key) ?? { filter, tabs: new Map(), shown: this.#deps.view(filter) };
    this.#groups.set(key, group);
    // The others first: what is compared with next is what every tab of the group has.
    this.#refresh(group);
    group.tabs.set(tab, mayRead);
    tab.send(pushBank(group.shown));
    this.#interval ??= setInterval(() => this.#look(), this.#deps.lookEveryMs ?? LOOK_EVERY_MS).unref();
  }

  close(tab: Tab): void {
    for (const [key, group] of this.#groups) {
      if (group.tabs.delete(tab) && group.tabs.size === 0) this.#groups.delete(key);
    }
    if (this.#groups.size > 0 || this.#interval === null) return;
    clearInterval(this.#interval);
    this.#interval = null;
  }

  #look(): void {
    this.#looks++;
    for (const group of this.#groups.values()) {
      try {
        this.#refresh(group);
        if (this.#looks % HEARTBEAT_LOOKS === 0) send(group, pushHeartbeat(group.shown.nowMs));
      } catch (thrown) {
        this.#deps.log.error('bank_not_pushed', { error: messageOf(thrown) });
      }
    }
  }

  #refresh(group: Group): void {
    const now = this.#deps.view(group.filter);
    const html = pushBankChanges(group.shown, now);
    group.shown = now;
    if (html !== '') send(group, html);
  }
}

function send(group: Group, html: string): void {
  for (const [tab, mayRead] of group.tabs) {
    if (mayRead()) tab.send(html);
    else tab.close(SESSION_ENDED, 'the session has ended');
  }
}
