import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, serviceSlug } from '../../src/codes/judge.ts';

interface Row {
  id: string;
  sender: string | null;
  text: string;
  service: string | null;
  code: string | null;
  accept?: string[];
}

const file = join(process.env['SMSPIN_CORPORA'] ?? join(import.meta.dir, '../../../shared/corpora'), 'otp-dev.jsonl');

describe('public messages and the services they are for', () => {
  if (!existsSync(file)) {
    test(`SKIPPED: no corpus at ${file} (set SMSPIN_CORPORA); nothing was judged`, () => {
      expect(existsSync(file)).toBe(false);
    });
    return;
  }
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): Row => JSON.parse(line));
  const positives = rows.flatMap(({ service, code, ...row }) => (service === null || code === null ? [] : [{ ...row, service, code }]));
  const services = [...new Set(rows.flatMap(({ service }) => (service === null ? [] : [serviceSlug(service)])))];
  const judged = (row: Pick<Row, 'text' | 'sender'>, service: string) =>
    judge({ text: row.text, sender: row.sender ?? '', service, onlyOrder: true });

  test('reach nearly every service with the right code, and never with a wrong one', () => {
    const got = positives.map((row) => ({ ...row, given: judged(row, serviceSlug(row.service)).code }));
    const wrong = got.filter(({ given, code, accept }) => given !== null && ![code, ...(accept ?? [])].includes(given));
    expect(wrong.map(({ id }) => id)).toEqual([]);
    expect(got.filter(({ given }) => given !== null).length / got.length).toBeGreaterThan(0.97);
  });

  test('reach no other service of the file when they name theirs', () => {
    const named = positives.filter(({ text, service }) => text.toLowerCase().includes(service.toLowerCase()));
    expect(named.length).toBeGreaterThan(80);
    const crossed = named.flatMap((row) =>
      services
        .filter((service) => service !== serviceSlug(row.service))
        .flatMap((service) => (judged(row, service).verdict === 'accept' ? [`${row.id} as ${service}`] : [])),
    );
    expect(crossed).toEqual([]);
  });
});
