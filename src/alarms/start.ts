import type { Database } from 'bun:sqlite';
import type { Config } from '../config.ts';
import type { Door } from '../db/write.ts';
import { spaceOf } from '../disk/space.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { Troubles } from '../lib/troubles.ts';
import type { SlotActions } from '../modem/actions.ts';
import type { ModemSnapshot } from '../modem/source.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { knownFirstMinute } from '../status/minutes.ts';
import type { StatusRoom } from '../status/room.ts';
import type { Detector } from './condition.ts';
import type { Demand } from './demand.ts';
import { clockDetector } from './detect/clock.ts';
import { deafDetector } from './detect/deaf.ts';
import { deliveryDetector } from './detect/delivery.ts';
import { backupDetector, diskDetector, mailDetector, troubleDetector } from './detect/house.ts';
import { ledgerDetector } from './detect/ledger.ts';
import { modemDetector } from './detect/modems.ts';
import { reviewDetector, webhookDetector } from './detect/queues.ts';
import { expiryDetector, notedExpiries, twinDetector } from './detect/sims.ts';
import { stockDetector, waitingFor } from './detect/stock.ts';
import { type AlarmRoom, openAlarms } from './room.ts';

const MINUTE_MS = 60_000;

export interface HouseAlarmDeps {
  db: Database;
  door: Door;
  clock: Clock;
  log: Log;
  troubles: Troubles;
  terms: OrderTerms;
  config: Config;
  bank: { snapshots(): readonly ModemSnapshot[]; toggleRadio: SlotActions['toggleRadio'] };
  status: Pick<StatusRoom, 'figuresSince' | 'refresh'>;
  demand: Demand;
  /** When the last good backup was made, or null for none; left out: backups are not made here. */
  lastBackupAtMs?(): number | null;
}

/** Everything that is watched, in one list: what a new kind of alarm is added to. */
export function houseDetectors(deps: HouseAlarmDeps): Detector[] {
  const { db, door, clock, log, troubles, terms, config, bank, status, demand } = deps;
  const { nowMs } = clock;
  const { alarms, modems } = config;
  const { lastBackupAtMs = () => null } = deps;
  const snapshots = () => bank.snapshots();
  return [
    modemDetector({ db, nowMs, snapshots, ...alarms }),
    deafDetector({
      ...{ db, door, clock, log, snapshots },
      deafHours: modems.deafHours,
      toggleRadio: modems.radioToggle ? bank.toggleRadio : null,
    }),
    twinDetector({ db }),
    expiryDetector({ expiries: (until) => notedExpiries(db, until), nowMs, ...alarms }),
    stockDetector({ db, nowMs, demand, terms, waiting: (offer) => waitingFor(db, offer), ...alarms }),
    deliveryDetector({ figuresSince: status.figuresSince, nowMs, ...alarms }),
    reviewDetector({ db, nowMs, ...alarms }),
    webhookDetector({ db, nowMs }),
    diskDetector({ space: () => spaceOf(config.data.dir), ...alarms }),
    clockDetector({ db, clock, ...alarms }),
    backupDetector({
      ...{ lastBackupAtMs, scheduled: deps.lastBackupAtMs !== undefined, nowMs, ...alarms },
      firstStartAtMs: () => (knownFirstMinute(db) ?? Math.floor(nowMs() / MINUTE_MS)) * MINUTE_MS,
    }),
    ledgerDetector({ db }),
    mailDetector({ db }),
    troubleDetector({ troubles }),
  ];
}

/** Watches the whole house from now on. */
export function startAlarms(deps: HouseAlarmDeps, timers: Timers): AlarmRoom {
  const { db, door, clock, log, troubles, terms, config, status } = deps;
  const { againHours, modemDownMinutes } = config.alarms;
  const room = openAlarms({
    ...{ db, door, clock, log, troubles, random: terms.random, detectors: houseDetectors(deps), againHours, modemDownMinutes },
    incidentsChanged: status.refresh,
  });
  room.start(timers);
  return room;
}
