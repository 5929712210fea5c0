import { createKey, parseScopes, SCOPES } from '../accounts/keys.ts';
import { requireUserByEmail } from '../accounts/users.ts';
import type { Config } from '../config.ts';
import { writeNow } from '../db/write.ts';
import { systemRandom } from '../lib/ids.ts';
import { type Io, openConfigured, readArgs, UsageError } from './usage.ts';

export const KEY_USAGE = 'smspin key create EMAIL [--scopes a,b] [--name N]';

/** `smspin key create`: prints the key alone on standard output, once. Returns the exit code. */
export async function keyCommand(args: string[], config: Config, io: Io): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== 'create') throw new UsageError(`the verb must be create\nusage: ${KEY_USAGE}`);
  const { words, values } = readArgs(rest, {
    usage: KEY_USAGE,
    positionals: ['EMAIL'],
    options: { scopes: { type: 'string' }, name: { type: 'string', default: 'key' } },
  });
  const scopes = values.scopes === undefined ? SCOPES : parseScopes(values.scopes);
  const db = openConfigured(config, io);
  const user = requireUserByEmail(db, words[0]);
  io.out(writeNow(db, Date.now(), (tx) => createKey(tx, systemRandom, { userId: user.id, name: values.name, scopes })));
  return 0;
}
