import type { AlarmItem, AlarmPageView, AlarmsView } from '../../views/admin/alarms-model.ts';

const AT_MS = Date.UTC(2026, 10, 22, 12);

function item(text: string, changes: Partial<AlarmItem> = {}): AlarmItem {
  return {
    ...{ id: text, code: 'modem_down', subject: text, iccid: text, severity: 'warning', text, value: 3, threshold: 2 },
    ...{
      sinceMs: AT_MS - 60_000,
      raisedAtMs: AT_MS,
      clearedAtMs: null,
      clearedText: null,
      acknowledgedAtMs: null,
      email: null,
      note: '',
      incidentId: text,
    },
    ...changes,
  };
}

const acknowledged = (text: string) => item(text, { id: `${text} 2`, code: text, acknowledgedAtMs: AT_MS, email: text, note: text });
const over = (text: string) => item(text, { id: `${text} 3`, code: 'deaf', clearedAtMs: AT_MS, clearedText: text });

export const alarmsView = (text: string): AlarmsView => ({
  ...{ nowMs: AT_MS, standing: [item(text), acknowledged(text)], past: [over(text)] },
  ...{ filter: { code: text, severity: null }, nextCursor: text, isOlder: true, mail: 'unwanted' },
  watched: [{ title: text, means: text, severity: 'notice', code: text, set: [text] }],
});

export const alarmPageView = (text: string): AlarmPageView => ({
  ...{ nowMs: AT_MS, alarm: item(text), noteMax: 500, form: { values: { note: text }, errors: { note: text, '': text } } },
  changes: [{ atMs: AT_MS, what: 'acknowledged', text, email: text }],
});

export const alarmOverView = (text: string): AlarmPageView => ({ ...alarmPageView(text), alarm: over(text) });
