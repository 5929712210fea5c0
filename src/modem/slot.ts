import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { ResyncTiming } from './at/resync.ts';
import type { Claims } from './claims.ts';
import type { SourceHooks } from './inbox/inbox.ts';
import type { OpenLine } from './line/line.ts';
import type { CardMemory } from './memory.ts';
import { ModemSession } from './session.ts';
import type { FormerSims } from './sim/former-sims.ts';
import type { SimOption } from './sim/pin.ts';
import type { SourceListener } from './source.ts';
import { ModemStatus } from './status.ts';

/** Why a session ends when the whole bank stops. */
const STOPPING = 'stopping';

export interface SlotDeps {
  open: OpenLine;
  listener: SourceListener;
  clock: Clock;
  log: Log;
  hooks: SourceHooks;
  sims: readonly SimOption[];
  memory: CardMemory;
  claims: Claims;
  former: FormerSims;
  sweepSeconds: number;
  timing?: ResyncTiming;
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;

/** One place a modem can be in: opens its port again and again, with growing pauses, and runs a session whenever it opens. */
export class Slot {
  readonly id: string;
  port: string;
  readonly status: ModemStatus;
  session: ModemSession | null = null;
  private readonly deps: SlotDeps;
  private readonly done: Promise<void>;
  private stopped = false;
  private retryMs = FIRST_RETRY_MS;
  private wake: (() => void) | null = null;

  constructor(id: string, port: string, deps: SlotDeps) {
    this.id = id;
    this.port = port;
    this.deps = deps;
    this.status = new ModemStatus(id, port, deps);
    this.done = this.run();
  }

  /** The device has just appeared: no need to wait for the next try. */
  kick(): void {
    this.wake?.();
  }

  /** The device of this place goes by another name now, as after a replug. */
  moveTo(port: string): void {
    this.port = port;
    this.status.update({ port });
    this.kick();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake?.();
    await this.session?.stop(STOPPING);
    await this.done;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.connect();
      if (!this.stopped) await this.pause();
    }
    this.status.update({ state: 'gone', detail: 'closed' });
  }

  private async connect(): Promise<void> {
    const { port, status } = this;
    const { open, log, timing } = this.deps;
    const opened = await open(port);
    if (!opened.ok) {
      if (status.snapshot().detail !== opened.detail) log.warn('modem.open_failed', { slot: this.id, port, detail: opened.detail });
      status.update({ state: opened.code === 'missing' ? 'gone' : 'failed', detail: opened.detail });
      return;
    }
    if (this.stopped) return opened.line.close();
    log.info('modem.opened', { slot: this.id, port });
    const { deps, id } = this;
    const session = new ModemSession(opened.line, {
      ...deps,
      slot: id,
      port,
      status,
      ...(timing === undefined ? {} : { timing }),
    });
    this.session = session;
    const { reason, served } = await session.ended;
    this.session = null;
    if (served) this.retryMs = FIRST_RETRY_MS;
    status.forgetModem();
    status.update({ state: 'gone', detail: reason });
    // An orderly stop is no trouble; anything else an operator wants to see.
    log[reason === STOPPING ? 'info' : 'warn']('modem.closed', { slot: id, port, reason });
  }

  private async pause(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, this.retryMs);
    });
    clearTimeout(timer);
    this.wake = null;
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }
}
