import { noBank } from '../admin/control.ts';
import { makeApp } from '../app.ts';
import { noSchedule } from '../catalogue/schedule.ts';
import type { Config } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { openDoor } from '../db/write.ts';
import { noPushes } from '../evidence/pushes.ts';
import { noExports } from '../exports/room.ts';
import { systemClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import { openTroubles } from '../lib/troubles.ts';
import { VERSION } from '../lib/version.ts';
import { openHub } from '../live/hub.ts';
import { openMetrics } from '../metrics/open.ts';
import { openRules } from '../rules/published.ts';
import { fixedSettings } from '../settings/live.ts';
import { termsOf } from '../settings/terms.ts';
import { openStatus } from '../status/room.ts';
import { type Io, OPENAPI_USAGE, readArgs } from './usage.ts';

/** `smspin openapi`: the same document as /swagger/json, from an empty house. Returns the exit code. */
export async function openapiCommand(args: string[], config: Config, io: Io): Promise<number> {
  readArgs(args, { usage: OPENAPI_USAGE, positionals: [], options: {} });
  const db = openDatabase(':memory:');
  migrate(db);
  const bank = noBank(`smspin ${VERSION} prints its API document here`);
  const door = openDoor(db, systemClock.nowMs, silentLog);
  const hub = openHub(db, silentLog);
  const rules = openRules(db);
  const terms = termsOf(config, rules.current);
  const troubles = openTroubles(systemClock.nowMs);
  const app = makeApp({
    priceSchedule: noSchedule,
    settings: fixedSettings(config),
    db,
    door,
    hub,
    clock: systemClock,
    log: silentLog,
    terms,
    rules,
    bank,
    exports: noExports(),
    pushes: noPushes,
    metrics: openMetrics({ log: silentLog, monotonicMs: systemClock.monotonicMs, slowStatementMs: 100, slowLoopMs: 250 }),
    troubles,
    status: openStatus({
      ...{ db, door, clock: systemClock, log: silentLog, troubles, terms, bank },
      loop: null,
      sweepSeconds: config.modems.sweepSeconds,
    }),
    counts: () => ({ stored: 0, duplicates: 0, setAside: 0, matched: 0, unmatched: 0, failed: 0, loggedErrors: 0 }),
    stage: () => 'starting',
  });
  const answer = await app.handle(new Request('http://localhost/swagger/json'));
  io.out(JSON.stringify(await answer.json(), null, 2));
  return answer.ok ? 0 : 1;
}
