import type { UsbPower } from './discovery/usb-power.ts';
import type { OpenLine } from './line/line.ts';
import { DialogueRecorder } from './recorder.ts';
import { ModemSession, type SessionDeps, type SessionEnd } from './session.ts';
import type { Profile } from './setup/profiles.ts';
import { ModemStatus } from './status.ts';
import { type Permission, type Step, Watchdog } from './watchdog.ts';

/** Why a session ends when the whole bank stops, when the operator takes the slot out of service, or wants it opened anew. */
const STOPPING = 'stopping';
const PAUSED = 'paused by the operator';
const RECONNECTING = 'reconnecting';
const ORDERLY = [STOPPING, PAUSED, RECONNECTING];

export interface SlotDeps
  extends Omit<
    SessionDeps,
    'slot' | 'port' | 'usbId' | 'baud' | 'profile' | 'resetFirst' | 'status' | 'recorder' | 'mayReset' | 'notReset'
  > {
  open: OpenLine;
  /** Takes a restart of this slot from the budget of the bank, and gives one back that did not come about. */
  budget: { take(slot: string): Permission; giveBack(slot: string): void };
  /** Null where the operator did not allow it, or there is no USB. */
  usbPower: UsbPower | null;
  /** `vvvv:pppp` of the USB device behind a port, or null. */
  usbIdOf(port: string): string | null;
  /** 0 to below 1: spreads the retries of many slots. */
  random(): number;
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;
const JITTER = 0.2;
/** So many disconnects within this time tell of a bad cable, hub or power supply. */
const DISCONNECTS_MOST = 3;
const DISCONNECTS_WITHIN_MS = 10 * 60_000;

/** One place a modem can be in: opens its port again and again, with growing pauses, and runs a session whenever it opens. */
export class Slot {
  readonly id: string;
  port: string;
  readonly status: ModemStatus;
  readonly recorder: DialogueRecorder;
  session: ModemSession | null = null;
  private readonly deps: SlotDeps;
  private readonly watchdog = new Watchdog();
  private readonly done: Promise<void>;
  private stopped = false;
  private paused = false;
  private retryMs = FIRST_RETRY_MS;
  private baud: number | null = null;
  private profile: Profile | null = null;
  /** Why the next session begins by restarting the modem, or null. */
  private resetFirst: string | null = null;
  private lostAtMs: number[] = [];
  private wake: (() => void) | null = null;

  constructor(id: string, port: string, deps: SlotDeps) {
    this.id = id;
    this.port = port;
    this.deps = deps;
    this.status = new ModemStatus(id, port, deps);
    this.recorder = new DialogueRecorder(deps.clock);
    this.done = this.run();
  }

  get isPaused(): boolean {
    return this.paused;
  }

  /** The device has just appeared: no need to wait for the next try. */
  kick(): void {
    this.wake?.();
  }

  /** The device of this place goes by another name now, as after a replug. */
  moveTo(port: string): void {
    this.port = port;
    this.baud = null;
    this.profile = null;
    this.status.update({ port });
    this.kick();
  }

  /** Closes the port after what was read is stored, and leaves it alone until `resume`. */
  async pause(): Promise<void> {
    this.paused = true;
    await this.session?.stop(PAUSED);
    this.status.update({ state: 'paused', detail: PAUSED });
    this.status.happened('paused', PAUSED);
  }

  resume(): void {
    this.paused = false;
    this.retryMs = FIRST_RETRY_MS;
    this.status.update({ state: 'opening', detail: null });
    this.status.happened('resumed', 'resumed by the operator');
    this.kick();
  }

  /** Closes the port and opens it at once. */
  async reconnect(): Promise<void> {
    this.retryMs = FIRST_RETRY_MS;
    await this.session?.stop(RECONNECTING);
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
      if (!this.paused) await this.connect();
      if (!this.stopped) await this.rest();
    }
    this.status.update({ state: 'gone', detail: 'closed' });
  }

  private async connect(): Promise<void> {
    const { port, status } = this;
    const { open, log } = this.deps;
    const opened = await open(port);
    if (!opened.ok) {
      if (status.snapshot().detail !== opened.detail) log.warn('modem.open_failed', { slot: this.id, port, detail: opened.detail });
      if (!this.paused) status.update({ state: opened.code === 'missing' ? 'gone' : 'failed', detail: opened.detail });
      return;
    }
    if (this.stopped || this.paused) return opened.line.close();
    log.info('modem.opened', { slot: this.id, port });
    status.happened('opened', port);
    this.recorder.add('!', `opened ${port}`);
    const { deps, id, baud, profile, recorder, resetFirst } = this;
    this.resetFirst = null;
    const mayReset = () => deps.budget.take(id);
    const notReset = () => deps.budget.giveBack(id);
    const usbId = deps.usbIdOf(port);
    this.session = new ModemSession(opened.line, {
      ...deps,
      slot: id,
      port,
      usbId,
      baud,
      profile,
      resetFirst,
      status,
      recorder,
      mayReset,
      notReset,
    });
    const end = await this.session.ended;
    this.session = null;
    await this.closed(end);
  }

  private async closed(end: SessionEnd): Promise<void> {
    const { status, id, port } = this;
    const { reason, served, answered, baud, mute } = end;
    if (served) this.retryMs = FIRST_RETRY_MS;
    if (answered) this.baud = baud;
    if (end.resetPending) this.deps.budget.giveBack(id);
    this.profile = end.profile;
    status.forgetModem();
    if (!this.paused) status.update({ state: 'gone', detail: reason });
    status.happened('closed', reason);
    // An orderly stop is no trouble; anything else an operator wants to see.
    const orderly = ORDERLY.includes(reason);
    this.deps.log[orderly ? 'info' : 'warn']('modem.closed', { slot: id, port, reason });
    if (orderly || this.stopped) return;
    if (!mute) this.countDisconnect();
    await this.help(this.watchdog.ended(end, this.deps.usbPower !== null));
  }

  private countDisconnect(): void {
    const { status, deps } = this;
    const nowMs = deps.clock.monotonicMs();
    this.lostAtMs = [...this.lostAtMs.filter((atMs) => nowMs - atMs < DISCONNECTS_WITHIN_MS), nowMs];
    status.update({ disconnects: status.snapshot().disconnects + 1 });
    if (this.lostAtMs.length < DISCONNECTS_MOST) return;
    status.raise(
      'unplugging',
      `it vanished ${this.lostAtMs.length} times within 10 minutes: look at its cable, its hub and the hub's power supply`,
    );
  }

  /** Once in a while: an alarm about what was long ago ends. */
  look(): void {
    const nowMs = this.deps.clock.monotonicMs();
    this.lostAtMs = this.lostAtMs.filter((atMs) => nowMs - atMs < DISCONNECTS_WITHIN_MS);
    if (this.lostAtMs.length === 0) this.status.clear('unplugging');
    if (this.session?.isQuiet === true && this.status.snapshot().state === 'ready') this.status.clear('unresponsive');
  }

  /** Climbs the ladder of the watchdog, within the budget of the bank. */
  private async help(step: Step): Promise<void> {
    const { status, id, watchdog } = this;
    const { usbPower, budget } = this.deps;
    if (watchdog.inTrouble) status.raise('unresponsive', `it stopped answering ${watchdog.troublesInARow} times in a row`);
    if (step === 'reopen') return;
    const permission = budget.take(id);
    if (!permission.ok) return status.happened('fault', `not restarted: ${permission.detail}`);
    if (step === 'reset') {
      this.resetFirst = `it stopped answering ${watchdog.troublesInARow} times in a row`;
      return;
    }
    if (usbPower === null) return;
    const { ok, detail } = await (step === 'reauthorise' ? usbPower.reauthorise(id) : usbPower.cycle(id));
    this.deps.log.warn('modem.usb_power', { slot: id, step, ok, detail });
    if (!ok) {
      budget.giveBack(id);
      return status.happened('fault', `not restarted: ${detail}`);
    }
    status.update({ resets: status.snapshot().resets + 1 });
    status.happened('reset', detail);
  }

  private async rest(): Promise<void> {
    const jitter = 1 + JITTER * (2 * this.deps.random() - 1);
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, this.retryMs * jitter);
    });
    clearTimeout(timer);
    this.wake = null;
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }
}
