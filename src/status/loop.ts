import type { Database } from 'bun:sqlite';
import type { BankControl } from '../admin/control.ts';
import { houseSecret } from '../db/secret.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { signClaim, verifyClaim } from '../lib/signed.ts';
import { decodePart } from '../messages/parts.ts';
import type { ModemSnapshot, ReadPart, SourceListener } from '../modem/source.ts';
import type { Found } from './surfaces.ts';

const SENDER = 'SelfCheck';
const PREFIX = 'SMSPin self-check ';
const PURPOSE = 'status-loop';

/** An SMS of the house to itself through the virtual network. */
export interface Loop {
  /** Sends one to the next modem that is ready and waits until it was read; null when there is none. */
  send(bank: Pick<BankControl, 'sendVirtualSms' | 'snapshots'>, signal: AbortSignal): Promise<Found | null>;
  /** The same listener, which never sees such an SMS: it is taken out after the modem and its decoding, before anything is stored. */
  watch(listener: SourceListener): SourceListener;
}

/**
 * Each SMS carries a signed word of this data folder, so that nobody else's is ever taken for one, and one that is read after a restart still is. Nothing of it is
 * stored; the modem deletes it like any other.
 */
export function openLoop({ db, random, nowMs }: { db: Database; random: RandomBytes; nowMs(): number }): Loop {
  const secret = houseSecret(db, PURPOSE, random, nowMs());
  const waiting = new Map<string, () => void>();
  let turn = 0;

  const wordOf = (part: ReadPart): string | null => {
    const { text } = decodePart(part).decoded;
    if (!text?.startsWith(PREFIX)) return null;
    const verified = verifyClaim(secret, PURPOSE, text.slice(PREFIX.length), 0);
    return verified.ok ? verified.subject : null;
  };
  const take = (part: ReadPart): boolean => {
    const word = wordOf(part);
    if (word === null) return false;
    waiting.get(word)?.();
    return true;
  };

  return {
    async send(bank, signal) {
      const modems = bank.snapshots().filter(({ virtual, state, number }) => virtual && state === 'ready' && number !== null);
      const modem = modems[turn++ % Math.max(1, modems.length)];
      if (modem?.number == null) return null;
      const word = Buffer.from(random(8)).toString('hex');
      const { promise, resolve } = Promise.withResolvers<Found>();
      waiting.set(word, () => resolve({ ok: true, degraded: null }));
      signal.addEventListener('abort', () => resolve(lost(modem)));
      try {
        const sent = await bank.sendVirtualSms({
          number: modem.number,
          sender: SENDER,
          text: `${PREFIX}${signClaim(secret, { purpose: PURPOSE, subject: word, expiresAtMs: null })}`,
        });
        // The network is a play one: that it is away says nothing about the modems.
        return sent.ok ? await promise : null;
      } finally {
        waiting.delete(word);
      }
    },
    watch: (listener) => ({
      ...listener,
      store: async (parts) => {
        const others = parts.filter((part) => !take(part));
        if (others.length > 0) await listener.store(others);
      },
    }),
  };
}

function lost({ slot }: ModemSnapshot): Found {
  return { ok: false, why: `an SMS through ${slot} was not read in time` };
}
