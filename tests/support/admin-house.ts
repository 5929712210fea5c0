/** The house behind its pages, with modems that only pretend: for tests of what the operator sees and does. */

import { startSession } from '../../src/accounts/sessions.ts';
import { addUser, type Role } from '../../src/accounts/users.ts';
import { type BankControl, noBank } from '../../src/admin/control.ts';
import { makeApp } from '../../src/app.ts';
import { noSchedule } from '../../src/catalogue/schedule.ts';
import { loadConfig } from '../../src/config.ts';
import { type Door, openDoor } from '../../src/db/write.ts';
import { noPushes } from '../../src/evidence/pushes.ts';
import { noExports } from '../../src/exports/room.ts';
import { type Log, silentLog } from '../../src/lib/log.ts';
import { openTroubles, type Troubles } from '../../src/lib/troubles.ts';
import { type Hub, openHub } from '../../src/live/hub.ts';
import { type Metrics, openMetrics } from '../../src/metrics/open.ts';
import type { ModemSnapshot } from '../../src/modem/source.ts';
import { type LiveConfig, openSettings } from '../../src/settings/live.ts';
import { openStatus, type StatusRoom } from '../../src/status/room.ts';
import type { Resolve } from '../../src/webhooks/resolve.ts';
import { type House, makeHouse, START_MS, seededRandom, testSim } from './house.ts';

/** A ready modem with the SIM of `testSim(n)`. */
export function snapshot(n: number, changes: Partial<ModemSnapshot> = {}): ModemSnapshot {
  const { slot, port, imei, manufacturer, model, firmware, iccid, imsi, number } = testSim(n);
  return {
    ...{
      slot,
      port,
      imei,
      manufacturer,
      model,
      firmware,
      iccid,
      lockedCard: null,
      imsi,
      number,
      state: 'ready',
      detail: null,
      virtual: true,
    },
    ...{ carrier: 'Testnet', registration: 'home', signalDbm: -73, storage: { name: 'SM', used: 3, total: 20 } },
    ...{ partsByUrc: 12, partsBySweep: 1, errors: 2, lastError: null, lastSweepAtMs: START_MS, lastPartAtMs: null },
    ...{ profile: 'generic', radio: '4G', plmn: '00101', baud: 115_200, roundTripMs: 4.4, disconnects: 1, resets: 0, alarms: [] },
    ...changes,
  };
}

/** A bank that notes what it is asked for and answers as it is told. */
export class FakeBank implements BankControl {
  virtualCount = 1;
  virtualFaults = [
    { name: 'deaf', label: 'Deaf', hint: 'The network delivers nothing.', momentary: false },
    { name: 'reboot', label: 'Reboot', hint: 'The modem restarts.', momentary: true },
  ];
  modems: ModemSnapshot[] = [];
  /** Every call, as `verb slot what`. */
  readonly asked: string[] = [];
  answer: Awaited<ReturnType<BankControl['pause']>> = { ok: true, detail: 'It was done.' };
  said: Awaited<ReturnType<BankControl['command']>> = { ok: true, lines: ['+CSQ: 20,99'], final: 'OK' };
  lines: NonNullable<ReturnType<BankControl['dialogue']>> = [];
  readonly on = new Set<string>();
  /** Resolved by the test when an answer shall wait. */
  gate: Promise<void> = Promise.resolve();

  readonly #act =
    (verb: string) =>
    async (slot: string, what = '') => {
      this.asked.push(`${verb} ${slot} ${what}`.trim());
      await this.gate;
      return this.answer;
    };
  pause = this.#act('pause');
  resume = this.#act('resume');
  reconnect = this.#act('reconnect');
  reset = this.#act('reset');
  toggleRadio = this.#act('radio');
  askNumber = this.#act('number');
  enterPin: BankControl['enterPin'] = (slot, { pin, stated = null, again = false }) =>
    this.#act('pin')(slot, `${pin}${stated === null ? '' : ` stated ${stated.atLeast} ${stated.iccid}`}${again ? ' again' : ''}`);
  snapshots = () => this.modems;
  dialogue = (slot: string) => (this.modems.some((modem) => modem.slot === slot) ? this.lines : null);
  faultsOn = async () => [...this.on];
  sendVirtualSms: BankControl['sendVirtualSms'] = noBank('It is a test.').sendVirtualSms;

