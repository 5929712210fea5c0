import type { Database } from 'bun:sqlite';
import { type FirstSignIn, firstStart } from './accounts/first.ts';
import { startMinuteWatch } from './admin/minute-watch.ts';
import { openDemand } from './alarms/demand.ts';
import { startAlarms } from './alarms/start.ts';
import { makeApp } from './app.ts';
import { newestUntil } from './backup/files.ts';
import { startBackups } from './backup/schedule.ts';
import { noteOperator } from './balance/receipts.ts';
import { openBank } from './bank.ts';
import { startPriceSchedule } from './catalogue/schedule.ts';
import type { Config } from './config.ts';
import type { StoredEvent } from './db/events.ts';
import { watchForeignCommits } from './db/foreign.ts';
import { MIGRATIONS } from './db/migrate.ts';
import { watchStatements } from './db/statements.ts';
import { openDoor, type Tx } from './db/write.ts';
import { startDiskGuard } from './disk/guard.ts';
import { openPushes } from './evidence/pushes.ts';
import { openExports } from './exports/room.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import type { Log } from './lib/log.ts';
import { startTimers } from './lib/timers.ts';
import { countErrors, openTroubles } from './lib/troubles.ts';
import { openHub } from './live/hub.ts';
import { openMail } from './mail/open.ts';
import { setLowBalanceDefault } from './mail/preferences.ts';
import { judgeWaiting, partsUntilMs } from './messages/inbox.ts';
import { openInbox } from './messages/listener.ts';
import { openMetrics, startMetrics } from './metrics/open.ts';
import type { SourceHooks } from './modem/inbox/inbox.ts';
import { type Expiry, startExpiry } from './orders/expiry.ts';
import { creditOutage } from './orders/outage.ts';
import { type OutageWatch, startOutageWatch } from './orders/outage-watch.ts';
import { startOutbox } from './outbox/outbox.ts';
import { RETRY_SECONDS } from './outbox/retry.ts';
import { startRentals } from './rentals/expiry.ts';
import { addOutage } from './rentals/life.ts';
import type { RentalTerms } from './rentals/rentals.ts';
import { openRules } from './rules/published.ts';
import { openSettings } from './settings/live.ts';
import { termsOf } from './settings/terms.ts';
import { noteAlive, startAlive } from './sims/alive.ts';
import { openHistory } from './sims/history.ts';
import { cardMemory } from './sims/memory.ts';
import { startSimReminders } from './sims/reminders.ts';
import { allOffline } from './sims/sims.ts';
import { ownUrl } from './status/http-checks.ts';
import { openLoop } from './status/loop.ts';
import { openStatus } from './status/room.ts';
import type { Stage } from './status/routes.tsx';
import { openStock } from './stock/stock.ts';
import { stopAll } from './stop.ts';
import { servingFirst } from './waiting/line.ts';
import { startWaiting, type WaitingWatch } from './waiting/watch.ts';
import { networksOf } from './webhooks/address.ts';
import { webhookCourier } from './webhooks/courier.ts';
import { systemResolve } from './webhooks/resolve.ts';

/** `ordered`: an order is committed, its answer not yet on its way. */
export type ServerHooks = SourceHooks & { ordered?(): void };

export interface ServerDeps {
  config: Config;
  db: Database;
  log: Log;
  /** How to start this very program again as the virtual bank: the words before its own arguments. */
  self: readonly string[];
  /** Points at which a test stops the process, or nothing. */
  hooks?: ServerHooks;
  /** A test's own. */
  clock?: Clock;
}

export interface Server {
  url: string;
  signIns: FirstSignIn[];
  virtualModems: number;
  /** Stops taking requests, closes the modems, writes what is under way. */
  stop(): Promise<void>;
}

