import type { Config } from '../config.ts';
import { modemProbe, PROBE_USAGE } from './modem-probe.ts';
import { modemScan, SCAN_USAGE } from './modem-scan.ts';
import { modemWatch, type Stopping, WATCH_USAGE } from './modem-watch.ts';
import { type Io, UsageError } from './usage.ts';

export const MODEM_USAGE = [SCAN_USAGE, PROBE_USAGE, WATCH_USAGE];

/** `smspin modem …`: looks at modems and their ports; needs no database. Returns the exit code. */
export async function modemCommand(args: string[], config: Config, io: Io, stopping: Stopping): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === 'scan') return modemScan(rest, config, io);
  if (verb === 'probe') return modemProbe(rest, config, io);
  if (verb === 'watch') return modemWatch(rest, config, io, stopping);
  throw new UsageError(`the verb must be scan, probe or watch\nusage: ${MODEM_USAGE.join('\n       ')}`);
}
