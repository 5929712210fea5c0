import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { AtChannel, AtLine } from './at.ts';
import { checkHealth } from './health.ts';
import { type IccidReader, sameIccid } from './identify.ts';
import { Inbox, type SourceHooks } from './inbox.ts';
import { JobQueue, Priority } from './jobs.ts';
import { isStillSet, settingQueries } from './messaging.ts';
import type { SimIdentity, SourceListener } from './source.ts';
import type { ModemStatus } from './status.ts';
import type { Storages } from './storages.ts';
import { SweepTimer } from './sweep-timer.ts';
import type { Urc } from './urc.ts';

export interface SimSessionDeps {
  sim: SimIdentity;
  channel: AtChannel;
  storages: Storages;
  iccids: IccidReader;
  acknowledges: boolean;
  formerIccid: string | null;
  listener: SourceListener;
  status: ModemStatus;
  clock: Clock;
  log: Log;
  hooks: SourceHooks;
  sweepSeconds: number;
}

const HEALTH_EVERY_MS = 30_000;

/** One SIM's time on a modem, from the moment it is known until it is swapped, lost or the modem starts anew. */
export class SimSession {
  private readonly deps: SimSessionDeps;
  private readonly jobs = new JobQueue();
  private readonly inbox: Inbox;
  private readonly sweeps: SweepTimer;
  private readonly interrupted = Promise.withResolvers<string>();
  private over: string | null = null;
  /** What came before the listener knew the SIM. */
  private held: { urc: Urc; line: AtLine }[] | null = [];

  constructor(deps: SimSessionDeps) {
    this.deps = deps;
    this.inbox = new Inbox({ ...deps, jobs: this.jobs, wantSweep: (reason) => this.wantSweep(reason) });
    this.sweeps = new SweepTimer(deps.sweepSeconds * 1000, deps.clock);
  }

  /** Lives through the SIM's time; resolves with the reason for its end, after the listener was told. Never rejects. */
  async run(): Promise<string> {
    const { listener, sim, log } = this.deps;
    try {
      await listener.identified(sim);
    } catch (thrown) {
      this.interrupt(`the SIM could not be registered: ${messageOf(thrown)}`);
    }
    const health = this.over === null ? this.live() : Promise.resolve();
    const reason = await this.interrupted.promise;
    this.sweeps.end();
    this.jobs.close();
    await this.inbox.end();
    await health;
    try {
      await listener.lost(sim, reason);
    } catch (thrown) {
      log.error('modem.listener_failed', { slot: sim.slot, error: messageOf(thrown) });
    }
    return reason;
  }

  /** Ends the SIM's time; the first reason counts. */
  interrupt(reason: string): void {
    this.over ??= reason;
    this.interrupted.resolve(reason);
  }

  urc(urc: Urc, line: AtLine): void {
    if (this.held !== null) {
      this.held.push({ urc, line });
    } else if (urc.kind === 'announced') {
      this.inbox.announced(urc.storage, urc.index, line);
    } else if (urc.kind === 'pushed') {
      this.inbox.pushed(urc.pdu, urc.length, line);
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

  settled(): Promise<void> {
    return this.inbox.settled();
  }

  private wantSweep(reason: string): void {
    this.deps.log.debug('modem.sweep_wanted', { slot: this.deps.sim.slot, reason });
    this.sweeps.soon();
  }

  private async live(): Promise<void> {
    try {
      this.release();
      this.deps.status.update({ state: 'sweeping', detail: null });
      if (!(await this.firstSweep())) return;
      await this.deps.listener.ready(this.deps.sim);
      if (this.over !== null) return;
      this.deps.status.update({ state: 'ready', detail: null });
      this.deps.log.info('modem.ready', { slot: this.deps.sim.slot, iccid: this.deps.sim.iccid });
      await Promise.all([this.keepSweeping(), this.keepHealthy()]);
    } catch (thrown) {
      this.interrupt(`the session failed: ${messageOf(thrown)}`);
    }
  }

  private release(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const { urc, line } of held) this.urc(urc, line);
  }

  /** Reads all there is before the SIM counts as ready; false when its time ended before that. */
  private async firstSweep(): Promise<boolean> {
    while (this.over === null) {
      const complete = await this.inbox.sweep();
      this.sweeps.done(complete);
      if (complete) {
        await Promise.race([this.inbox.removed(), this.interrupted.promise]);
        return this.over === null;
      }
      await Promise.race([this.sweeps.due(), this.interrupted.promise]);
    }
    return false;
  }

  private async keepSweeping(): Promise<void> {
    for (;;) {
      const kind = await this.sweeps.due();
      if (this.over !== null) return;
      if (kind === 'periodic' && !(await this.isUnchanged())) return;
      this.sweeps.done(await this.inbox.sweep());
    }
  }

  private async keepHealthy(): Promise<void> {
    const { channel, storages, status } = this.deps;
    while (this.over === null) {
      await checkHealth(channel, this.jobs, storages, status);
      let timer: ReturnType<typeof setTimeout> | undefined;
      const pause = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, HEALTH_EVERY_MS);
      });
      await Promise.race([pause, this.interrupted.promise]);
      clearTimeout(timer);
    }
  }

  /** Looks whether the modem still has its settings and still holds the same card; if not, the SIM's time is over. */
  private async isUnchanged(): Promise<boolean> {
    const { channel, iccids, sim } = this.deps;
    const format = await this.jobs.command(Priority.sweep, channel, settingQueries.format);
    const notification = await this.jobs.command(Priority.sweep, channel, settingQueries.notification);
    const iccid = await this.jobs.add(Priority.sweep, () => iccids.read(channel));
    if (this.over !== null) return false;
    const line = (result: typeof format) => (result?.ok === true ? result.lines[0]?.text : undefined);
    if (!isStillSet(line(format), line(notification))) this.interrupt('the modem lost its settings');
    else if (iccid === null) this.interrupt('the SIM cannot be read any more');
    else if (!sameIccid(iccid, sim.iccid)) this.interrupt('the SIM was swapped');
    return this.over === null;
  }
}