/** Builds the house and opens its doors: storage, then the listener of the modems, then HTTP, then the modems themselves. */
export async function startServer({ config: file, db, log: given, self, hooks, clock = systemClock }: ServerDeps): Promise<Server> {
  const { log, errors } = countErrors(given);
  const troubles = openTroubles(clock.nowMs);
  const rules = openRules(db, log);
  const metrics = openMetrics({ log, monotonicMs: clock.monotonicMs, ...file.log });
  watchStatements(db, metrics.database);
  const door = openDoor(db, clock.nowMs, log, metrics.database);
  metrics.database.at(door);
  const settings = openSettings(db, file, log);
  const { config } = settings;
  let readAll = (): void => {};
  const disk = startDiskGuard({
    ...{ folder: config.data.dir, stopMegabytes: config.data.stopMegabytes, door, log, troubles },
    ...{ probe: noteAlive, healed: () => readAll() },
  });
  const priced = Object.assign(termsOf(config, rules.current), { refuseNew: disk.refuseNew });
  const stock = openStock(db, priced, door);
  settings.onChange(stock.reread);
  const demand = openDemand(clock.monotonicMs);
  // Assigned and not spread: some of the terms change while running.
  const counted = Object.assign(priced, { stock, demand });
  const beforeSale = servingFirst(counted);
  const terms: RentalTerms = Object.assign(termsOf(config, rules.current), { refuseNew: disk.refuseNew, stock, demand, beforeSale });
  const hub = openHub(db, log);
  const timers = startTimers(clock, log);
  await door.write(allOffline);
  startAlive({ door, clock, timers, log });
  await door.write((tx) => {
    noteOperator(tx, config.operator);
    setLowBalanceDefault(tx, config.money.lowBalanceMinor);
  });
  door.onCommit(() => hub.drain());
  hub.onEvent((event) => {
    if (event.type === 'order.created') hooks?.ordered?.();
    logEvent(log, event);
  });
  const mail = await openMail({ config, db, door, clock, log, terms });
  const outbox = startOutbox({ db, door, clock, timers, log, chance: Math.random }, [
    webhookCourier({
      ...{ db, clock, log, resolve: systemResolve, allow: networksOf(config.webhooks.allow) },
      timeoutSeconds: config.webhooks.timeoutSeconds,
      retrySeconds: config.webhooks.retrySeconds ?? RETRY_SECONDS,
    }),
    ...mail,
  ]);
  let waiting: WaitingWatch | null = null;
  const stopWatching = watchForeignCommits(db, config.data.dir, log, () => {
    rules.refresh();
    settings.refresh();
    hub.drain();
    outbox.look();
    waiting?.look();
  });

  let expiries: Expiry[] = [];
  let outages: OutageWatch | null = null;
  const history = openHistory({ door, clock, timers, log, troubles });
  const inbox = openInbox({
    ...{ db, door, timers, log, terms, sims: config.modems.sims },
    onBack: (tx, iccid, sinceMs) => {
      creditOutage(tx, terms, iccid, sinceMs);
      addOutage(tx, terms, iccid, sinceMs);
    },
    onLost: (iccid) => outages?.simLost(iccid),
    onReady: (iccid) => {
      for (const expiry of expiries) expiry.simReady(iccid);
    },
    happened: history.happened,
    watch: { monotonicMs: clock.monotonicMs, committed: metrics.way.committed },
  });
  const loop = openLoop({ db, random: terms.random, nowMs: clock.nowMs });
  const bank = await openBank({
    ...{ config, clock, log, troubles, self },
    listener: loop.watch(inbox.listener),
    memory: cardMemory(db, door),
    ...(hooks ? { hooks } : {}),
  });
  // What could not be stored waits on the modems.
  readAll = () => {
    for (const { iccid } of bank.snapshots()) if (iccid !== null) void bank.readNow(iccid);
  };
  const ending = {
    db,
    door,
    clock,
    timers,
    hub,
    log,
    terms,
    graceSeconds: config.orders.graceSeconds,
    readNow: (iccid: string) => bank.readNow(iccid),
    partsUntilMs: (iccid: string) => partsUntilMs(db, iccid),
    judgeWaiting: (tx: Tx, iccid: string) => judgeWaiting(tx, terms, iccid),
  };
  expiries = [startExpiry(ending), startRentals(ending)];
  outages = startOutageWatch(ending);
  waiting = startWaiting({ db, door, clock, timers, log, troubles, terms: counted });

  const exports = await openExports({ db, door, clock, timers, log, config, random: terms.random });
  const priceSchedule = startPriceSchedule({ db, door, clock, timers, log, troubles, terms });
  const pushes = metrics.way.measured(openPushes({ door, nowMs: clock.nowMs, log }));
  const status = openStatus({ ...{ db, door, clock, log, troubles, terms, bank, loop }, sweepSeconds: config.modems.sweepSeconds });
  let stage: Stage = 'starting';
  const counts = () => ({ ...inbox.counts, loggedErrors: errors() });
  const app = makeApp({
    ...{ settings, db, door, hub, clock, log, terms, bank, exports, pushes, troubles, rules, priceSchedule, status, metrics, counts },
    stage: () => stage,
  });
  app.listen({ hostname: config.server.host, port: config.server.port });
  // After the port is ours: sign-ins that are shown once must not be made by a start that fails.
  const signIns = await firstStart({ db, door, terms }, bank.virtualCountries);
  bank.start();
  const { everyHours, dir, keepDaily, keepWeekly, recipients } = config.backup;
  startAlarms(
    {
      ...{ db, door, clock, log, troubles, terms, config, bank, status, demand },
      ...(everyHours === 0 ? {} : { lastBackupAtMs: () => newestUntil(dir, clock.nowMs())?.atMs ?? null }),
    },
    timers,
  );
  const stopMetrics = startMetrics(metrics, log, {
    ...{ db, terms, nowMs: clock.nowMs, snapshots: bank.snapshots, counts, outbox, hub, troubles, timers, pushes },
    currency: terms.currency,
    sockets: () => app.server?.pendingWebSockets ?? 0,
  });
  startSimReminders({ door, clock, timers, log, troubles });
  startMinuteWatch({ door, clock, timers, log, troubles });
  await status.start(ownUrl(config.server), timers);
  const backups = startBackups({
    plan: { everyHours, dir, keep: { daily: keepDaily, weekly: keepWeekly }, recipients },
    ...{ dataDir: config.data.dir, latestSchema: MIGRATIONS.length, clock, timers, log, troubles },
  });
  stage = 'running';
  log.info('started', {
    url: config.server.publicUrl,
    host: config.server.host,
    port: config.server.port,
    virtual_modems: bank.virtualCount,
  });

  return {
    url: config.server.publicUrl,
    signIns,
    virtualModems: bank.virtualCount,
    stop: () => {
      stage = 'stopping';
      stopMetrics();
      return stopAll({ disk, backups, app, bank, status, exports, pushes, history, hub, outbox, timers, door, db, stopWatching, log });
    },
  };
}

/** What happened to an order or a rental, by id alone: what it brought is in the database. */
function logEvent(log: Log, { id, type, orderId, rentalId }: StoredEvent): void {
  if (type === 'balance.changed') return;
  log.info('event_committed', {
    type,
    id,
    ...(orderId === null ? {} : { order: orderId }),
    ...(rentalId === null ? {} : { rental: rentalId }),
  });
}
