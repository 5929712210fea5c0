import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import { AtChannel, type AtLine } from './at/channel.ts';
import type { ResyncTiming } from './at/resync.ts';
import type { Urc } from './at/urc.ts';
import { Claimant, type Claims, type Holder } from './claims.ts';
import type { SourceHooks } from './inbox/inbox.ts';
import type { SerialLine } from './line/line.ts';
import type { CardMemory } from './memory.ts';
import { initialiseModem, readSimLock, type SimLock } from './setup/initialise.ts';
import { setUpMessaging } from './setup/messaging.ts';
import type { FormerSims } from './sim/former-sims.ts';
import { distinctImei, IccidReader, readImsi, readOwnNumber } from './sim/identify.ts';
import { type SimOption, unlock } from './sim/pin.ts';
import { SimSession } from './sim-session.ts';
import type { SimIdentity, SourceListener } from './source.ts';
import type { ModemStatus } from './status.ts';

export interface SessionDeps {
  slot: string;
  port: string;
  listener: SourceListener;
  status: ModemStatus;
  clock: Clock;
  log: Log;
  hooks: SourceHooks;
  sims: readonly SimOption[];
  memory: CardMemory;
  /** Who reads which modem and which SIM, and which SIM a modem served before; shared by all sessions of the bank. */
  claims: Claims;
  former: FormerSims;
  sweepSeconds: number;
  timing?: ResyncTiming;
}

export interface SessionEnd {
  reason: string;
  /** Whether a SIM in it was ever ready, so that reconnecting at once makes sense. */
  served: boolean;
}

/** How long to wait before a modem is set up anew: after a restart, without a usable SIM, and where a person has to act. */
const AGAIN_MS = 200;
const SIM_POLL_MS = 5_000;
const LOCKED_POLL_MS = 15_000;
const WAITING_STATES = ['sim_missing', 'pin_required', 'puk_required', 'failed'];

/** One modem's life on one open line: set up, identified, read until the line ends, and set up again whenever modem or SIM start anew. */
export class ModemSession implements Holder {
  /** Resolves when the line is gone or the session was stopped, after everything read was stored or refused. */
  readonly ended: Promise<SessionEnd>;
  private readonly deps: SessionDeps;
  private readonly channel: AtChannel;
  private readonly iccids = new IccidReader();
  private readonly claimant: Claimant;
  private current: SimSession | null = null;
  private currentIccid: string | null = null;
  /** Pushed messages that came before the SIM was known. */
  private early: { urc: Urc; line: AtLine }[] = [];
  private restarts = 0;
  private over: string | null = null;
  private served = false;
  private wake: (() => void) | null = null;

  constructor(line: SerialLine, deps: SessionDeps) {
    this.deps = deps;
    this.claimant = new Claimant(deps.claims, this, () => this.wake?.());
    this.channel = new AtChannel(
      line,
      deps.clock,
      {
        urc: (urc, at) => this.urc(urc, at),
        echo: () => this.restarted('the modem restarted (its echo is back)'),
        fault: (text) => this.fault(text),
        dead: (reason) => this.finish(reason),
      },
      deps.timing,
    );
    this.ended = this.run();
  }

  /** The SIM that is being read now, or null. */
  get iccid(): string | null {
    return this.currentIccid;
  }

  get port(): string {
    return this.deps.port;
  }

  /** Reads the SIM's storages in a sweep that begins after this call; true when all found is stored, false also without a SIM. Never rejects. */
  readNow(): Promise<boolean> {
    return this.current?.readNow() ?? Promise.resolve(false);
  }

  /** Whether this session still reads what it claimed, as the modem says now; while it is being set up it does. */
  async stillHolds(): Promise<boolean> {
    return this.over === null && (this.current === null || (await this.current.stillHolds()));
  }

  takes(urc: Urc, line: AtLine): boolean {
    if (this.over === null) this.urc(urc, line);
    return this.over === null;
  }

  /** Ends the session: what was read is still stored, nothing more is read or deleted, the line is closed. */
  async stop(reason: string): Promise<void> {
    this.finish(reason);
    await this.ended;
  }

  private finish(reason: string): void {
    this.over ??= reason;
    this.channel.close();
    this.current?.interrupt(reason);
    this.wake?.();
  }

  private async run(): Promise<SessionEnd> {
    try {
      this.deps.status.update({ state: 'initialising', detail: null });
      if (await this.channel.handshake()) {
        while (this.over === null) await this.pause(await this.turn());
      }
    } catch (thrown) {
      this.deps.log.error('modem.session_failed', { slot: this.deps.slot, error: messageOf(thrown) });
      this.finish(`the session failed: ${messageOf(thrown)}`);
    }
    return { reason: this.over ?? 'the modem does not answer', served: this.served };
  }

  /** Sets the modem up and serves its SIM for as long as that lasts; the milliseconds to wait before the next turn. */
  private async turn(): Promise<number> {
    try {
      return await this.setUp();
    } finally {
      this.claimant.release();
    }
  }

