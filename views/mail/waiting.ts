import { countryName, money, numberGrouped, utc } from '../format.ts';
import { paths, withQuery } from '../paths.ts';
import { obstacleWords } from '../waiting/words.ts';
import type { MailContent } from './model.ts';

/** A place in a waiting list and what is told of it. */
export interface MailedPlace {
  id: string;
  country: string;
  /** As the rules in force call it. */
  serviceName: string;
  service: string;
  carrier: string;
  maxPriceMinor: number | null;
  currency: string;
  status: string;
  expiresAtMs: number;
  /** Of the order that was bought. */
  number: string | null;
  priceMinor: number | null;
  /** `served`, `available`, `passed_over` or `expired`. */
  what: string;
  /** With `passed_over`: what stands in the way. */
  why: string | null;
}

/** News of a waiting list: bought, there is stock, others went before, or the time is over. */
export function waitingNews(place: MailedPlace, { publicUrl }: { publicUrl: string }): MailContent {
  const { country, service, serviceName, carrier, maxPriceMinor, currency, expiresAtMs } = place;
  const { subject, preheader, text, action } = newsOf(place);
  return {
    subject,
    preheader,
    title: subject,
    blocks: [
      { kind: 'text', text },
      {
        kind: 'facts',
        rows: [
          ['Service', serviceName],
          ['Country', countryName(country)],
          ...(carrier === '' ? [] : [['Carrier', carrier] as const]),
          ...(place.number === null ? [] : [['Number', numberGrouped(place.number)] as const]),
          ...(maxPriceMinor === null ? [] : [['At most', money(maxPriceMinor, currency)] as const]),
          ...(place.what === 'passed_over' ? [['You wait until', utc(expiresAtMs)] as const] : []),
        ],
      },
      {
        kind: 'action',
        label: action,
        url: `${publicUrl}${place.what === 'available' ? withQuery(paths.dashboard, { country, service, carrier }) : place.what === 'served' ? paths.dashboard : paths.waiting}`,
      },
    ],
    reason: 'You get this because you wait for a number, and want mails about that.',
  };
}

function newsOf(place: MailedPlace): { subject: string; preheader: string; text: string; action: string } {
  const { serviceName: service, country, priceMinor, currency, why, what } = place;
  const where = `${service} in ${countryName(country)}`;
  if (what === 'served') {
    const price = priceMinor === null ? '' : ` for ${money(priceMinor, currency)}`;
    return {
      subject: `Your number for ${where} is here`,
      preheader: `Bought${price}; its window runs.`,
      text: `It was your turn: a number was bought${price}. Its window runs from now on, so use it soon. Without a valid SMS the price goes back by itself.`,
      action: 'Open the dashboard',
    };
  }
  if (what === 'available') {
    return {
      subject: `There are numbers for ${where}`,
      preheader: 'You asked to be told.',
      text: 'You asked to be told once. None is kept back for you: who orders first has it. You do not wait any more.',
      action: 'Get a number',
    };
  }
  if (what === 'expired') {
    return {
      subject: `You do not wait for ${where} any more`,
      preheader: 'The time you set is over.',
      text: 'The time you set is over and nothing was bought. Nothing was charged. You can join again.',
      action: 'Your waiting list',
    };
  }
  return {
    subject: `You were passed over for ${where}`,
    preheader: 'You keep your place.',
    text: `${obstacleWords(why ?? '')} You keep your place, and are not told of this again.`,
    action: 'Your waiting list',
  };
}
