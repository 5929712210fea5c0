import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BankControl } from './admin/routes.tsx';
import type { Config } from './config.ts';
import type { Clock } from './lib/clock.ts';
import type { Log } from './lib/log.ts';
import type { Troubles } from './lib/troubles.ts';
import type { Outcome } from './modem/actions.ts';
import { type Bank as LocalBank, startBank } from './modem/bank.ts';
import { discoverModems } from './modem/discovery/discovery.ts';
import type { SourceHooks } from './modem/inbox/inbox.ts';
import type { CardMemory } from './modem/memory.ts';
import type { SourceListener } from './modem/source.ts';
import { FAULTS, faultNamed } from './modem/virtual/faults.ts';
import { type KeptBank, keepVirtualBank } from './modem/virtual/kept.ts';

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
  troubles: Troubles;
  listener: SourceListener;
  memory: CardMemory;
  /** The words that start this program again. */
  self: readonly string[];
  hooks?: SourceHooks;
}

const NOT_STARTED: Outcome & { ok: false } = { ok: false, detail: 'The modems are not being read yet.' };

/** Brings the virtual bank up if one is wanted; the modems are read from `start` on. */
export async function openBank(deps: BankDeps): Promise<Bank> {
  const { config, clock, log, listener, memory } = deps;
  const virtualCount = config.modems.virtual ?? (nothingAttached(config) ? VIRTUAL_DEFAULT : 0);
  const virtual = virtualCount === 0 ? null : await openVirtual(deps, virtualCount);
  let local: LocalBank | null = null;
  const act = async (action: (bank: LocalBank) => Promise<Outcome>): Promise<Outcome> => (local === null ? NOT_STARTED : action(local));

  return {
    virtualCount,
    virtualCountries: [...new Set(virtual?.sims.map((sim) => sim.country) ?? [])],
    virtualFaults: FAULTS,
    start() {
      const { discover, sweepSeconds, sims, ussd, usbPower } = config.modems;
      const ports = [...config.modems.ports, ...(virtual?.ports ?? [])];
      local = startBank(
        {
          ports,
          discover,
          sweepSeconds,
          sims,
          ussd,
          usbPower,
          ...(deps.hooks ? { hooks: deps.hooks } : {}),
        },
        { clock, log, listener, memory },
      );
    },
    snapshots: () => local?.snapshots() ?? [],
    readNow: (iccid) => local?.readNow(iccid) ?? Promise.resolve(false),
    pause: (slot) => act((bank) => bank.pause(slot)),
    resume: (slot) => act((bank) => bank.resume(slot)),
    reconnect: (slot) => act((bank) => bank.reconnect(slot)),
    reset: (slot) => act((bank) => bank.reset(slot)),
    toggleRadio: (slot) => act((bank) => bank.toggleRadio(slot)),
    enterPin: (slot, typed) => act((bank) => bank.enterPin(slot, typed)),
    askNumber: (slot) => act((bank) => bank.askNumber(slot)),
    command: async (slot, text) => local?.command(slot, text) ?? NOT_STARTED,
    dialogue: (slot) => local?.dialogue(slot) ?? null,
    ...virtualControl(virtual),
    async stop() {
      await local?.stop();
      await virtual?.stop();
    },
  };
}

/** What can be done in the virtual network; each says in plain words when there is none. */
function virtualControl(kept: KeptBank | null): Pick<BankControl, 'sendVirtualSms' | 'faultsOn' | 'setVirtualFault'> {
  const missing = () =>
    kept === null
      ? 'There is no virtual bank here: set modems.virtual, or start without modems.'
      : 'The virtual bank is being started again; try in a moment.';
  return {
    async sendVirtualSms(sms) {
      return kept?.current()?.sendSms(sms) ?? { ok: false, error: missing() };
    },
    async faultsOn(slot) {
      const modems = (await kept?.current()?.list()) ?? [];
      return modems.find(({ port }) => port === slot)?.faults ?? [];
    },
    async setVirtualFault(slot, name, on) {
      const bank = kept?.current();
      if (bank === null || bank === undefined) return { ok: false, detail: missing() };
      const fault = faultNamed(name);
      if (fault === null) return { ok: false, detail: `There is no fault ${JSON.stringify(name.slice(0, 40))}.` };
      const done = await bank.fault(slot, fault.name, on);
      if (!done.ok) return { ok: false, detail: done.error };
      return { ok: true, detail: fault.momentary ? `${fault.label}: done.` : `${fault.label} is ${on ? 'on' : 'off'}.` };
    },
  };
}

function nothingAttached(config: Config): boolean {
  return config.modems.ports.length === 0 && !(config.modems.discover && discoverModems().some((found) => found.taken));
}

function openVirtual(deps: BankDeps, count: number): Promise<KeptBank> {
  const dir = join(deps.config.data.dir, 'virtual');
  mkdirSync(dir, { recursive: true });
  const { log, troubles } = deps;
  return keepVirtualBank({
    ...{ command: [...deps.self, 'simulate'], count, dir, stateFile: join(dir, 'sims.json'), log },
    onTrouble: (text) => troubles.failed('virtual_bank', text),
    onMended: () => troubles.mended('virtual_bank'),
  });
}
