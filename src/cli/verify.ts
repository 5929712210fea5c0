import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Config } from '../config.ts';
import { MANIFEST_SUFFIX } from '../exports/files.ts';
import { findKeys } from '../exports/signing-key.ts';
import { isEvidence, type KnownKeys, readKeys, type Verdict, verifyEvidence, verifyExport } from '../exports/verify.ts';
import { messageOf } from '../lib/log.ts';
import { type Io, readArgs, VERIFY_USAGE } from './usage.ts';

/** Evidence is one order's; what is larger is the file of an export. */
const EVIDENCE_OCTETS_MAX = 16 * 1024 * 1024;
const EXIT: Record<Verdict['outcome'], number> = { holds: 0, refuted: 1, unchecked: 3 };

/**
 * `smspin verify`: checks, without asking anybody, an exported file against its signed manifest (FILE.manifest.json unless named), or the signed evidence of an
 * order. Without `--key` only what this very data folder signed can be checked. Exit code 0: it holds; 1: it does not; 2: wrong command line; 3: it could not be checked.
 */
export async function verifyCommand(args: string[], config: () => Config, io: Io): Promise<number> {
  const text = { type: 'string' } as const;
  const { words, values } = readArgs(args, { usage: VERIFY_USAGE, positionals: ['FILE'], options: { manifest: text, key: text } });
  const verdict = await check(words[0], values.manifest, () => keysOf(values.key, config));
  if (verdict.outcome === 'holds') for (const line of [`${words[0]}: holds`, ...verdict.said]) io.out(line);
  if (verdict.outcome === 'refuted') for (const line of [`${words[0]}: DOES NOT HOLD`, ...verdict.why]) io.err(line);
  if (verdict.outcome === 'unchecked') io.err(`${words[0]}: could not be checked. ${verdict.why}`);
  return EXIT[verdict.outcome];
}

async function check(file: string, manifest: string | undefined, keys: () => KnownKeys): Promise<Verdict> {
  try {
    if (!existsSync(file)) return { outcome: 'unchecked', why: 'There is no such file.' };
    const whole = manifest === undefined && statSync(file).size <= EVIDENCE_OCTETS_MAX ? readFileSync(file, 'utf8') : null;
    if (whole !== null && isEvidence(whole)) return verifyEvidence(whole, keys());
    const beside = manifest ?? `${file}${MANIFEST_SUFFIX}`;
    if (!existsSync(beside)) {
      return {
        outcome: 'unchecked',
        why: `There is no manifest at ${beside}. It is offered beside the download; name it with --manifest.`,
      };
    }
    return await verifyExport(Bun.file(file).stream(), readFileSync(beside, 'utf8'), keys());
  } catch (thrown) {
    return { outcome: 'unchecked', why: messageOf(thrown).replace(/^\w*Error: /, '') };
  }
}

function keysOf(file: string | undefined, config: () => Config): KnownKeys {
  if (file !== undefined) {
    if (!existsSync(file)) throw new Error(`There is no key file at ${file}.`);
    try {
      return readKeys(readFileSync(file, 'utf8'));
    } catch (thrown) {
      throw new Error(`${file} cannot be used: ${messageOf(thrown).replace(/^\w*Error: /, '')}.`);
    }
  }
  const ring = findKeys(config().data.dir);
  return new Map((ring?.all() ?? []).map(({ keyId, pem }) => [keyId, pem]));
}
