import { sameCard } from '../lib/iccid.ts';
import { messageOf } from '../lib/log.ts';
import { AtChannel, type AtLine } from './at/channel.ts';
import type { Urc } from './at/urc.ts';
import { Claimant, type Holder } from './claims.ts';
import { EarlyPushes } from './early.ts';
import type { SerialLine } from './line/line.ts';
import { type Operations, operationsOf } from './operations.ts';
import { restartModem } from './restart.ts';
import type { SessionDeps, SessionEnd } from './session-deps.ts';
import { setUpModem } from './set-up.ts';
import type { SimLock } from './setup/initialise.ts';
import { GENERIC_PROFILE, type Profile } from './setup/profiles.ts';
import { IccidReader } from './sim/identify.ts';
import { SimSession } from './sim-session.ts';
import type { SimIdentity } from './source.ts';
import { TIMEOUTS_MOST, TIMEOUTS_WITHIN_MS, Timeouts } from './timeouts.ts';

export type { SessionDeps, SessionEnd } from './session-deps.ts';

/** How long to wait before a modem is set up anew: after a restart, without a usable SIM, and where a person has to act. */
const AGAIN_MS = 200;
/** A SIM whose time ended before it was ready, as when it could not be registered, is tried again more and more slowly. */
const AGAIN_MOST_MS = 10_000;
const SIM_POLL_MS = 5_000;
const LOCKED_POLL_MS = 15_000;
const WAITING_STATES = ['sim_missing', 'pin_required', 'puk_required', 'failed'];

/** One modem's life on one open line: set up, identified, read until the line ends, and set up again whenever modem or SIM start anew. */
export class ModemSession implements Holder {
  /** Resolves when the line is gone or the session was stopped, after everything read was stored or refused. */
  readonly ended: Promise<SessionEnd>;
  /** What an operator may ask of this modem. */
  readonly operations: Operations;
  private readonly deps: SessionDeps;
  private readonly channel: AtChannel;
  private readonly iccids: IccidReader;
  private readonly claimant: Claimant;
  private profile: Profile;
  private current: SimSession | null = null;
  private currentIccid: string | null = null;
  private readonly early: EarlyPushes;
  private restarts = 0;
  private againMs = AGAIN_MS;
  private over: string | null = null;
  private answered = false;
  private served = false;
  private mute = false;
  private readonly timeouts: Timeouts;
  /** Why the modem is to be restarted before it is set up again, or null. */
  private resetWanted: string | null;
  private wake: (() => void) | null = null;

  constructor(line: SerialLine, deps: SessionDeps) {
    this.deps = deps;
    this.early = new EarlyPushes({ ...deps, sim: { slot: deps.slot } });
    this.claimant = new Claimant(deps.claims, this, () => this.wake?.());
    const { recorder, memory } = deps;
    this.iccids = new IccidReader((iccid) => memory.knownAs(iccid));
    this.profile = deps.profile ?? GENERIC_PROFILE;
    this.resetWanted = deps.resetFirst;
    this.timeouts = new Timeouts(deps.clock);
    this.channel = new AtChannel(
      line,
      deps.clock,
      {
        urc: (urc, at) => this.urc(urc, at),
        echo: () => this.restarted('the modem restarted (its echo is back)'),
        fault: (text, timedOut) => this.fault(text, timedOut === true),
        dead: (reason, mute) => {
          this.mute = mute && this.over === null;
          this.finish(reason);
        },
        spoke: (direction, text) => recorder.add(direction, text),
      },
      deps.timing,
    );
    this.operations = operationsOf({
      ...deps,
      channel: this.channel,
      reader: this.iccids,
      profile: () => this.profile,
      reset: (reason) => this.wantReset(reason),
      sim: () => this.current?.sim ?? null,
      setUpAgain: (reason) => this.restarted(reason),
    });
    this.ended = this.run();
  }

  /** The SIM that is being read now, or null. */
  get iccid(): string | null {
    return this.currentIccid;
  }

  get port(): string {
    return this.deps.port;
  }

  /** Whether answers came in time lately. */
  get isQuiet(): boolean {
    return this.timeouts.isQuiet;
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

  cloned(port: string | null): void {
    const { status } = this.deps;
    if (port === null) status.clear('cloned_imei');
    else status.raise('cloned_imei', `the modem at ${port} tells the same IMEI; both are read, each known by its place`);
  }

  /** Restarts the modem as soon as what was read from it is stored; the budget of the bank is the caller's affair. */
  wantReset(reason: string): void {
    this.resetWanted ??= reason;
    this.restarted(`the modem is being restarted: ${reason}`);
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
      this.answered = await this.channel.handshake(this.deps.baud);
      while (this.answered && this.over === null) await this.pause(await this.turn());
    } catch (thrown) {
      this.deps.log.error('modem.session_failed', { slot: this.deps.slot, error: messageOf(thrown) });
      this.finish(`the session failed: ${messageOf(thrown)}`);
    }
    await this.early.storeRest();
    const { answered, served, mute, profile } = this;
    const resetPending = this.resetWanted !== null;
    return { reason: this.over ?? 'the modem does not answer', answered, served, mute, profile, resetPending, baud: this.channel.baud };
  }

  /** Sets the modem up and serves its SIM for as long as that lasts; the milliseconds to wait before the next turn. */
  private async turn(): Promise<number> {
    if (this.resetWanted !== null) return this.reset(this.resetWanted);
    try {
      return await this.setUp();
    } finally {
      this.claimant.release();
    }
  }

