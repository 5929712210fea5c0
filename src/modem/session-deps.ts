import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { ResyncTiming } from './at/resync.ts';
import type { Claims } from './claims.ts';
import type { SourceHooks } from './inbox/inbox.ts';
import type { CardMemory } from './memory.ts';
import type { DialogueRecorder } from './recorder.ts';
import type { Profile } from './setup/profiles.ts';
import type { SimOption } from './sim/pin.ts';
import type { UssdForm } from './sim/ussd.ts';
import type { SourceListener } from './source.ts';
import type { ModemStatus } from './status.ts';
import type { Permission } from './watchdog.ts';

export interface SessionDeps {
  slot: string;
  port: string;
  /** `vvvv:pppp` of the USB device, for its quirk profile; null when it is on no USB. */
  usbId: string | null;
  /** The rate this line answered at before, or null. */
  baud: number | null;
  /** What was known of this modem when it was read last, for the time until it tells again. */
  profile: Profile | null;
  /** Why the modem is restarted before anything else, or null. */
  resetFirst: string | null;
  listener: SourceListener;
  status: ModemStatus;
  recorder: DialogueRecorder;
  clock: Clock;
  log: Log;
  hooks: SourceHooks;
  sims: readonly SimOption[];
  memory: CardMemory;
  /** Who reads which modem and which SIM; shared by all sessions of the bank. */
  claims: Claims;
  sweepSeconds: number;
  /** How often signal and network are asked for; 30 s by default, tests are less patient. */
  healthEveryMs?: number;
  /** Whether the network is asked for the number of a SIM that does not know it. */
  ussd: boolean;
  /** In which form each model takes USSD requests, learned by trying; shared by the bank. */
  ussdForms: Map<string, UssdForm>;
  /** May the modem be restarted now? Takes the restart from the bank's budget. */
  mayReset(): Permission;
  /** A restart that was permitted did not come about; it does not count. */
  notReset(): void;
  timing?: ResyncTiming;
}

export interface SessionEnd {
  reason: string;
  /** Whether the modem spoke at all, and whether a SIM in it was ever ready, so that reconnecting at once makes sense. */
  answered: boolean;
  served: boolean;
  /** A restart was wanted and its command never sent. */
  resetPending: boolean;
  /** It ended because answers stayed out, not because the line went away or somebody stopped it. */
  mute: boolean;
  /** The rate at which the modem answered, if another than usual. */
  baud: number | null;
  profile: Profile;
}
