import { type AlarmKind, type AlarmUnit, KINDS, type Severity } from './alarm-table.ts';

export type { AlarmAbout, AlarmIncident, AlarmKind, AlarmUnit, Severity } from './alarm-table.ts';

export type AlarmKindCode = keyof typeof KINDS;
export const ALARM_KINDS: Readonly<Record<AlarmKindCode, AlarmKind>> = KINDS;
export const ALARM_CODES = Object.keys(KINDS) as AlarmKindCode[];

/** The worst first. */
export const SEVERITIES = ['critical', 'warning', 'notice'] as const satisfies readonly Severity[];

export function isAlarmCode(word: unknown): word is AlarmKindCode {
  return typeof word === 'string' && Object.hasOwn(KINDS, word);
}

/** Title and advice of an alarm; a code of a newer modem room still gets words. */
export function alarmWords({ code }: { code: string }): { title: string; todo: string } {
  return isAlarmCode(code) ? ALARM_KINDS[code] : { title: 'Needs attention', todo: 'Read the history of the slot.' };
}

const BY_UNIT: Record<AlarmUnit, string> = {
  minutes: ' min',
  seconds: ' s',
  percent: ' %',
  days: ' days',
  hours: ' h',
  refusals: ' refusals an hour',
  megabytes: ' MB',
  'minor units': ' minor units',
};

/** `92 %`, `1,250 MB`: a figure of an alarm for people, or '' for none. */
export function alarmFigure(value: number | null, unit: AlarmUnit | null): string {
  if (value === null || unit === null) return '';
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
  return `${rounded.toLocaleString('en')}${BY_UNIT[unit]}`;
}
