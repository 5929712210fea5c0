import { type } from 'arktype';

/** What is written beside the data in a backup, in the first file of its archive: enough to say what it is and to prove that it is whole. */
export const Manifest = type({
  format: "'smspin-backup/1'",
  /** RFC 3339. */
  made_at: 'string',
  smspin: 'string',
  schema_version: 'number.integer >= 1',
  database: { sha256: /^[0-9a-f]{64}$/, octets: 'number.integer >= 0' },
  signing_key: type({ sha256: /^[0-9a-f]{64}$/ }).or('null'),
  rows: 'Record<string, number>',
  ledger: {
    currency: 'string | null',
    entries: 'number.integer',
    /** Of all entries: 0, or the books are broken. */
    sum_minor: 'number.integer',
    /** Of the balances of all accounts of a kind. */
    balances_minor: 'Record<string, number>',
  },
  /** The last link of the audit log: kept elsewhere, it proves every entry up to it. */
  audit: type({ entry: 'number.integer', hash: 'string' }).or('null'),
});
export type Manifest = typeof Manifest.infer;

export const MANIFEST_FILE = 'manifest.json';

/** The facts of a database that a copy must share with it. */
export type Facts = Pick<Manifest, 'schema_version' | 'rows' | 'ledger' | 'audit'>;
