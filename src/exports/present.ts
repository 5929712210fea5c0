import { rfc3339 } from '../lib/clock.ts';
import type { Export } from './exports.ts';
import type { Progress } from './job.ts';
import type { ExportLinks } from './link.ts';

const time = (atMs: number | null): string | null => (atMs === null ? null : rfc3339(atMs));

/** `export` of the API. */
export function exportJson(found: Export, links: ExportLinks | null, progress: Progress | null) {
  return {
    id: found.id,
    status: found.status,
    kind: found.kind,
    format: found.format,
    bom: found.bom === 1,
    from: time(found.fromMs),
    to: time(found.toMs),
    created_at: rfc3339(found.createdAtMs),
    made_at: time(found.madeAtMs),
    expires_at: rfc3339(found.expiresAtMs),
    rows: found.rows,
    bytes: found.octets,
    sha256: found.sha256,
    url: links?.file ?? null,
    manifest_url: links?.manifest ?? null,
    progress: progress && { rows_done: progress.rowsDone, rows_estimated: progress.rowsTotal },
    reason: found.reason,
    detail: found.detail,
  };
}
