import { alarmWords } from '../admin/states.ts';
import { daysInWords, numberGrouped, utc } from '../format.ts';
import { paths, simPagePath, slotPath, withQuery } from '../paths.ts';
import type { MailContent } from './model.ts';

export interface AlarmNotice {
  slot: string;
  /** A code of the modem room, `deaf`, or `down`. */
  alarm: string;
  what: 'raised' | 'cleared';
  detail: string;
  atMs: number;
}

/** A day of a card that is near or past. */
export interface DueCard {
  iccid: string;
  number: string | null;
  slot: string | null;
  what: 'expiry' | 'top_up';
  on: string;
  days: number;
}

const SHOWN_MAX = 50;

/** Alarms that were raised, and those that are over, since the last mail. */
export function alarms(notices: readonly AlarmNotice[], { publicUrl }: { publicUrl: string }): MailContent {
  const raised = notices.filter(({ what }) => what === 'raised');
  const cleared = notices.filter(({ what }) => what === 'cleared');
  const only = notices.length === 1 ? notices[0] : undefined;
  const subject = only
    ? `${titleOf(only)}: ${only.slot}${only.what === 'cleared' ? ' (over)' : ''}`
    : [raised.length > 0 ? `${counted(raised.length, 'alarm')}` : '', cleared.length > 0 ? `${cleared.length} over` : '']
        .filter(Boolean)
        .join(', ');
  const slot = only ? slotPath(only.slot) : paths.bank;
  return {
    subject: `Modem bank: ${subject}`,
    preheader: notices
      .slice(0, 3)
      .map(({ detail }) => detail)
      .join(' · '),
    title: raised.length > 0 ? 'The modem bank needs you' : 'Alarms are over',
    blocks: [
      ...(raised.length === 0 ? [] : [listOf(raised)]),
      ...(raised.length === 0 || cleared.length === 0 ? [] : [{ kind: 'text', text: 'Over by themselves or by you:' } as const]),
      ...(cleared.length === 0 ? [] : [listOf(cleared)]),
      ...(notices.length > SHOWN_MAX
        ? [{ kind: 'text', text: 'There are more than fit in a mail; the modem bank shows all that last.' } as const]
        : []),
      { kind: 'action', label: only ? 'Open the slot' : 'Open the modem bank', url: `${publicUrl}${slot}` },
    ],
    reason: 'You get this because you want mails about alarms. The same alarm of a slot is told at most once an hour.',
  };
}

function listOf(notices: readonly AlarmNotice[]) {
  return {
    kind: 'list',
    items: notices.slice(0, SHOWN_MAX).map((notice) => ({
      title: `${titleOf(notice)}: ${notice.slot}`,
      text: [
        `${utc(notice.atMs)}: ${notice.detail}`,
        ...(notice.what === 'raised' && notice.alarm !== 'down' ? [alarmWords({ code: notice.alarm }).todo] : []),
      ].join('\n'),
    })),
  } as const;
}

function titleOf({ alarm }: AlarmNotice): string {
  return alarm === 'down' ? 'Modem is down' : alarmWords({ code: alarm }).title;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Cards that expire or are to be topped up, the nearest first. */
export function simsDue(cards: readonly DueCard[], { publicUrl }: { publicUrl: string }): MailContent {
  const only = cards.length === 1 ? cards[0] : undefined;
  const nearest = cards[0];
  return {
    subject: only ? `${dueTitle(only)} ${daysInWords(only.days)}` : `${cards.length} days of SIMs come near`,
    preheader: nearest ? `The first: ${dueTitle(nearest)} ${daysInWords(nearest.days)}` : '',
    title: 'SIMs need you',
    blocks: [
      {
        kind: 'list',
        items: cards.slice(0, SHOWN_MAX).map((card) => ({
          title: dueTitle(card),
          text: [`${card.on} (UTC), ${daysInWords(card.days)}`, `SIM ${card.iccid}${card.slot === null ? '' : ` in ${card.slot}`}`].join(
            '\n',
          ),
        })),
      },
      ...(cards.length > SHOWN_MAX ? [{ kind: 'text', text: 'There are more than fit in a mail; the page shows all.' } as const] : []),
      {
        kind: 'action',
        label: only ? 'Open the SIM' : 'Open the SIMs',
        url: `${publicUrl}${only ? simPagePath(only.iccid) : withQuery(paths.sims, { due: 'yes', sort: 'due' })}`,
      },
    ],
    reason: 'You get this because you want mails about SIMs that expire or are to be topped up. Each day is told three times at most.',
  };
}

function dueTitle({ number, what }: DueCard): string {
  const sim = number === null ? 'A SIM' : numberGrouped(number);
  return `${sim} ${what === 'expiry' ? 'expires' : 'is to be topped up'}`;
}