  /** Nothing is being read, stored or deleted now. The modem falls silent or its line goes away; either way it is set up anew. */
  private async reset(reason: string): Promise<number> {
    this.resetWanted = null;
    const waitMs = await restartModem(this.channel, this.profile, this.deps.status, reason);
    if (waitMs === null) this.deps.notReset();
    return waitMs ?? AGAIN_MS;
  }

  private async setUp(): Promise<number> {
    const { channel, deps, claimant, iccids } = this;
    const restarts = this.restarts;
    if (!WAITING_STATES.includes(deps.status.snapshot().state)) deps.status.update({ state: 'initialising', detail: null });
    const found = await setUpModem({ ...deps, channel, claimant, iccids, learned: (profile) => this.learn(profile) });
    if (found.kind === 'elsewhere') return this.standBack(found);
    if (found.kind === 'waits') return this.wait(found.lock);
    if (this.restarts !== restarts || this.over !== null) return AGAIN_MS;
    const { sim } = found;
    const readWhole = () => deps.memory.ownStorageRead({ imei: sim.imei, slot: deps.slot }, sim.iccid);
    await this.serve(new SimSession({ ...deps, ...found, channel, readWhole, iccids, profile: this.profile }), sim);
    return this.againMs;
  }

  private learn(profile: Profile): void {
    const { channel } = this;
    this.profile = profile;
    channel.gapMs = profile.commandGapMs;
    this.deps.status.update({ baud: channel.baud, roundTripMs: channel.roundTripMs });
  }

  private async serve(session: SimSession, sim: SimIdentity): Promise<void> {
    const { status, log } = this.deps;
    const { iccid, imsi, number } = sim;
    status.update({ iccid, imsi, number, lockedCard: null });
    for (const code of ['pin', 'puk'] as const) status.clear(code);
    this.current = session;
    this.currentIccid = iccid;
    for (const { urc, line, isOurs } of this.early.takeFor(iccid)) session.urc(urc, line, isOurs);
    void session.firstReady.then(() => this.learnNumber(sim));
    const reason = await session.run();
    this.operations.simLost();
    this.early.addUnheard(session.unheard, iccid, session.wasIdentified);
    this.againMs = session.wasReady ? AGAIN_MS : Math.min(this.againMs * 2, AGAIN_MOST_MS);
    this.served ||= session.wasReady;
    this.current = null;
    this.currentIccid = null;
    if (session.wasReady) status.happened('lost', reason);
    status.forgetSim();
    log.info('modem.sim_lost', { slot: sim.slot, iccid, reason });
    if (this.over === null) status.update({ state: 'initialising', detail: reason });
  }

  /** A SIM that does not know its number cannot be sold: its carrier may know it, if the operator lets us ask. */
  private async learnNumber(sim: SimIdentity): Promise<void> {
    const { ussd, sims, log, slot } = this.deps;
    if (!ussd || sim.number !== null || sims.some(({ iccid, number }) => number !== undefined && sameCard(iccid, sim.iccid))) return;
    const { ok, detail } = await this.operations.askNumber(false);
    log.info('modem.number_asked', { slot, ok, detail });
  }

  /** Another session reads this modem or SIM: nothing is read or deleted here until it has let go. */
  private standBack({ detail, waitMs }: { detail: string; waitMs: number }): number {
    this.early.passOn((urc, line) => this.claimant.passOn(urc, line));
    this.deps.status.update({ state: 'failed', detail });
    return waitMs;
  }

  private wait(lock: Exclude<SimLock, { state: 'ready' }>): number {
    if (lock.state === 'closed' || this.over !== null) return 0;
    const { status } = this.deps;
    status.update({ state: lock.state, detail: lock.detail, lockedCard: lock.state === 'pin_required' ? (lock.card ?? null) : null });
    if (lock.state === 'pin_required') status.raise('pin', lock.detail);
    else status.clear('pin');
    if (lock.state === 'puk_required') status.raise('puk', lock.detail);
    else status.clear('puk');
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
      if (this.current !== null) this.deps.status.happened('sim_changed', line.text);
      this.restarted('the SIM was removed or changed');
    } else if (urc.kind === 'ussd') {
      this.operations.ussd(urc);
    } else if (this.current !== null) {
      this.current.urc(urc, line);
    } else if (urc.kind === 'pushed') {
      if (!this.claimant.passOn(urc, line)) this.early.add(urc, line);
    } else if (urc.kind === 'check') {
      this.wake?.();
    }
  }

  private restarted(reason: string): void {
    this.restarts++;
    this.early.cardMayChange();
    if (this.current !== null) this.deps.status.happened('restarted', reason);
    this.current?.interrupt(reason);
    this.wake?.();
  }

  private fault(text: string, timedOut: boolean): void {
    this.deps.status.fault(text);
    this.current?.distrust(text);
    if (timedOut && this.profile.reset !== null && this.resetWanted === null && this.timeouts.tooMany()) this.giveUpPatience();
  }

  /** A modem that answers now and then, and otherwise not, is restarted like one that never does. */
  private giveUpPatience(): void {
    const { status, mayReset } = this.deps;
    const reason = `${TIMEOUTS_MOST} answers stayed out within ${TIMEOUTS_WITHIN_MS / 60_000} minutes`;
    status.raise('unresponsive', reason);
    const permission = mayReset();
    if (permission.ok) this.wantReset(reason);
    else status.happened('fault', `not restarted: ${permission.detail}`);
  }
}
