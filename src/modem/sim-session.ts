import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { AtChannel, AtLine } from './at/channel.ts';
import type { Urc } from './at/urc.ts';
import type { Heard } from './early.ts';
import { Ending } from './ending.ts';
import { checkHealth } from './health.ts';
import { Inbox, type SourceHooks } from './inbox/inbox.ts';
import { JobQueue, Priority } from './inbox/jobs.ts';
import { type Listing, RoomWatch } from './inbox/room.ts';
import type { Storages } from './inbox/storages.ts';
import { type SweepKind, SweepTimer } from './inbox/sweep-timer.ts';
import { isOnNetwork } from './network.ts';
import { Oversight } from './oversight.ts';
import { Presence } from './presence.ts';
import type { Profile } from './setup/profiles.ts';
import type { IccidReader } from './sim/identify.ts';
import type { SimIdentity, SourceListener } from './source.ts';
import type { ModemStatus } from './status.ts';

export interface SimSessionDeps {
  sim: SimIdentity;
  channel: AtChannel;
  storages: Storages;
  iccids: IccidReader;
  acknowledges: boolean;
  /** Whether the modem took a setting by which it announces messages. */
  notifies: boolean;
  profile: Profile;
  /** Whether no other card than this SIM can have received what lies in the modem's own storage. */
  isOnlyCard: boolean;
  /** Makes durable that what comes to lie in the modem's own storage from now on is this SIM's. */
  readWhole(): Promise<void>;
  listener: SourceListener;
  status: ModemStatus;
  clock: Clock;
  log: Log;
  hooks: SourceHooks;
  sweepSeconds: number;
  healthEveryMs?: number;
}

const HEALTH_EVERY_MS = 30_000;
/** So many sweeps that fail in a row are no passing trouble. */
const FAILURES_MOST = 5;

/** One SIM's time on a modem, from the moment it is known until it is swapped, lost or the modem starts anew. */
export class SimSession {
  private readonly deps: SimSessionDeps;
  private readonly jobs = new JobQueue();
  private readonly inbox: Inbox;
  private readonly sweeps: SweepTimer;
  private readonly presence: Presence;
  private readonly room: RoomWatch;
  private readonly oversight: Oversight;
  private readonly announcedReady = Promise.withResolvers<void>();
  private readonly ending = new Ending();
  private readonly interrupted = Promise.withResolvers<string>();
  private failures = 0;
  /** Whether the listener knows the SIM. */
  wasIdentified = false;
  /** What came before the listener knew the SIM. */
  private held: Heard[] | null = [];
  /** Who asked for a sweep that has not begun yet. */
  private wanted: PromiseWithResolvers<boolean> | null = null;
  /** The sweep that ended last, and the promise of the next to end. */
  private swept: { listing: Listing | null; whole: boolean } | null = null;
  private sweptNext = Promise.withResolvers<void>();

  constructor(deps: SimSessionDeps) {
    this.deps = deps;
    this.inbox = new Inbox({ ...deps, jobs: this.jobs, wantSweep: (reason) => this.wantSweep(reason) });
    this.sweeps = new SweepTimer(deps.sweepSeconds * 1000, deps.clock);
    this.presence = new Presence(deps);
    this.oversight = new Oversight({ ...deps, slot: deps.sim.slot, jobs: this.jobs });
    this.room = new RoomWatch({ ...deps, jobs: this.jobs, removed: () => this.inbox.removed() });
  }

  /** Resolves when the SIM is read for the first time; perhaps never. */
  get firstReady(): Promise<void> {
    return this.announcedReady.promise;
  }

  private get over(): string | null {
    return this.ending.reason;
  }

  /** What was pushed before the listener knew the SIM, and never got to it: it lies nowhere else. */
  get unheard(): readonly Heard[] {
    return (this.held ?? []).filter(({ urc }) => urc.kind === 'pushed');
  }

  get sim(): SimIdentity {
    return this.deps.sim;
  }

  /** Whether the listener was ever told that this SIM can be read. */
  get wasReady(): boolean {
    return this.presence.wasReady;
  }

