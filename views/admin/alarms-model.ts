import type { AlarmKind } from '../../src/lib/alarm-kinds.ts';
import type { FormView } from '../model.ts';

type Severity = AlarmKind['severity'];

/** An alarm, as the operator sees it. */
export interface AlarmItem {
  id: string;
  code: string;
  subject: string;
  iccid: string | null;
  severity: Severity;
  text: string;
  value: number | null;
  threshold: number | null;
  sinceMs: number;
  raisedAtMs: number;
  clearedAtMs: number | null;
  clearedText: string | null;
  acknowledgedAtMs: number | null;
  email: string | null;
  note: string;
  incidentId: string | null;
}

export interface AlarmsNowView {
  nowMs: number;
  /** The worst first. */
  standing: readonly AlarmItem[];
}

export interface AlarmsView extends AlarmsNowView {
  past: readonly AlarmItem[];
  filter: { code: string | null; severity: Severity | null };
  nextCursor: string | null;
  isOlder: boolean;
  /** What is watched, with the thresholds that hold now: `modem_down_minutes = 2`. */
  watched: { title: string; means: string; severity: Severity; code: string; set: readonly string[] }[];
  /** Whether whoever looks is told by mail: no mail server, not wanted, yes. */
  mail: 'none' | 'unwanted' | 'on';
}

export interface AlarmPageView {
  nowMs: number;
  alarm: AlarmItem;
  changes: readonly {
    atMs: number;
    what: 'raised' | 'reminded' | 'acknowledged' | 'unacknowledged' | 'cleared';
    text: string;
    email: string | null;
  }[];
  form: FormView;
  noteMax: number;
}
