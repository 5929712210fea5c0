import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { partPath } from './job.ts';
import type { ExportFormat } from './kinds.ts';

/** The folder of the finished and half-made files; nothing else lies there. */
export interface ExportFiles {
  path(id: string, format: ExportFormat): string;
  /** Removes the files of an export, whole or not; harmless when there are none. */
  remove(id: string): void;
  /** Removes whatever is neither one of the `whole` files nor the unfinished file of one of the `parts`; the names of what was removed. */
  sweep(kept: Record<'whole' | 'parts', readonly { id: string; format: ExportFormat }[]>): string[];
}

const SUFFIX: Record<ExportFormat, string> = { csv: 'csv', json: 'ndjson' };

export function exportFiles(dataDir: string): ExportFiles {
  const folder = join(dataDir, 'exports');
  // Codes and money: for its owner alone, as all of the data folder.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = (id: string, format: ExportFormat): string => join(folder, `${id}.${SUFFIX[format]}`);
  return {
    path,
    remove(id) {
      for (const format of ['csv', 'json'] as const) {
        rmSync(path(id, format), { force: true });
        rmSync(partPath(path(id, format)), { force: true });
      }
    },
    sweep({ whole, parts }) {
      const kept = [...whole.map(({ id, format }) => path(id, format)), ...parts.map(({ id, format }) => partPath(path(id, format)))];
      const names = new Set(kept);
      const stray = readdirSync(folder).filter((name) => !names.has(join(folder, name)));
      for (const name of stray) rmSync(join(folder, name), { force: true, recursive: true });
      return stray;
    },
  };
}

/** The name under which a customer keeps the file. */
export function downloadName({ id, kind, format }: { id: string; kind: string; format: ExportFormat }): string {
  return `smspin-${kind}-${id}.${SUFFIX[format]}`;
}

export const MANIFEST_SUFFIX = '.manifest.json';
