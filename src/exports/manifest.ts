import { rfc3339 } from '../lib/clock.ts';
import { minorDigits } from '../lib/money.ts';
import { seal } from './envelope.ts';
import type { Export } from './exports.ts';
import { downloadName } from './files.ts';
import type { Made } from './job.ts';
import type { SigningKey } from './signing-key.ts';

export const EXPORT_STATEMENT = 'smspin-export';
export const EVIDENCE_STATEMENT = 'smspin-evidence';

/** The signed manifest of a file that was just made: what it holds, how large it is, and its SHA-256. */
export function makeManifest(
  found: Export,
  file: Made & { ok: true },
  { key, issuer, currency, nowMs }: { key: SigningKey; issuer: string; currency: string; nowMs: number },
): string {
  return seal(key, {
    type: EXPORT_STATEMENT,
    version: 1,
    id: found.id,
    file: downloadName(found),
    kind: found.kind,
    format: found.format,
    account: found.userId,
    from: found.fromMs === null ? null : rfc3339(found.fromMs),
    to: found.toMs === null ? null : rfc3339(found.toMs),
    columns: file.columns,
    rows: file.rows,
    bytes: file.octets,
    sha256: file.sha256,
    currency,
    minor_digits: minorDigits(currency),
    snapshot_at: rfc3339(file.snapshotAtMs),
    made_at: rfc3339(nowMs),
    issuer,
  });
}