  private async setUp(): Promise<number> {
    const { channel } = this;
    const { status, log, slot } = this.deps;
    const restarts = this.restarts;
    if (!WAITING_STATES.includes(status.snapshot().state)) status.update({ state: 'initialising', detail: null });
    await initialiseModem(channel, status, log);
    const imei = distinctImei(status.snapshot().imei);
    const otherPort = imei === null ? null : await this.claimant.claim('modem', imei);
    if (otherPort !== null) return this.standBack(otherPort);
    let lock = await readSimLock(channel);
    if (lock.state === 'pin_required') lock = await unlock(channel, this.iccids, this.deps.sims, this.deps.memory);
    if (lock.state !== 'ready') return this.wait(lock);
    const iccid = await this.iccids.read((command) => channel.send(command));
    if (iccid === null) return this.wait({ state: 'failed', detail: 'the modem does not tell the ICCID of its SIM' });
    const otherModem = await this.claimant.claim('SIM', iccid);
    if (otherModem !== null) return this.standBack(otherModem);
    const sim = this.identity(iccid, await readImsi(channel), await readOwnNumber(channel));
    const messaging = await setUpMessaging(channel);
    if (!messaging.ok) return this.wait({ state: 'failed', detail: messaging.detail });
    const formerIccid = await this.formerIccid(imei, iccid);
    if (formerIccid === undefined) return this.wait({ state: 'failed', detail: 'the SIM this modem held before could not be looked up' });
    if (this.restarts !== restarts || this.over !== null) return AGAIN_MS;
    if (!messaging.notifies) status.fault('the modem announces no messages; only sweeps find them');
    const readWhole = () => this.deps.former.note(imei, slot, iccid);
    await this.serve(new SimSession({ ...this.deps, ...messaging, channel, sim, formerIccid, readWhole, iccids: this.iccids }), sim);
    return AGAIN_MS;
  }

  private async serve(session: SimSession, sim: SimIdentity): Promise<void> {
    const { status, log } = this.deps;
    const { iccid, imsi, number } = sim;
    status.update({ iccid, imsi, number });
    this.current = session;
    this.currentIccid = iccid;
    for (const { urc, line } of this.early.splice(0)) session.urc(urc, line);
    const reason = await session.run();
    this.served ||= session.wasReady;
    this.current = null;
    this.currentIccid = null;
    status.forgetSim();
    log.info('modem.sim_lost', { slot: sim.slot, iccid, reason });
    if (this.over === null) status.update({ state: 'initialising', detail: reason });
  }

  /** Another session reads this modem or SIM: nothing is read or deleted here until it has let go. */
  private standBack({ detail, waitMs }: { detail: string; waitMs: number }): number {
    this.early = this.early.filter(({ urc, line }) => !this.claimant.passOn(urc, line));
    this.deps.status.update({ state: 'failed', detail });
    return waitMs;
  }

  /** Whose messages the modem's own storage may still hold; undefined when that could not be found out. */
  private async formerIccid(imei: string | null, iccid: string): Promise<string | null | undefined> {
    const { former, slot, log } = this.deps;
    try {
      return await former.before(imei, slot, iccid);
    } catch (thrown) {
      log.error('modem.lookup_failed', { slot, error: messageOf(thrown) });
      return undefined;
    }
  }

  private identity(iccid: string, imsi: string | null, number: string | null): SimIdentity {
    const { slot, port } = this.deps;
    const { imei, manufacturer, model, firmware, virtual } = this.deps.status.snapshot();
    return {
      slot,
      port,
      imei: imei ?? '',
      manufacturer,
      model,
      firmware,
      iccid,
      imsi,
      number,
      numberSource: number === null ? null : 'cnum',
      virtual,
    };
  }

  private wait(lock: Exclude<SimLock, { state: 'ready' }>): number {
    if (lock.state === 'closed' || this.over !== null) return 0;
    this.deps.status.update({ state: lock.state, detail: lock.detail });
    return lock.state === 'pin_required' || lock.state === 'puk_required' ? LOCKED_POLL_MS : SIM_POLL_MS;
  }

  private async pause(ms: number): Promise<void> {
    if (this.over !== null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.wake = null;
  }

  private urc(urc: Urc, line: AtLine): void {
    if (urc.kind === 'restarted') {
      this.channel.abort();
      this.restarted('the modem restarted');
    } else if (urc.kind === 'sim_changed') {
      this.restarted('the SIM was removed or changed');
    } else if (this.current !== null) {
      this.current.urc(urc, line);
    } else if (urc.kind === 'pushed') {
      if (!this.claimant.passOn(urc, line)) this.early.push({ urc, line });
    } else if (urc.kind === 'check') {
      this.wake?.();
    }
  }

  private restarted(reason: string): void {
    this.restarts++;
    this.current?.interrupt(reason);
    this.wake?.();
  }

  private fault(text: string): void {
    this.deps.status.fault(text);
    this.current?.distrust(text);
  }
}
