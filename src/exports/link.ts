import { Refusal } from '../lib/errors.ts';
import { signClaim, verifyClaim } from '../lib/signed.ts';
import type { Export } from './exports.ts';
import { downloadName, MANIFEST_SUFFIX } from './files.ts';

const PURPOSE = 'export';

/** Addresses of an export's file and manifest; the right to them is in the address. */
export interface ExportLinks {
  file: string;
  manifest: string;
}

/** The links of an export, the same each time, or null when it has none (any more): over, or its time has come. */
export function linksOf(found: Export, { secret, publicUrl }: { secret: Uint8Array; publicUrl: string }): ExportLinks | null {
  if (!['queued', 'running', 'ready'].includes(found.status)) return null;
  const key = signClaim(secret, { purpose: PURPOSE, subject: found.id, expiresAtMs: found.expiresAtMs });
  // The key stands in the query, which is written in no log of ours.
  const address = (suffix: string) => `${publicUrl}/exports/${found.id}/${downloadName(found)}${suffix}?key=${key}`;
  return { file: address(''), manifest: address(MANIFEST_SUFFIX) };
}

/** Refuses a key that is not for this export (`not_found`, so that nobody learns which there are) or has ended (`link_ended`). */
export function checkLink(secret: Uint8Array, id: string, key: string, nowMs: number): void {
  const verified = verifyClaim(secret, PURPOSE, key, nowMs);
  if (verified.ok && verified.subject === id) return;
  if (!verified.ok && verified.why === 'expired')
    throw new Refusal('link_ended', 'This link has expired. Its owner can have the file made again.');
  throw new Refusal('not_found', 'The link is not complete, or not one of ours. Copy it again from the list of exports.');
}
