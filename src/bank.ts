import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BankControl } from './admin/routes.tsx';
import type { Config } from './config.ts';
import type { Clock } from './lib/clock.ts';
import type { Log } from './lib/log.ts';
import { type Bank as LocalBank, startBank } from './modem/bank.ts';
import { discoverModems } from './modem/discovery/discovery.ts';
import type { SourceHooks } from './modem/inbox/inbox.ts';
import type { CardMemory } from './modem/memory.ts';
import type { SourceListener } from './modem/source.ts';
import { spawnVirtualBank, type VirtualBank } from './modem/virtual/client.ts';

/** How many virtual modems stand in when there is no real one. */
const VIRTUAL_DEFAULT = 8;

/** All modems of this box: the attached ones and, where there is none, the virtual bank; both are read through the same serial path. */
export interface Bank extends BankControl {
  /** The countries of the virtual SIMs. */
  readonly virtualCountries: readonly string[];
  /** Starts reading. */
  start(): void;
  /** Reads the SIM's whole storage now and stores what is there; false when that cannot be done. */
  readNow(iccid: string): Promise<boolean>;
  stop(): Promise<void>;
}

export interface BankDeps {
  config: Config;
  clock: Clock;
  log: Log;
  listener: SourceListener;
  memory: CardMemory;
  /** The words that start this program again. */
  self: readonly string[];
  hooks?: SourceHooks;
}

/** Brings the virtual bank up if one is wanted; the modems are read from `start` on. */
export async function openBank(deps: BankDeps): Promise<Bank> {
  const { config, clock, log, listener } = deps;
  const virtualCount = config.modems.virtual ?? (nothingAttached(config) ? VIRTUAL_DEFAULT : 0);
  const virtual = virtualCount === 0 ? null : await openVirtual(deps, virtualCount);
  let local: LocalBank | null = null;

  return {
    virtualCount,
    virtualCountries: [...new Set(virtual?.sims.map((sim) => sim.country) ?? [])],
    start() {
      const { discover, sweepSeconds, sims } = config.modems;
      const ports = [...config.modems.ports, ...(virtual?.ports ?? [])];
      local = startBank(
        { ports, discover, sweepSeconds, sims, ...(deps.hooks ? { hooks: deps.hooks } : {}) },
        { clock, log, listener, memory: deps.memory },
      );
    },
    snapshots: () => local?.snapshots() ?? [],
    readNow: (iccid) => local?.readNow(iccid) ?? Promise.resolve(false),
    async sendVirtualSms(sms) {
      if (virtual === null) return { ok: false, error: 'There is no virtual bank here: set modems.virtual, or start without modems.' };
      return virtual.sendSms(sms);
    },
    async stop() {
      await local?.stop();
      await virtual?.stop();
    },
  };
}

function nothingAttached(config: Config): boolean {
  return config.modems.ports.length === 0 && !(config.modems.discover && discoverModems().some((found) => found.taken));
}

function openVirtual(deps: BankDeps, count: number): Promise<VirtualBank> {
  const dir = join(deps.config.data.dir, 'virtual');
  mkdirSync(dir, { recursive: true });
  return spawnVirtualBank({ command: [...deps.self, 'simulate'], count, dir, stateFile: join(dir, 'sims.json'), log: deps.log });
}
