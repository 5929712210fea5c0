import { alarmWords } from '../admin/states.ts';
import { utc } from '../format.ts';
import { paths, slotPath } from '../paths.ts';
import type { MailContent } from './model.ts';

export interface AlarmNotice {
  slot: string;
  /** A code of the modem room, `deaf`, or `down`. */
  alarm: string;
  what: 'raised' | 'cleared';
  detail: string;
  atMs: number;
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
