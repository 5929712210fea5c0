import { countryName, minutesInWords, money, numberGrouped, utc } from '../format.ts';
import { paths, rentalPath } from '../paths.ts';
import type { MailContent } from './model.ts';

/** An order as its event tells of it (DESIGN 13). */
export interface MailedOrder {
  id: string;
  country: string;
  /** As the rules in force call it. */
  serviceName: string;
  number: string;
  price: number;
  currency: string;
  /** It ended because its modem was away for too long. */
  modemAway?: boolean;
  createdAtMs: number;
  expiresAtMs: number;
  code: string | null;
  /** The newest message, as the stranger wrote it. */
  message: { sender: string; text: string; receivedAtMs: number } | null;
}

/** A code arrived. Without `withCode` neither the code nor anything of the message leaves the house. */
export function codeReceived(order: MailedOrder, { withCode, publicUrl }: { withCode: boolean; publicUrl: string }): MailContent {
  const service = order.serviceName;
  const { message } = order;
  const reason = 'You get this because you want a mail when a code arrives.';
  const action = { kind: 'action', label: 'Open the dashboard', url: `${publicUrl}${paths.dashboard}` } as const;
  const rows = [
    ['Number', numberGrouped(order.number)],
    ['Country', countryName(order.country)],
    ...(withCode && message ? [['Sender', message.sender] as const] : []),
    ...(message ? [['Arrived', utc(message.receivedAtMs)] as const] : []),
    ['Order', order.id],
  ] as const;
  if (!withCode || order.code === null) {
    return {
      subject: `A code for ${service} has arrived`,
      preheader: `It is in your dashboard, for ${numberGrouped(order.number)}.`,
      title: `A code for ${service} has arrived`,
      blocks: [{ kind: 'text', text: 'You chose not to have codes in mails: it is in your dashboard.' }, { kind: 'facts', rows }, action],
      reason,
    };
  }
  return {
    subject: `${order.code} is your ${service} code`,
    preheader: `For ${numberGrouped(order.number)}.`,
    title: `Your ${service} code`,
    blocks: [
      { kind: 'code', code: order.code },
      { kind: 'facts', rows },
      ...(message ? [{ kind: 'quote', label: 'The SMS', text: message.text } as const] : []),
      action,
    ],
    reason,
  };
}

/** The window ended without a valid SMS; the price is back. */
export function orderExpired(order: MailedOrder, { publicUrl }: { publicUrl: string }): MailContent {
  const service = order.serviceName;
  const price = money(order.price, order.currency);
  const window = minutesInWords(Math.max(1, Math.round((order.expiresAtMs - order.createdAtMs) / 60_000)));
  return {
    subject: `No ${service} code came; ${price} is back on your balance`,
    preheader: `Your order for ${numberGrouped(order.number)} expired and was refunded in full.`,
    title: 'Expired and refunded',
    blocks: [
      {
        kind: 'text',
        text: `${order.modemAway ? 'The modem of this number was away for longer than a window waits' : `No valid SMS for ${service} came within ${window}`}. The full price went back to your balance by itself.`,
      },
      {
        kind: 'facts',
        rows: [
          ['Number', numberGrouped(order.number)],
          ['Country', countryName(order.country)],
          ['Refunded', price],
          ['Ordered', utc(order.createdAtMs)],
          ['Order', order.id],
        ],
      },
      { kind: 'action', label: 'Get another number', url: `${publicUrl}${paths.dashboard}` },
    ],
    reason: 'You get this because you want a mail when an order expires.',
  };
}

/** The available balance fell below what its owner set. */
export function lowBalance(
  balance: { availableMinor: number; heldMinor: number; currency: string; thresholdMinor: number },
  { publicUrl }: { publicUrl: string },
): MailContent {
  const available = money(balance.availableMinor, balance.currency);
  return {
    subject: `Your balance is low: ${available}`,
    preheader: `It fell below ${money(balance.thresholdMinor, balance.currency)}.`,
    title: 'Your balance is low',
    blocks: [
      {
        kind: 'text',
        text: `It fell below ${money(balance.thresholdMinor, balance.currency)}, the mark you set. The operator can credit you. You are told again only after a top-up.`,
      },
      {
        kind: 'facts',
        rows: [
          ['Available', available],
          ['Held by open orders', money(balance.heldMinor, balance.currency)],
        ],
      },
      { kind: 'action', label: 'Open the dashboard', url: `${publicUrl}${paths.dashboard}` },
    ],
    reason: 'You get this because you want a mail when your balance is low.',
  };
}

/** A rental ends soon. */
export function rentalEnding(
  rental: { id: string; number: string; country: string; endsAtMs: number },
  { publicUrl }: { publicUrl: string },
): MailContent {
  return {
    subject: `Your rental of ${numberGrouped(rental.number)} ends soon`,
    preheader: `It ends at ${utc(rental.endsAtMs)}.`,
    title: 'Your rental ends soon',
    blocks: [
      { kind: 'text', text: 'After that its messages do not reach you any more, and the number may go to somebody else.' },
      {
        kind: 'facts',
        rows: [
          ['Number', numberGrouped(rental.number)],
          ['Country', countryName(rental.country)],
          ['Ends', utc(rental.endsAtMs)],
          ['Rental', rental.id],
        ],
      },
      { kind: 'action', label: 'Look at it, or extend it', url: `${publicUrl}${rentalPath(rental.id)}` },
    ],
    reason: 'You get this because you want a mail before a rental ends.',
  };
}

/** Another customer invites to read the inbox of a rental. Nothing of that rental is said: whoever reads this mailbox has not accepted yet. */
export function rentalShared(invitation: { owner: string; url: string; untilMs: number }): MailContent {
  return {
    subject: 'You are invited to read a rented number',
    preheader: `By ${invitation.owner}.`,
    title: 'Read along?',
    blocks: [
      {
        kind: 'text',
        text: `${invitation.owner} invites you to read the messages of a number that they rent. Sign in or sign up with this address, and accept or decline.`,
      },
      { kind: 'action', label: 'Look at the invitation', url: invitation.url },
      { kind: 'facts', rows: [['Stands until', utc(invitation.untilMs)]] },
      { kind: 'text', text: 'If you do not know who that is, do nothing: nothing is shared until you accept.' },
    ],
    reason: 'You get this because a customer of this box gave this address to invite you.',
  };
}
