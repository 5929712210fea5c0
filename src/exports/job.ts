import type { ExportFormat, ExportKind } from './kinds.ts';

/** What a worker is told: everything it needs, as a plain message. */
export interface Job {
  databasePath: string;
  userId: string;
  kind: ExportKind;
  format: ExportFormat;
  bom: boolean;
  /** Inclusive and exclusive, by when a row was made; null: from the first, to the last. */
  fromMs: number | null;
  toMs: number | null;
  currency: string;
  /** Where the file ends up; until it is whole it has another name. */
  path: string;
  /** No file gets larger. */
  octetsMax: number;
  /** What must stay free on the disk for everything else. */
  reserveOctets: number;
  /** By how much the database's log may grow while the snapshot is held. */
  logGrowthMax: number;
}

export type FailureReason = 'canceled' | 'disk_full' | 'too_large' | 'too_busy' | 'interrupted' | 'internal';

/** How a job ended. */
export type Made =
  | { ok: true; rows: number; octets: number; sha256: string; columns: string[]; snapshotAtMs: number }
  | { ok: false; reason: FailureReason; detail: string };

export interface Progress {
  rowsDone: number;
  rowsTotal: number;
}

/** What a worker says. */
export type Told = ({ told: 'progress' } & Progress) | { told: 'end'; made: Made };

/** The name of a file that is not whole yet. */
export const partPath = (path: string): string => `${path}.part`;