  /** Lives through the SIM's time; resolves with the reason for its end, after the listener was told. Never rejects. */
  async run(): Promise<string> {
    const { listener, sim } = this.deps;
    try {
      await listener.identified(sim);
      this.wasIdentified = true;
    } catch (thrown) {
      this.interrupt(`the SIM could not be registered: ${messageOf(thrown)}`);
    }
    const living = this.over === null ? this.live() : Promise.resolve();
    const reason = await this.interrupted.promise;
    this.sweeps.end();
    this.jobs.close();
    await this.inbox.end();
    await living;
    await this.presence.lost(reason);
    return reason;
  }

  /** Ends the SIM's time; the first reason counts. */
  interrupt(reason: string): void {
    this.ending.end(reason);
    this.interrupted.resolve(reason);
    this.wanted?.resolve(false);
    this.wanted = null;
  }

  /** `isOurs`: it came while this SIM was in the modem, not perhaps before. */
  urc(urc: Urc, line: AtLine, isOurs = true): void {
    if (this.held !== null) {
      this.held.push({ urc, line, isOurs });
    } else if (urc.kind === 'announced') {
      this.inbox.announced(urc.storage, urc.index, line);
    } else if (urc.kind === 'pushed') {
      this.inbox.pushed(urc.pdu, urc.length, line, isOurs);
    } else if (urc.kind === 'storage_full') {
      this.deps.status.fault('the message storage is full');
      this.wantSweep('the storage is full');
    } else if (urc.kind === 'check') {
      this.sweeps.checkSoon();
    }
  }

  /** An exchange went wrong: nothing is deleted on the strength of what was read before, and all is listed again. */
  distrust(reason: string): void {
    this.deps.storages.forget();
    this.inbox.distrust();
    this.wantSweep(reason);
  }

  /**
   * Sweeps all storages once more, ahead of deletes and health polls and behind announced messages, and resolves when everything found is
   * stored: true, or false when the SIM's time is over, the listing or the storing failed. Only a sweep that begins after the call counts;
   * all who ask before it begins share it. Never rejects.
   */
  readNow(): Promise<boolean> {
    if (this.over !== null) return Promise.resolve(false);
    this.wanted ??= Promise.withResolvers<boolean>();
    this.sweeps.now();
    return this.wanted.promise;
  }

  /** Whether the modem holds the same card still; if not, or if it does not tell, the SIM's time is over. */
  async stillHolds(): Promise<boolean> {
    const { channel, iccids, sim } = this.deps;
    const iccid = await iccids.read((command) => this.jobs.command(Priority.sweep, channel, command));
    if (this.over !== null) return false;
    if (iccid === null) this.interrupt('the SIM cannot be read any more');
    else if (iccid !== sim.iccid) this.interrupt('the SIM was swapped');
    return iccid === sim.iccid;
  }

  private wantSweep(reason: string): void {
    this.deps.log.debug('modem.sweep_wanted', { slot: this.deps.sim.slot, reason });
    this.sweeps.soon();
  }

  private async live(): Promise<void> {
    try {
      this.release();
      this.deps.status.update({ state: 'sweeping', detail: null });
      await Promise.all([this.keepSweeping(), this.keepPresent(), this.keepHealthy()]);
    } catch (thrown) {
      this.interrupt(`the session failed: ${messageOf(thrown)}`);
    }
  }

