import type { Outcome, SlotActions } from '../modem/actions.ts';
import type { ModemSnapshot } from '../modem/source.ts';

/** What the operator's pages may do with the modems. */
export interface BankControl extends SlotActions {
  /** How many modems are virtual ones of this server's own: only to those can it send. */
  readonly virtualCount: number;
  /** What can be made to go wrong with a virtual modem. */
  readonly virtualFaults: readonly { name: string; label: string; hint: string; momentary: boolean }[];
  snapshots(): readonly ModemSnapshot[];
  /** Puts an SMS into the virtual network; says in plain words why not. */
  sendVirtualSms(sms: {
    number: string;
    sender: string;
    text: string;
  }): Promise<{ ok: true; parts: number } | { ok: false; error: string }>;
  /** The names of the faults that are switched on in a slot's virtual modem. */
  faultsOn(slot: string): Promise<readonly string[]>;
  /** Switches a fault of a slot's virtual modem on or off, or lets a momentary one happen. */
  setVirtualFault(slot: string, name: string, on: boolean): Promise<Outcome>;
}

/** A house without modems, for what only describes the pages; every action says `reason`. */
export function noBank(reason: string): BankControl {
  const refuse = async () => ({ ok: false as const, detail: reason });
  return {
    ...{ virtualCount: 0, virtualFaults: [], snapshots: () => [], dialogue: () => null, faultsOn: async () => [] },
    ...{ pause: refuse, resume: refuse, reconnect: refuse, reset: refuse, toggleRadio: refuse, enterPin: refuse, askNumber: refuse },
    ...{ command: refuse, setVirtualFault: refuse, sendVirtualSms: async () => ({ ok: false, error: reason }) },
  };
}
