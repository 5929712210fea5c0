import { networkList } from './addresses.ts';
import { type Key, oneOf, whole } from './kinds.ts';

export interface LogConfig {
  level: 'debug' | 'info' | 'warn' | 'error';
  /** A statement, or a whole commit, that takes longer is written down. */
  slowStatementMs: number;
  /** The event loop is written down when it is late by as much. */
  slowLoopMs: number;
}

export interface MetricsConfig {
  /** Addresses and networks that may read /metrics without a key. */
  allow: string[];
}

/** Keys of `[log]` and `[metrics]`. */
export const WATCH_KEYS = {
  log: {
    level: oneOf(['debug', 'info', 'warn', 'error'], 'info'),
    slow_statement_ms: whole(1, 60_000, 100),
    slow_loop_ms: whole(1, 60_000, 250),
  },
  metrics: { allow: networkList },
};

export function watchConfig(value: <T>(section: 'log' | 'metrics', key: string, spec: Key<T>) => T): {
  log: LogConfig;
  metrics: MetricsConfig;
} {
  const { log, metrics } = WATCH_KEYS;
  return {
    log: {
      level: value('log', 'level', log.level),
      slowStatementMs: value('log', 'slow_statement_ms', log.slow_statement_ms),
      slowLoopMs: value('log', 'slow_loop_ms', log.slow_loop_ms),
    },
    metrics: { allow: value('metrics', 'allow', metrics.allow) },
  };
}