  private release(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const { urc, line, isOurs } of held) this.urc(urc, line, isOurs);
  }

  private async keepSweeping(): Promise<void> {
    await this.sweep();
    for (;;) {
      const kind = this.wanted === null ? await this.sweeps.due() : 'urgent';
      if (this.over !== null || !(await this.isUnchanged(kind))) return;
      await this.sweep();
      if (kind === 'periodic' && this.over === null) await this.oversight.listened(this.inbox.unannounced, this.inbox.announcementsSeen);
    }
  }

  private async sweep(): Promise<void> {
    const { wanted } = this;
    this.wanted = null;
    let complete = false;
    try {
      complete = await this.inbox.sweep();
    } finally {
      wanted?.resolve(complete);
    }
    this.sweeps.done(complete);
    this.failures = complete ? 0 : this.failures + 1;
    if (complete) this.deps.status.clear('unlistable');
    if (this.failures === FAILURES_MOST && this.over === null) await this.unreadable();
    this.oversight.filled(this.inbox.received?.count ?? null);
    this.swept = { listing: this.inbox.received, whole: complete || this.swept?.whole === true };
    this.sweptNext.resolve();
    this.sweptNext = Promise.withResolvers();
  }

  /** Tells the listener, after each sweep, whether messages can come: once all was read and deleted, and while there is room for more. */
  private async keepPresent(): Promise<void> {
    let seen = this.swept;
    while (this.over === null) {
      if (seen === this.swept) await this.ending.or(this.sweptNext.promise);
      seen = this.swept;
      if (this.over !== null || seen?.whole !== true || this.failures >= FAILURES_MOST) continue;
      if (!this.presence.isReady) await this.ending.or(this.inbox.removed());
      const room = await this.ending.or(this.room.look(seen.listing));
      if (this.over !== null) return;
      if (room === 'again') this.wantSweep('the storage is full');
      else if (room === 'full') await this.blocked();
      else if (room === 'free') await this.arrived();
    }
  }

  private async arrived(): Promise<void> {
    const { status, log, sim } = this.deps;
    if (this.presence.isReady) return;
    await this.presence.ready();
    if (this.over !== null) return;
    status.update({ state: 'ready', detail: null });
    for (const code of ['storage_full', 'unresponsive'] as const) status.clear(code);
    this.announcedReady.resolve();
    status.happened('ready', `SIM ${sim.iccid} is read`);
    log.info('modem.ready', { slot: sim.slot, iccid: sim.iccid });
  }

  private async blocked(): Promise<void> {
    const { status, storages } = this.deps;
    const fill = storages.receiveFill();
    const counts = fill === null ? '' : ` (${fill.used} of ${fill.total})`;
    const reason = `storage ${storages.receives} is full${counts}: no SMS can arrive`;
    if (status.snapshot().detail !== reason) status.fault(reason);
    status.update({ state: 'failed', detail: reason, storage: fill });
    status.raise('storage_full', reason);
    await this.presence.lost(reason);
  }

  /** The SIM is there and its messages cannot be listed: nobody may rent it until they can. */
  private async unreadable(): Promise<void> {
    const { status } = this.deps;
    const reason = `the messages on the SIM could not be listed ${FAILURES_MOST} times in a row`;
    status.fault(reason);
    status.update({ state: 'failed', detail: reason });
    status.raise('unlistable', reason);
    await this.presence.lost(reason);
  }

  /** Begins after the first sweep, which nothing may delay. */
  private async keepHealthy(): Promise<void> {
    const { channel, storages, status, healthEveryMs = HEALTH_EVERY_MS } = this.deps;
    await this.ending.or(this.sweptNext.promise);
    while (this.over === null) {
      const { registration } = status.snapshot();
      await checkHealth(channel, this.jobs, storages, status);
      // So it looks, too, when the card was taken out without a word.
      if (isOnNetwork(registration) && !isOnNetwork(status.snapshot().registration)) this.sweeps.checkSoon();
      status.update({ roundTripMs: channel.roundTripMs === null ? null : Math.round(channel.roundTripMs * 10) / 10 });
      if (status.snapshot().registration === 'denied') status.raise('denied', 'the network refuses this SIM: no SMS can arrive');
      else status.clear('denied');
      await this.ending.pause(healthEveryMs);
    }
  }

  /**
   * Looks whether the modem still holds the same card, and from time to time and in trouble whether it has its settings; if not, the SIM's time is over. A
   * card may be changed without a word from the modem, so no sweep but the first, which follows on the reading of the ICCID, goes without that look.
   */
  private async isUnchanged(kind: SweepKind): Promise<boolean> {
    const isThorough = kind === 'periodic' || this.failures > 0;
    if (isThorough && !(await this.oversight.areSettingsKept()) && this.over === null) this.interrupt('the modem lost its settings');
    return this.over === null && this.stillHolds();
  }
}
