import { alarmWords, isAlarmCode } from '../../src/lib/alarm-kinds.ts';
import { daysInWords, numberGrouped, utc } from '../format.ts';
import { alarmPath, paths, simPagePath, withQuery } from '../paths.ts';
import type { MailContent } from './model.ts';

export interface AlarmNotice {
  alarmId: string;
  /** A kind of lib/alarm-table.ts. */
  code: string;
  /** A slot, an ICCID, an offer, an endpoint; '' the house itself. */
  subject: string;
  /** `reminded`: it stands since long, and nobody has acknowledged it. */
  what: 'raised' | 'reminded' | 'cleared';
  text: string;
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

/** Alarms that were raised, those that nobody has acknowledged since long, and those that are over, since the last mail. */
export function alarms(notices: readonly AlarmNotice[], { publicUrl }: { publicUrl: string }): MailContent {
  const raised = notices.filter(({ what }) => what === 'raised');
  const reminded = notices.filter(({ what }) => what === 'reminded');
  const cleared = notices.filter(({ what }) => what === 'cleared');
  const only = notices.length === 1 ? notices[0] : undefined;
  const subject = only
    ? `${titleOf(only)}${{ raised: '', reminded: ' (still)', cleared: ' (over)' }[only.what]}`
    : [
        raised.length > 0 ? counted(raised.length, 'alarm') : '',
        reminded.length > 0 ? `${reminded.length} still stand${reminded.length === 1 ? 's' : ''}` : '',
        cleared.length > 0 ? `${cleared.length} over` : '',
      ]
        .filter(Boolean)
        .join(', ');
  const text = (words: string) => ({ kind: 'text', text: words }) as const;
  return {
    subject: `SMSPin: ${subject}`,
    preheader: notices
      .slice(0, 3)
      .map((notice) => notice.text)
      .join(' · '),
    title: raised.length + reminded.length > 0 ? 'SMSPin needs you' : 'Alarms are over',
    blocks: [
      ...(raised.length === 0 ? [] : [listOf(raised)]),
      ...(reminded.length === 0 ? [] : [text('Still so, and nobody has acknowledged it:'), listOf(reminded)]),
      ...(cleared.length === 0
        ? []
        : [...(cleared.length < notices.length ? [text('Over by themselves or by you:')] : []), listOf(cleared)]),
      ...(notices.length > SHOWN_MAX ? [text('There are more than fit in a mail; the page of alarms shows all that last.')] : []),
      {
        kind: 'action',
        label: only ? 'Open the alarm' : 'Open the alarms',
        url: `${publicUrl}${only ? alarmPath(only.alarmId) : paths.alarms}`,
      },
    ],
    reason:
      'You get this because you want mails about alarms. The same alarm is told at most once an hour; acknowledge it, and it is not told again.',
  };
}

function listOf(notices: readonly AlarmNotice[]) {
  return {
    kind: 'list',
    items: notices.slice(0, SHOWN_MAX).map((notice) => ({
      title: titleOf(notice),
      text: [`${utc(notice.atMs)}: ${notice.text}`, ...(notice.what === 'cleared' ? [] : [alarmWords(notice).todo])].join('\n'),
    })),
  } as const;
}

function titleOf({ code, subject }: AlarmNotice): string {
  const { title } = isAlarmCode(code) ? alarmWords({ code }) : { title: 'Needs attention' };
  return subject === '' ? title : `${title}: ${subject}`;
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
