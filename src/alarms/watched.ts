import type { Config } from '../config.ts';
import { ALARM_CODES, ALARM_KINDS } from '../lib/alarm-kinds.ts';

/** The kinds of alarms with the thresholds that hold, as they would stand in smspin.toml: `modem_down_minutes = 2`. */
export function watchedKinds({ alarms, modems }: Pick<Config, 'alarms' | 'modems'>) {
  const values = new Map<string, number>(Object.entries(alarms).map(([name, value]) => [keyOf(name), value]));
  values.set('modems.deaf_hours', modems.deafHours);
  return ALARM_CODES.map((code) => {
    const { title, means, severity, keys } = ALARM_KINDS[code];
    return { code, title, means, severity, set: keys.map((key) => `${key} = ${values.get(key) ?? '?'}`) };
  });
}

/** `deliveryP95Seconds` → `delivery_p95_seconds`. */
function keyOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
