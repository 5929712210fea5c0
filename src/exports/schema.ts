import { type } from 'arktype';
import { documented } from '../http/documented.ts';
import { oneOf } from '../http/schema.ts';
import { EXPORT_FORMATS, EXPORT_KINDS } from './kinds.ts';

const STATUSES = ['queued', 'running', 'ready', 'failed', 'canceled', 'revoked', 'expired'] as const;

export const ExportType = type({
  id: 'string',
  status: type.enumerated(...STATUSES),
  kind: type.enumerated(...EXPORT_KINDS),
  format: type.enumerated(...EXPORT_FORMATS),
  bom: 'boolean',
  from: 'string | null',
  to: 'string | null',
  created_at: 'string',
  made_at: 'string | null',
  expires_at: 'string',
  rows: 'number.integer | null',
  bytes: 'number.integer | null',
  sha256: 'string | null',
  url: 'string | null',
  manifest_url: 'string | null',
  progress: type({ rows_done: 'number.integer', rows_estimated: 'number.integer' }).or('null'),
  reason: 'string | null',
  detail: 'string | null',
});

const SHOWN = {
  id: { example: 'exp_01kanq7x2fq3v8b1c6d9e4g5h7' },
  status: { description: 'Poll until it is neither `queued` nor `running`.', example: 'ready' },
  from: { description: 'Rows made at this time or later; null: from the first.' },
  to: { description: 'Rows made before this time; null: up to the moment of the snapshot.' },
  expires_at: { format: 'date-time', description: 'Then the link ends and the file is deleted.' },
  bytes: { description: 'Size of the file; null until it is ready.' },
  url: {
    description:
      'Where the file is, for whoever has this address; known at once, answers 409 `too_early` until the file is ready, and takes Range. Null when it is over, and for a key that lacks the scope of what was exported.',
  },
  manifest_url: { description: 'The signed manifest: rows, bytes, SHA-256. `smspin verify` checks it.' },
  progress: { description: 'While it runs, once its rows were counted.' },
  reason: { description: 'Why it failed: `disk_full`, `too_large`, `too_busy`, `interrupted`, `internal`.' },
};

export const ExportBody = documented(ExportType, SHOWN, 'Export');
export const ExportListBody = documented(type({ data: ExportType.array(), next_cursor: 'string | null' }), {
  data: { type: 'array', items: ExportBody },
});

const Kind = type.enumerated(...EXPORT_KINDS).configure({ message: oneOf('kind', EXPORT_KINDS) });
const Format = type.enumerated(...EXPORT_FORMATS).configure({ message: oneOf('format', EXPORT_FORMATS) });
const Time = type('string <= 40');

export const ExportRequestBody = documented(
  type({
    kind: Kind,
    format: Format,
    'from?': Time,
    'to?': Time,
    'bom?': 'boolean',
    '+': 'reject',
  }),
  {
    kind: { type: 'string', enum: [...EXPORT_KINDS], example: 'ledger' },
    format: {
      type: 'string',
      enum: [...EXPORT_FORMATS],
      description: '`csv` (RFC 4180) or `json`, one object a line (NDJSON).',
      example: 'csv',
    },
    from: { type: 'string', description: 'RFC 3339, inclusive; a date is its beginning in UTC.', example: '2026-11-01' },
    to: { type: 'string', description: 'RFC 3339, exclusive; a date is its beginning in UTC.', example: '2026-12-01T00:00:00Z' },
    bom: { description: 'Begin a CSV file with a byte order mark, for spreadsheets that would not take it for UTF-8.', example: false },
  },
);

export const ExportPath = documented(type({ id: 'string <= 64' }), { id: { description: 'The id of an export.' } });
