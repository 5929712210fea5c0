import type { FormView } from '../model.ts';

export interface ExportView {
  id: string;
  kind: 'orders' | 'messages' | 'ledger';
  format: 'csv' | 'json';
  status: 'queued' | 'running' | 'ready' | 'failed' | 'canceled' | 'revoked' | 'expired';
  /** Why it failed, in plain words. */
  detail: string | null;
  fromMs: number | null;
  /** Exclusive. */
  toMs: number | null;
  createdAtMs: number;
  expiresAtMs: number;
  rows: number | null;
  octets: number | null;
  progress: { rowsDone: number; rowsTotal: number } | null;
  links: { file: string; manifest: string } | null;
}

export interface ExportsView {
  nowMs: number;
  form: FormView;
  keepHours: number;
  /** Newest first. */
  exports: ExportView[];
}
