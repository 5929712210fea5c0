import { type Log, messageOf } from '../lib/log.ts';
import { notify } from './notify.ts';

/** What systemd puts into the environment of a service: sd_notify(3), sd_watchdog_enabled(3). */
export interface ServiceVariables {
  notifySocket: string | undefined;
  watchdogUsec: string | undefined;
  /** WATCHDOG_PID is this process, or is not given. */
  isForUs: boolean;
}

/** Tells the service manager how the process is; without one (a terminal, a container) it does nothing. */
export interface ServiceManager {
  /** It serves, from now on; `status` is shown by `systemctl status`. From here on the watchdog hears of us for as long as the event loop turns. */
  ready(status: string): void;
  /** It was asked to end, and is about to. */
  stopping(): void;
}

const USEC_PER_MS = 1000;
/** Signs of life in each period of the watchdog: one that comes late on a busy machine is no reason to be killed. */
const SIGNS_PER_PERIOD = 3;

export function openServiceManager({ notifySocket, watchdogUsec, isForUs }: ServiceVariables, log: Log): ServiceManager {
  if (notifySocket === undefined || notifySocket === '') return { ready() {}, stopping() {} };
  const say = (...lines: string[]): void => {
    try {
      notify(notifySocket, lines.join('\n'));
    } catch (thrown) {
      log.warn('service_manager_not_told', { error: messageOf(thrown) });
    }
  };
  const periodMs = isForUs ? Number(watchdogUsec ?? 0) / USEC_PER_MS : 0;
  return {
    ready(status) {
      say('READY=1', `STATUS=${status}`);
      // Until the process ends: one that hangs while it stops is to be killed as well.
      if (periodMs > 0) setInterval(() => say('WATCHDOG=1'), periodMs / SIGNS_PER_PERIOD).unref();
    },
    stopping: () => say('STOPPING=1', 'STATUS=Stopping'),
  };
}
