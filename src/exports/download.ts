import { SECURITY_HEADERS } from '../http/page.ts';
import { Refusal } from '../lib/errors.ts';
import type { Export } from './exports.ts';
import { downloadName, MANIFEST_SUFFIX } from './files.ts';
import { ifRangeHolds, isUnchanged, readRange } from './range.ts';

const TYPES = { csv: 'text/csv; charset=utf-8; header=present', json: 'application/x-ndjson; charset=utf-8' } as const;

/** The file of an export that is ready, or the part of it that was asked for (RFC 9110 13, 14); HEAD is answered without its body. */
export async function fileResponse(request: Request, found: Export, path: string): Promise<Response> {
  const file = Bun.file(path);
  if (!(await file.exists())) throw new Refusal('link_ended', 'The file is gone from the server. Its owner can have it made again.');
  const size = file.size;
  const validators = { etag: `"${found.sha256}"`, modifiedMs: found.madeAtMs ?? found.createdAtMs };
  const headers: Record<string, string> = {
    ...attachment(TYPES[found.format], downloadName(found)),
    ...{ 'accept-ranges': 'bytes', etag: validators.etag, 'last-modified': new Date(validators.modifiedMs).toUTCString() },
  };
  const has = { noneMatch: request.headers.get('if-none-match'), modifiedSince: request.headers.get('if-modified-since') };
  if (isUnchanged(has, validators)) return new Response(null, { status: 304, headers });
  const isHead = request.method === 'HEAD';
  const asked = isHead || !ifRangeHolds(request.headers.get('if-range'), validators) ? null : readRange(request.headers.get('range'), size);
  if (asked === 'unsatisfiable') {
    return new Response(null, {
      status: 416,
      headers: { ...SECURITY_HEADERS, 'content-range': `bytes */${size}`, 'accept-ranges': 'bytes' },
    });
  }
  if (asked === null) return new Response(isHead ? null : file, { headers: { ...headers, 'content-length': String(size) } });
  const range = { 'content-range': `bytes ${asked.start}-${asked.end}/${size}`, 'content-length': String(asked.end - asked.start + 1) };
  return new Response(file.slice(asked.start, asked.end + 1), { status: 206, headers: { ...headers, ...range } });
}

/** A signed document as a file to keep. */
export function documentResponse(document: string, name: string): Response {
  return new Response(document, { headers: attachment('application/json; charset=utf-8', name) });
}

export const manifestName = (found: Export): string => `${downloadName(found)}${MANIFEST_SUFFIX}`;

function attachment(type: string, name: string): Record<string, string> {
  return {
    ...SECURITY_HEADERS,
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'private, no-cache',
    // The address is the right: it goes nowhere else, and no machine keeps it.
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex',
  };
}
