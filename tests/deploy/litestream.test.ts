import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/tools.ts';

const text = readFileSync(join(root, 'deploy/litestream.yml'), 'utf8');

/** Keys of Litestream 0.5 by where they stand, and what each takes: https://litestream.io/reference/config/, and the structures that its program reads. */
const duration = /^\d+(s|m|h)$/;
const KNOWN: Record<string, RegExp> = {
  'snapshot.interval': duration,
  'snapshot.retention': duration,
  'dbs[].path': /^\//,
  'dbs[].busy-timeout': duration,
  'dbs[].replica.type': /^s3$/,
  'dbs[].replica.bucket': /^[a-z0-9.-]{3,63}$/,
  'dbs[].replica.path': /^[a-z]+$/,
  'dbs[].replica.region': /^[a-z0-9-]+$/,
  'dbs[].replica.endpoint': /^https:\/\//,
  'dbs[].replica.sync-interval': duration,
};

function leavesOf(value: unknown, path: string): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((one) => leavesOf(one, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`));
}

test.each([
  ['as it is', text],
  ['with what is commented out', text.replace('# endpoint:', 'endpoint:')],
])('every key of the example, %s, is one of Litestream, where it belongs', (_, yaml) => {
  const leaves = leavesOf(Bun.YAML.parse(yaml), '');
  expect(leaves.length).toBeGreaterThanOrEqual(9);
  expect(leaves.filter(([path, value]) => !KNOWN[path]?.test(value))).toEqual([]);
});

test('it copies the database of the unit, and gives no key away', () => {
  const unit = readFileSync(join(root, 'deploy/smspin.service'), 'utf8');
  const dir = /^Environment=SMSPIN_DATA_DIR=(.*)$/m.exec(unit)?.[1];
  expect(Bun.YAML.parse(text)).toMatchObject({ dbs: [{ path: `${dir}/smspin.db` }] });
  expect(text).not.toMatch(/^[^#]*(secret-access-key|access-key-id)/m);
});
