import { sameCard } from '../lib/iccid.ts';
import type { SimOption } from '../modem/sim/pin.ts';
import type { ModemFacts } from './modem-facts.ts';

/** From four fifths on a storage is said to be filling up. */
const FILLING = 0.8;
const FAINT_DBM = -105;

/** What the operator should do about a modem, in plain words, the most pressing first; empty when nothing. Pure. */
export function adviceFor(facts: ModemFacts, sims: readonly SimOption[]): string[] {
  return [...simAdvice(facts, sims), ...messageAdvice(facts), ...networkAdvice(facts), ...numberAdvice(facts, sims)];
}

const TRIES_HIDDEN =
  ' This modem does not tell how many tries are left, so each PIN counts until one was right or the card was read open: the server sends one by itself only after none of unknown end, and on the page of the slot at most two.';

function triesLeft(tries: number): string {
  const left = tries === 1 ? ' One try is left' : ` ${tries} tries are left`;
  if (tries >= 3) return `${left}.`;
  if (tries === 2) return `${left}: the server sends none by itself with fewer than three; type it on the page of the slot.`;
  return `${left}: the server never spends the last one; open the card in a phone, which gives all tries back.`;
}

function simAdvice({ lock, iccid, pinTries }: ModemFacts, sims: readonly SimOption[]): string[] {
  switch (lock.state) {
    case 'pin_required': {
      const tries = pinTries === null ? TRIES_HIDDEN : triesLeft(pinTries);
      if (iccid === null) return [`The SIM asks for its PIN and does not tell its ICCID before it: take the PIN off in a phone.${tries}`];
      const configured = sims.find((sim) => sameCard(sim.iccid, iccid))?.pin !== undefined;
      if (configured) return [`The SIM asks for its PIN; one is configured for it, and the server enters it.${tries}`];
      return [`The SIM asks for its PIN: put [[modems.sim]] with iccid = "${iccid}" and pin = "…" into smspin.toml.${tries}`];
    }
    case 'puk_required':
      return ['The SIM asks for its PUK: enter it in a phone, and set a new PIN there. It is never sent from here.'];
    case 'ready':
      return iccid === null ? ['The modem does not tell the ICCID of its SIM: the server cannot use it.'] : [];
    case 'closed':
      return ['The modem went away while it was asked.'];
    default:
      return [`${sentence(lock.detail)}: push the card in, or try it in a phone. Some modems see a new card only after a restart.`];
  }
}

function messageAdvice({ lock, notification, messagingFault, misdirected, storages }: ModemFacts): string[] {
  const advice = misdirected.map(
    ({ answer, mend }) =>
      `Announcements go to another port than this one (${answer}): the server mends it when none come, or send ${mend} yourself.`,
  );
  if (messagingFault !== null) return [`${sentence(messagingFault)}: no message can be read from it.`, ...advice];
  if (lock.state === 'ready' && notification === null) {
    advice.push('It accepts no setting by which messages are announced: they are found by sweeps only, up to sweep_seconds late.');
  }
  for (const { name, used, total } of storages) {
    if (total > 0 && used >= total * FILLING)
      advice.push(`Storage ${name} is filling up (${used} of ${total}): the server reads and empties it.`);
  }
  return advice;
}

function networkAdvice({ lock, registration, signalDbm }: ModemFacts): string[] {
  if (lock.state !== 'ready') return [];
  if (registration === 'denied') return ['The network refuses this SIM: is it active, paid for, and allowed in this kind of modem?'];
  if (registration === 'searching') return ['It is still looking for its network: wait a minute; then look at the antenna.'];
  if (registration === 'idle')
    return ['It is on no network and looks for none: look at the antenna, and whether its radio is on (AT+CFUN?).'];
  if (signalDbm !== null && signalDbm < FAINT_DBM) return [`The signal is faint (${signalDbm} dBm): move the antenna.`];
  return [];
}

function numberAdvice({ lock, number, iccid }: ModemFacts, sims: readonly SimOption[]): string[] {
  if (lock.state !== 'ready' || number !== null || iccid === null) return [];
  if (sims.some((sim) => sameCard(sim.iccid, iccid) && sim.number !== undefined)) return [];
  return [`The SIM does not know its number, and is not sold without one: smspin sim set ${iccid} --number +…`];
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
