/** What an operator may do with one slot, and what comes of it. */

import type { TypedPin } from './sim/pin.ts';

/** `detail` says in plain words what was done, or why not and what would be right. */
export type Outcome = { ok: true; detail: string } | { ok: false; detail: string };

export type ConsoleAnswer = { ok: true; lines: string[]; final: string } | { ok: false; detail: string };

/** One line of a modem's last dialogue. Codes and PINs in it are masked. */
export interface DialogueLine {
  atMs: number;
  /** `>` what was sent, `<` what came back or came by itself, `!` what happened to the line (opened, timeout, closed …). */
  direction: '>' | '<' | '!';
  text: string;
}

/** Every action names its slot; one that is not there is refused. None rejects. */
export interface SlotActions {
  /** Closes the port and leaves it alone until `resume`; what was read is stored first. */
  pause(slot: string): Promise<Outcome>;
  resume(slot: string): Promise<Outcome>;
  /** Closes and opens the port, and sets the modem up anew. */
  reconnect(slot: string): Promise<Outcome>;
  /** Restarts the modem itself (its profile's reset command), unless it was restarted a moment ago. */
  reset(slot: string): Promise<Outcome>;
  /** Radio off and on (AT+CFUN=4, then 1): mends modems that are registered and hear nothing. */
  toggleRadio(slot: string): Promise<Outcome>;
  /** One attempt with a PIN typed by the operator, written down before it is sent; refused where it could be the card's last try. */
  enterPin(slot: string, typed: TypedPin): Promise<Outcome>;
  /** Asks the network for the SIM's own number by the carrier's USSD code. */
  askNumber(slot: string): Promise<Outcome>;
  /** Sends one AT command typed by the operator; commands that send, dial, delete, write or change an identity are refused. */
  command(slot: string, text: string): Promise<ConsoleAnswer>;
  /** The last lines spoken, oldest first; null for an unknown slot. */
  dialogue(slot: string): DialogueLine[] | null;
}
