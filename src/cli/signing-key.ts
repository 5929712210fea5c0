import { mkdirSync } from 'node:fs';
import type { Config } from '../config.ts';
import { openKeys, type PublicKey, rotateKey } from '../exports/signing-key.ts';
import { type Io, readArgs, SIGNING_KEY_USAGE, UsageError } from './usage.ts';

/** `smspin signing-key`: shows the public keys of this data folder, or takes a new one into use; the former stay published. Returns the exit code. */
export async function signingKeyCommand(args: string[], config: Config, io: Io): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== 'show' && verb !== 'rotate') throw new UsageError(`the verb must be show or rotate\nusage: ${SIGNING_KEY_USAGE}`);
  readArgs(rest, { usage: SIGNING_KEY_USAGE, positionals: [], options: {} });
  mkdirSync(config.data.dir, { recursive: true, mode: 0o700 });
  const ring = openKeys(config.data.dir, Date.now());
  if (verb === 'rotate') io.err(`Now in use: ${rotateKey(config.data.dir, Date.now()).keyId}`);
  for (const key of ring.all()) io.out(line(key));
  return 0;
}

function line({ keyId, createdAt, retiredAt, pem }: PublicKey): string {
  return `${keyId}  made ${createdAt}  ${retiredAt === null ? 'in use' : `retired ${retiredAt}`}\n${pem.trimEnd()}`;
}