  async command(slot: string, text: string) {
    this.asked.push(`command ${slot} ${text}`);
    await this.gate;
    return this.said;
  }

  async setVirtualFault(slot: string, name: string, on: boolean) {
    if (on) this.on.add(name);
    else this.on.delete(name);
    return this.#act('fault')(slot, `${name} ${on}`);
  }
}

export interface AdminHouse {
  house: House;
  door: Door;
  /** What the door writes it publishes by itself; after a write of the house, which has no door, call `drain`. */
  hub: Hub;
  bank: FakeBank;
  troubles: Troubles;
  settings: LiveConfig;
  status: StatusRoom;
  app: ReturnType<typeof makeApp>;
  metrics: Metrics;
  /** The cookie of the operator. */
  operator: string;
  /** The cookie of somebody who signed in. */
  signIn(role: Role, email?: string): string;
  /** Sends a request as the operator, unless another cookie is given; redirects are not followed. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  /** Posts, follows the redirect and returns the page. */
  postAndFollow(path: string, form: Record<string, string>): Promise<string>;
  audit(): { action: string; target: string; detail: string }[];
}

/** `env`: the configuration, as `SMSPIN_*`; `resolve`: what names lead to. */
export function adminHouse({
  log = silentLog,
  env = {},
  resolve,
}: {
  log?: Log;
  env?: Record<string, string>;
  resolve?: Resolve;
} = {}): AdminHouse {
  const house = makeHouse();
  const { db, clock, terms } = house;
  const door = openDoor(db, clock.nowMs, log);
  const bank = new FakeBank();
  const config = loadConfig(null, env, '/nonexistent');
  const settings = openSettings(db, config, log);
  terms.limits = settings.config.limits;
  const counts = () => ({ stored: 0, duplicates: 0, setAside: 0, matched: 0, unmatched: 0, failed: 0, loggedErrors: 0 });
  const troubles = openTroubles(clock.nowMs);
  const hub = openHub(db, log);
  door.onCommit(() => hub.drain());
  const metrics = openMetrics({ log, monotonicMs: clock.monotonicMs, slowStatementMs: 100, slowLoopMs: 250 });
  const status = openStatus({ ...{ db, door, clock, log, troubles, terms, bank }, loop: null, sweepSeconds: 45 });
  const app = makeApp({
    metrics,
    priceSchedule: noSchedule,
    settings,
    db,
    door,
    hub,
    clock,
    log,
    terms,
    bank,
    exports: noExports(),
    pushes: noPushes,
    troubles,
    status,
    rules: house.rules,
    counts,
    stage: () => 'running',
    ...(resolve && { resolve }),
  });
  const random = seededRandom(7);
  const signIn = (role: Role, email = `${role}@example.org`): string => {
    const user = { email, passwordHash: null, role, state: 'active' as const, purpose: null, acceptedTerms: true };
    const { id } = house.write((tx) => addUser(tx, random, user));
    return `smspin_session=${house.write((tx) => startSession(tx, random, id, 'test'))}`;
  };
  const operator = signIn('operator');
  const send = (method: string, path: string, headers: Record<string, string>, body: string | null) =>
    app.handle(new Request(`http://localhost${path}`, { method, headers: { cookie: operator, accept: 'text/html', ...headers }, body }));
  const get: AdminHouse['get'] = (path, headers = {}) => send('GET', path, headers, null);
  const post: AdminHouse['post'] = (path, form, headers = {}) =>
    send(
      'POST',
      path,
      { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost:8080', ...headers },
      new URLSearchParams(form).toString(),
    );
  return {
    ...{ house, door, hub, bank, troubles, settings, status, metrics, app, operator, signIn, get, post },
    async postAndFollow(path, form) {
      const answer = await post(path, form);
      const location = answer.headers.get('location');
      if (answer.status !== 303 || location === null)
        throw new Error(`${answer.status}: ${(await answer.text()).replace(/<[^>]*>/g, ' ').slice(-900)}`);
      return (await get(location)).text();
    },
    audit: () =>
      db.query<{ action: string; target: string; detail: string }, []>('SELECT action, target, detail FROM audit ORDER BY id').all(),
  };
}
