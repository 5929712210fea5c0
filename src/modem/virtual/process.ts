import { messageOf } from '../../lib/log.ts';
import { linesOf } from '../../lib/text-lines.ts';
import { EmulatedBank, simOf, type VirtualBankOptions } from './bank.ts';
import type { StrikeReport } from './chaos.ts';
import { type BankCommand, type FaultLine, parseCommand, type ReadyLine } from './protocol.ts';

export interface VirtualBankIo {
  stdin: AsyncIterable<Uint8Array>;
  /** Prints one line; the newline is added. */
  out(line: string): void;
  err(line: string): void;
  /** Milliseconds since 1970 with a fraction. */
  nowMs(): number;
}

export interface RunOptions extends VirtualBankOptions {
  /** Faults a minute and modem from the start on. */
  chaosRate: number;
  /** Print each fault of the chaos as a JSON line when it begins and when it ends. */
  logFaults: boolean;
}

/**
 * Runs a bank of virtual modems until its standard input ends: prints one line when the ports are there, then answers each JSON line with
 * one, under the same `id`. The exit code: 0, or 1 when the bank could not be brought up.
 */
export async function runVirtualBank(options: RunOptions, io: VirtualBankIo): Promise<number> {
  let bank: EmulatedBank;
  try {
    bank = new EmulatedBank(
      options,
      options.seed ?? Math.floor(io.nowMs()),
      options.logFaults ? (strike) => printStrike(strike, io) : undefined,
    );
  } catch (thrown) {
    io.err(messageOf(thrown));
    return 1;
  }
  const sims = bank.sims();
  io.out(JSON.stringify({ ready: true, ports: sims.map(({ port }) => port), sims } satisfies ReadyLine));
  if (options.chaosRate > 0) bank.chaos({ seed: options.seed ?? 0, rate: options.chaosRate });
  for await (const line of linesOf(io.stdin)) {
    if (line.trim() !== '') void respond(bank, line, io);
  }
  bank.close();
  return 0;
}

async function respond(bank: EmulatedBank, line: string, io: VirtualBankIo): Promise<void> {
  const parsed = parseCommand(line);
  const reply = parsed.ok ? await perform(bank, parsed.command, io) : { ok: false, error: parsed.error };
  io.out(JSON.stringify({ id: parsed.id, ...reply }));
}

function printStrike({ port, fault, on, forMs }: StrikeReport, io: VirtualBankIo): void {
  io.out(JSON.stringify({ event: 'fault', at_ms: Math.round(io.nowMs()), port, fault, on, for_ms: forMs } satisfies FaultLine));
}

type Reply = { ok: true; [field: string]: unknown } | { ok: false; error: string };

async function perform(bank: EmulatedBank, command: BankCommand, io: VirtualBankIo): Promise<Reply> {
  try {
    if (command.cmd === 'list') return { ok: true, sims: bank.stored() };
    if (command.cmd === 'reply_delay') {
      bank.setReplyDelay(command.ms);
      return { ok: true };
    }
    if (command.cmd === 'chaos') {
      bank.chaos(command);
      return { ok: true };
    }
    return await performOn(bank, command, io);
  } catch (thrown) {
    return { ok: false, error: messageOf(thrown) };
  }
}

async function performOn(
  bank: EmulatedBank,
  command: Exclude<BankCommand, { cmd: 'list' | 'reply_delay' | 'chaos' }>,
  io: VirtualBankIo,
): Promise<Reply> {
  const modem = bank.find(command);
  if (modem === null) return { ok: false, error: `no virtual SIM answers to ${command.number ?? command.port ?? 'nobody'}` };
  switch (command.cmd) {
    case 'sms': {
      const { sender, text, atMs = io.nowMs() } = command;
      const { parts, announced } = await bank.sendSms(modem, { sender, text, atMs });
      return { ok: true, parts, announced, written_at_ms: announced ? io.nowMs() : null };
    }
    case 'pdu': {
      const { pdu } = command;
      const announced = await modem.deliver(pdu, tpduLength(pdu));
      return { ok: true, parts: 1, announced, written_at_ms: announced ? io.nowMs() : null };
    }
    case 'fault':
      modem.fault(command.fault, command.on, command.parameters);
      return { ok: true, faults: modem.faults };
    case 'swap':
      return { ok: true, sim: bank.swap(modem) };
    default:
      modem[command.cmd]();
      return { ok: true, sim: simOf(modem) };
  }
}

/** Octets behind the service centre; at least 1, so that a nonsensical PDU still gets a header. */
function tpduLength(pdu: string): number {
  return Math.max(1, pdu.length / 2 - 1 - Number.parseInt(pdu.slice(0, 2), 16));
}
