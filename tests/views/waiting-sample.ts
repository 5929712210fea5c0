import type { AdminWaitingView } from '../../views/admin/waiting.tsx';
import type { PlaceView, WaitFormView, WaitingView } from '../../views/waiting/model.ts';
import { nowMs } from './sample.ts';

const OFFER = { country: 'gb', service: 'telegram', serviceName: 'Telegram', carrier: '' };

export function placeView(changes: Partial<PlaceView> = {}): PlaceView {
  return {
    ...{
      id: 'wai_1',
      status: 'waiting',
      mode: 'buy',
      ...OFFER,
      maxPriceMinor: 60,
      priceMinor: 45,
      currency: 'USD',
      position: 3,
      length: 7,
    },
    ...{
      obstacle: null,
      nextFreeAtMs: null,
      restMinutes: 60,
      joinedAtMs: nowMs - 60_000,
      expiresAtMs: nowMs + 3_600_000,
      endedAtMs: null,
      orderId: null,
      note: '',
      rejoinUntilMs: null,
    },
    ...changes,
  };
}

/** Places of every kind, with a stranger's text wherever one can stand. */
export function hostilePlaces(text: string): PlaceView[] {
  const own = { country: text, service: text, serviceName: text, carrier: text, note: text };
  const ended = { ...own, position: null, length: null, endedAtMs: nowMs - 1000, priceMinor: null };
  return [
    placeView({ ...own, id: `${text}1`, obstacle: text }),
    placeView({ ...own, id: `${text}2`, mode: 'notify', maxPriceMinor: null, obstacle: 'insufficient_balance' }),
    placeView({ ...ended, id: `${text}3`, status: 'left', rejoinUntilMs: nowMs + 1000 }),
    placeView({ ...ended, id: `${text}4`, status: 'available' }),
    placeView({ ...ended, id: `${text}5`, status: 'expired' }),
    placeView({ ...ended, id: `${text}6`, status: 'served', orderId: text }),
  ];
}

export function hostileWaiting(text: string): WaitingView {
  return { nowMs, places: hostilePlaces(text), past: hostilePlaces(text).map((place) => ({ ...place, id: `past${place.id}` })) };
}

export function waitForm(changes: Partial<WaitFormView> = {}): WaitFormView {
  return { buyers: 2, own: null, hoursMax: 168, typed: null, ...changes };
}

export function hostileAdminWaiting(text: string): AdminWaitingView {
  const place = { id: text, email: text, maxPriceMinor: 60, joinedAtMs: nowMs, expiresAtMs: nowMs, obstacle: text } as const;
  return {
    nowMs,
    isCut: false,
    lines: [
      {
        ...{
          country: text,
          service: text,
          serviceName: text,
          carrier: text,
          currency: 'USD',
          priceMinor: 45,
          stock: 0,
          nextFreeAtMs: nowMs + 60_000,
          restMinutes: 60,
          buyers: 5,
          watchers: 1,
        },
        ...{ highestMinor: 60, oldestAtMs: nowMs, places: [{ ...place, mode: 'buy' as const }] },
      },
    ],
  };
}
