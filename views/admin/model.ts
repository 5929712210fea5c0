/** What the pages of a slot and of a SIM are given. */
import type { Care } from '../../src/sims/care.ts';
import type { Earned } from '../../src/sims/earnings.ts';
import type { PinState } from '../../src/sims/inventory.ts';
import type { AlarmView, FormView, ModemView } from '../model.ts';
import type { SlotVerb } from './slot-verbs.ts';

export interface DialogueView {
  atMs: number;
  direction: '>' | '<' | '!';
  text: string;
}

export interface PastView {
  id: string;
  /** The last time; `firstAtMs` is the first of `count` times. */
  atMs: number;
  firstAtMs: number;
  count: number;
  kind: string;
  slot: string;
  iccid: string | null;
  detail: string;
}

export interface AuditView {
  id: string;
  atMs: number;
  email: string;
  action: string;
  detail: string;
}

export interface FaultView {
  name: string;
  label: string;
  hint: string;
  momentary: boolean;
  on: boolean;
}

/** A command typed by the operator and what came of it; null lines for one that was refused. */
export interface ConsoleView {
  command: string;
  lines: string[] | null;
  /** The modem's final answer, or why the command was refused. */
  final: string;
}

/** What is fetched again every few seconds. */
export interface SlotNowView {
  nowMs: number;
  slot: string;
  /** Null when no modem was in it since the server started. */
  modem: ModemView | null;
  dialogue: DialogueView[] | null;
  /** An action that goes on; `asked` names it when this page waits for it. */
  doing: { verb: SlotVerb['name']; startedAtMs: number; asked: string | null } | null;
  /** The action this page waited for ended, and what came of it could not be written down. */
  unwritten: boolean;
}

export interface SlotView extends SlotNowView {
  history: { rows: PastView[]; nextCursor: string | null; isOlder: boolean };
  simHistory: PastView[];
  audit: AuditView[];
  /** What came of the last action. */
  result: { ok: boolean; text: string } | null;
  /** Switches of the virtual modem; empty for a real one. */
  faults: FaultView[];
  console: ConsoleView | null;
  /** What was wrong with a form. */
  form: FormView;
}

export interface SimView {
  nowMs: number;
  iccid: string;
  number: string | null;
  country: string | null;
  carrier: string | null;
  state: 'active' | 'paused';
  online: boolean;
  slot: string | null;
  openOrders: number;
  /** A rental runs on it. */
  rented: boolean;
  lastMessageAtMs: number | null;
  /** How many messages came to it: in all, in the last day, in the last 30 days. */
  messages: { all: number; day: number; month: number };
  alarms: AlarmView[];
  /** What the card asks for where it is now, and how many of its tries PINs from here may have cost. */
  pin: { state: PinState; spent: number };
  care: Care;
  currency: string;
  earnings: { all: Earned; months: (Earned & { month: string })[] };
  slots: { slot: string; firstAtMs: number; lastAtMs: number; events: number }[];
  history: { rows: PastView[]; nextCursor: string | null; isOlder: boolean };
  audit: AuditView[];
  result: { ok: boolean; text: string } | null;
  /** The newest ones. */
  rentals: {
    id: string;
    status: 'scheduled' | 'active' | 'ended' | 'canceled';
    service: string | null;
    email: string;
    startsAtMs: number;
    endsAtMs: number;
  }[];
  form: FormView;
}
