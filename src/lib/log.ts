export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** One line a fact. Never pass SMS texts, codes, passwords or keys: log ids. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const WEIGHT: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A log of JSON lines: `{"at": RFC 3339, "level", "event", ...fields}`. `write` gets each line without its newline. */
export function jsonLog(write: (line: string) => void, nowMs: () => number, least: LogLevel = 'info'): Log {
  const at =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (WEIGHT[level] < WEIGHT[least]) return;
      write(JSON.stringify({ at: new Date(nowMs()).toISOString(), level, event, ...fields }));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** What an unknown thrown value says, on one line, for a log field. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return text.replace(/\s+/g, ' ').slice(0, 500);
}
