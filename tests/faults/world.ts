/** A house that faults happen to: a bank of virtual modems in a process of its own, a server on a real port, a customer with a key and an operator who looks. */
import { Database } from 'bun:sqlite';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKey, SCOPES } from '../../src/accounts/keys.ts';
import { startSession } from '../../src/accounts/sessions.ts';
import { addUser, type Role } from '../../src/accounts/users.ts';
import { setOffer } from '../../src/catalogue/offers.ts';
import { loadConfig } from '../../src/config.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { writeNow } from '../../src/db/write.ts';
import { topUp } from '../../src/ledger/ledger.ts';
import { systemRandom } from '../../src/lib/ids.ts';
import { type Log, silentLog } from '../../src/lib/log.ts';
import { startServer as startInside } from '../../src/server.ts';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { ApiClient, untilStock } from '../support/client.ts';
import { freePort, startServer } from '../support/server.ts';

/** Virtual SIMs are of these countries by turns: three of each. */
const MODEMS = 12;
export const COUNTRIES = ['gb', 'us', 'de', 'fr'] as const;
/** Each story is told in a country of its own, or a message found late could be one of the story before: the networks' times are whole seconds. */
export type Country = (typeof COUNTRIES)[number];
const AVAILABLE_MINOR = 100_000;
const PRICE_MINOR = 45;

export interface World {
  url: string;
  bank: TestBank;
  anna: ApiClient;
  /** Folder of the database. */
  data: string;
  databasePath: string;
  /** What the operator's page of the modems says now. */
  operatorSees(): Promise<string>;
  /** Sets the server's wall clock so far from the machine's. */
  setClock(byMs: number): void;
  /** A look at the database beside the server. */
  look<T>(at: (db: Database) => T): T;
  stop(): Promise<void>;
}

/** A world whose server runs in this process: its connection to the database can be broken by pragmas, without rights on the machine. */
export async function openInnerWorld(dir: string, log: Log = silentLog): Promise<World & { db: Database }> {
  const bank = await startTestBank(MODEMS);
  const port = freePort();
  const data = join(dir, 'data');
  mkdirSync(data);
  const env = {
    ...{ SMSPIN_DATA_DIR: data, SMSPIN_SERVER_PORT: String(port), SMSPIN_MODEMS_PORTS: bank.pattern, SMSPIN_MODEMS_DISCOVER: 'false' },
    ...{ SMSPIN_BACKUP_EVERY_HOURS: '0', SMSPIN_ORDERS_REUSE_DAYS: '0', SMSPIN_ORDERS_QUARANTINE_MINUTES: '0' },
  };
  const config = loadConfig(null, env, dir);
  const db = openDatabase(join(data, 'smspin.db'));
  migrate(db);
  let aheadMs = 0;
  const clock = { nowMs: () => Date.now() + aheadMs, monotonicMs: () => performance.now() };
  const server = await startInside({ config, db, log, self: [], clock });
  const world = await settle(`http://127.0.0.1:${port}`, data, bank);
  const setClock = (byMs: number): void => {
    aheadMs = byMs;
  };
  const stop = async (): Promise<void> => {
    await server.stop();
    await bank.stop();
  };
  return { ...world, db, setClock, stop };
}

/** A world whose server is a process of its own, as an operator runs it; `dir` may lie on a disk that is to be broken. */
export async function openOuterWorld(
  dir: string,
  options: { toml?: string; env?: Record<string, string>; aheadMs?: number } = {},
): Promise<World & { stopServer(): Promise<void>; startServer(): Promise<void> }> {
  const bank = await startTestBank(MODEMS);
  // Not on the disk that may be broken.
  const clockDir = mkdtempSync(join(tmpdir(), 'smspin-clock-'));
  const clockFile = join(clockDir, 'clock');
  const setClock = (byMs: number): void => {
    writeFileSync(`${clockFile}.new`, String(byMs));
    renameSync(`${clockFile}.new`, clockFile);
  };
  setClock(options.aheadMs ?? 0);
  const config = `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\n[backup]\nevery_hours = 0\n[orders]\nreuse_days = 0\nquarantine_minutes = 0\n${options.toml ?? ''}`;
  const port = freePort();
  const env = { SMSPIN_TEST_CLOCK: clockFile, SMSPIN_SERVER_PORT: String(port), ...options.env };
  const start = () => startServer({ dir, config, env, readyTimeoutMs: 60_000 });
  let server = await start();
  const world = await settle(server.url, join(dir, 'data'), bank, options.aheadMs);
  return {
    ...world,
    setClock,
    stopServer: () => server.stop(),
    async startServer() {
      server = await start();
    },
    async stop() {
      await server.stop();
      await bank.stop();
      rmSync(clockDir, { recursive: true });
    },
  };
}

/** Lets people in beside the running server, as its commands do, and waits until its numbers are for sale. */
async function settle(url: string, data: string, bank: TestBank, aheadMs = 0): Promise<Omit<World, 'setClock' | 'stop'>> {
  const databasePath = join(data, 'smspin.db');
  const db = openDatabase(databasePath);
  const { secret, cookie } = writeNow(db, Date.now() + aheadMs, (tx) => {
    const add = (email: string, role: Role): string =>
      addUser(tx, systemRandom, { email, role, passwordHash: null, state: 'active', purpose: null, acceptedTerms: true }).id;
    for (const country of COUNTRIES) setOffer(tx, { country, service: 'telegram', priceMinor: PRICE_MINOR, windowMinutes: null });
    const userId = add('anna@example.org', 'customer');
    topUp(tx, { currency: 'USD', random: systemRandom }, { userId, amountMinor: AVAILABLE_MINOR, reference: null });
    return {
      secret: createKey(tx, systemRandom, { userId, name: 'script', scopes: SCOPES }).secret,
      cookie: startSession(tx, systemRandom, add('olga@example.org', 'operator'), 'test'),
    };
  });
  db.close();
  const anna = new ApiClient(url, secret);
  for (const country of COUNTRIES) await untilStock(anna, country, 'telegram', bank.sims.filter((sim) => sim.country === country).length);
  return {
    ...{ url, bank, anna, data, databasePath },
    async operatorSees() {
      const page = await fetch(`${url}/admin/bank`, { headers: { cookie: `smspin_session=${cookie}` } });
      return page.text();
    },
    look(at) {
      const beside = new Database(databasePath, { readonly: true, strict: true });
      try {
        return at(beside);
      } finally {
        beside.close();
      }
    },
  };
}
