/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { agoInWords } from '../format.ts';
import { ids, modemCardId } from '../ids.ts';
import type { ModemView } from '../model.ts';
import { attr, markup } from '../parts/text.tsx';
import { BankHead, BankTable, Counts, HouseTroubles, type LiveBankView, Modem } from './bank.tsx';
import { filtered } from './states.ts';

export type { LiveBankView } from './bank.tsx';

/** Everything on the bank page that changes by itself, as one message for the socket and as the answer to the poll. */
export function pushBank(view: LiveBankView): string {
  return markup(
    <hx-partial hx-target={`#${ids.bank}`} hx-swap="outerMorph">
      <BankTable view={view} />
    </hx-partial>,
  );
}

/**
 * What changed on the bank page between two looks through the same filter, or '' for nothing: modems one by one while the same ones are shown in the
 * same order, else everything. A look at 256 modems of which one changed costs one card.
 */
export function pushBankChanges(before: LiveBankView, view: LiveBankView): string {
  const old = filtered(before.modems, before.filter);
  const now = filtered(view.modems, view.filter);
  const slots = ({ shown }: typeof now) => JSON.stringify(shown.map((modem) => modem.slot));
  if (old.tiles !== now.tiles || slots(old) !== slots(now)) return pushBank(view);
  const pieces = now.shown.flatMap((modem, index) => {
    const was = old.shown[index];
    if (was !== undefined && looksOf(modem, view.nowMs) === looksOf(was, before.nowMs)) return [];
    return [partial(modemCardId(modem.slot), markup(<Modem modem={modem} tiles={now.tiles} nowMs={view.nowMs} />))];
  });
  return [
    ...pieces,
    ...changed(ids.bankHead, markup(<BankHead view={before} />), markup(<BankHead view={view} />)),
    ...changed(ids.bankTroubles, markup(<HouseTroubles view={before} />), markup(<HouseTroubles view={view} />)),
    ...changed(ids.bankCounts, markup(<Counts view={before} />), markup(<Counts view={view} />)),
  ].join('');
}

/** All that a modem's card is made of. Comparing this instead of the cards spares rendering 256 of them every second. */
function looksOf(modem: ModemView, nowMs: number): string {
  const moments = [modem.lastMessageAtMs, ...modem.alarms.map((alarm) => alarm.sinceMs)];
  return JSON.stringify([modem, moments.map((atMs) => (atMs === null ? null : agoInWords(atMs, nowMs)))]);
}

function changed(id: string, before: string, now: string): string[] {
  return before === now ? [] : [partial(id, now)];
}

function partial(id: string, piece: string): string {
  return `<hx-partial hx-target="#${attr(id)}" hx-swap="outerMorph">${piece}</hx-partial>`;
}
