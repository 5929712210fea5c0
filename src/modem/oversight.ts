import type { Log } from '../lib/log.ts';
import type { AtChannel, AtCommand } from './at/channel.ts';
import { queryStorages } from './at/commands.ts';
import { type JobQueue, Priority } from './inbox/jobs.ts';
import { SilenceWatch } from './inbox/silence.ts';
import type { Storages } from './inbox/storages.ts';
import { isStillSet, settingQueries } from './setup/messaging.ts';
import type { Profile } from './setup/profiles.ts';
import { repairAnnouncements } from './setup/repair.ts';
import type { ModemStatus } from './status.ts';

export interface OversightDeps {
  slot: string;
  channel: AtChannel;
  jobs: JobQueue;
  storages: Storages;
  profile: Profile;
  /** Whether the modem took a setting by which it announces messages. */
  notifies: boolean;
  status: ModemStatus;
  log: Log;
}

/** The share of a storage's places that calls for a look. */
const FILLING = 0.8;
/** Each repair tries one more of the ports a modem may announce on; after so many none is left to try. */
const REPAIRS_MOST = 4;

/** Looks, after the sweeps of one SIM, at what goes wrong without any command failing: a storage that fills, announcements that stay out. */
export class Oversight {
  private readonly deps: OversightDeps;
  private silence = new SilenceWatch();
  private repairs = 0;

  constructor(deps: OversightDeps) {
    this.deps = deps;
  }

  /** A sweep found `count` messages in the storage new ones come to; null when it could not be listed. */
  filled(count: number | null): void {
    const { status, storages } = this.deps;
    const fill = storages.receiveFill();
    if (fill === null || fill.total === 0 || count === null) return;
    if (count / fill.total >= FILLING) status.raise('storage_filling', `${count} of ${fill.total} places of ${fill.name} are taken`);
    else status.clear('storage_filling');
  }

  /** Whether the modem still has the settings it was given. Its answer tells, too, how full the storages are. */
  async areSettingsKept(): Promise<boolean> {
    const { channel, jobs, storages, notifies } = this.deps;
    const ask = async (command: AtCommand) => {
      const result = await jobs.command(Priority.sweep, channel, command);
      return result?.ok === true ? result.lines : [];
    };
    const format = await ask(settingQueries.format);
    const notification = await ask(settingQueries.notification);
    storages.noteFills(await ask(queryStorages));
    return isStillSet(format[0]?.text, notification[0]?.text, notifies);
  }

  /** A regular sweep ended: are messages announced at all? If not, what the family's profile knows against it is tried, step by step. */
  async listened(unannounced: number, announcements: number): Promise<void> {
    const { status, channel, profile, jobs, log, slot } = this.deps;
    const heard = this.silence.swept(unannounced, announcements);
    if (heard === 'heard') status.clear('silent_announcements');
    if (heard !== 'silent') return;
    status.raise('silent_announcements', 'the modem does not announce its messages; sweeps find them, each up to one sweep late');
    if (this.repairs === REPAIRS_MOST) return;
    this.repairs++;
    const repair = await jobs.add(Priority.sweep, () => repairAnnouncements(channel, profile));
    if (repair === null) return;
    this.silence = new SilenceWatch(announcements);
    if (!repair.changed) this.repairs = REPAIRS_MOST;
    status.happened('repaired', repair.detail);
    log.info('modem.announcements', { slot, changed: repair.changed, detail: repair.detail });
  }
}
