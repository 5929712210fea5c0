import type { Tx } from '../db/write.ts';
import type { AlarmKindCode } from '../lib/alarm-kinds.ts';
import type { Alarm } from './alarms.ts';

/** What a detector found of one subject. What it does not mention of its codes is good. */
export interface Condition {
  code: AlarmKindCode;
  subject: string;
  /** `between`: not bad enough to raise it, too bad to clear it. Left out: bad. */
  level?: 'bad' | 'between';
  /** In plain words; never a text of a message, a code or a PIN. */
  text: string;
  value?: number | null;
  threshold?: number | null;
  iccid?: string | null;
  /** Kept with the alarm from when it is raised. */
  mark?: string | null;
  /** Since when it is so, where that is known better than by the first look that saw it. */
  sinceMs?: number | null;
}

/** Looks, each in its own time, for what is an alarm. It never writes. */
export interface Detector {
  name: string;
  codes: readonly AlarmKindCode[];
  everyMs: number;
  /** Everything of its codes that is not good, given what stands of them. What it throws leaves all as it is, and is told to the operator. */
  look(standing: readonly Alarm[]): readonly Condition[] | Promise<readonly Condition[]>;
  /** In the transaction that raises or clears one of its alarms. */
  changed?(tx: Tx, alarm: Alarm, what: 'raised' | 'cleared', why: string): void;
  /** After it was raised, when that is on the disk. */
  raised?(alarm: Alarm): Promise<void>;
  /** Why one is over, in plain words. */
  why?(alarm: Alarm): string;
}
