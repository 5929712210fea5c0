import type { Database } from 'bun:sqlite';
import type { Config } from '../config.ts';
import { houseSecret } from '../db/secret.ts';
import type { Door } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import type { RandomBytes } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { Export, ExportLimits } from './exports.ts';
import { type ExportFiles, exportFiles } from './files.ts';
import { type Maker, startMaker } from './maker.ts';
import { makeManifest } from './manifest.ts';
import { type KeyRing, openKeys } from './signing-key.ts';

/** What the addresses of this room stand on. */
export interface ExportsRoom {
  maker: Maker;
  files: ExportFiles;
  keys: KeyRing;
  limits: ExportLimits;
  /** Of the signed links. */
  secret: Uint8Array;
  publicUrl: string;
  /** After an export was canceled or revoked: its worker stops, its file goes. */
  withdrawn(found: Export): void;
}

/** Opens the room: folder, keys, and the makers of files, which take up what an earlier process left. */
export async function openExports(deps: {
  db: Database;
  door: Door;
  clock: Clock;
  timers: Timers;
  log: Log;
  config: Config;
  random: RandomBytes;
}): Promise<ExportsRoom> {
  const { db, door, clock, timers, log, config, random } = deps;
  const { publicUrl } = config.server;
  const { currency } = config.money;
  const keys = openKeys(config.data.dir, clock.nowMs());
  const files = exportFiles(config.data.dir);
  const { accountMegabytes, atOnce } = config.exports;
  const limits = {
    ...{ atOnce, accountOctets: accountMegabytes * 1_000_000 },
    // May change while running.
    get keepHours() {
      return config.exports.keepHours;
    },
  };
  const maker = await startMaker({
    ...{ db, door, clock, timers, log, files, limits, currency },
    manifest: (found, file) => makeManifest(found, file, { key: keys.current(), issuer: publicUrl, currency, nowMs: clock.nowMs() }),
  });
  return {
    ...{ maker, files, keys, limits, publicUrl, secret: houseSecret(db, 'exports', random, clock.nowMs()) },
    withdrawn(found) {
      maker.look();
      // A worker that is still at it takes its file away itself.
      if (found.status === 'revoked') files.remove(found.id);
    },
  };
}

/** A room that makes nothing and keeps nothing, for what only describes the pages. */
export function noExports(): ExportsRoom {
  const maker = { look() {}, progress: () => null, stop: async () => {} };
  const files = { path: (id: string) => id, remove() {}, sweep: () => [] };
  const keys = {
    all: () => [],
    current() {
      throw new Error('there is no signing key here');
    },
  };
  const limits = { keepHours: 1, accountOctets: 0, atOnce: 1 };
  return { maker, files, keys, limits, secret: new Uint8Array(32), publicUrl: 'http://localhost', withdrawn() {} };
}
