/**
 * The codec against 195 PDUs from the test suites of other readers. 193 rows agree strictly; two rows agree in the way the row itself allows a tolerant reader:
 * `wg-bad-surrogate` (a high surrogate alone at the end) and `wr-bad-ucs2-odd` (an odd last octet). Their source refuses both. Here the text is shown, the
 * half character as U+FFFD or left out, with a flag and an entry in `errors`: the readable rest may hold a code that somebody has paid for, and a modem
 * would hand over the same octets at every reading. See docs/codec.md.
 */
import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DecodedPdu, decodePdu } from '../../src/gsm/deliver.ts';
import { joinText } from '../../src/gsm/join.ts';
import { toHex } from '../../src/gsm/octets.ts';

interface Expected {
  error?: true;
  type?: string;
  sender?: string;
  text?: string | null;
  scts?: string | null;
  scts_any?: string[];
  concat?: { ref: number; total: number; seq: number } | null;
  coding?: string;
  data?: string;
  ports?: { dst: number; src: number };
  ref?: number;
  discharge?: string;
  status?: number;
}
interface Row {
  id: string;
  pdu: string;
  has_smsc: boolean;
  expect: Expected;
  lenient_ok?: { sender?: string; text?: string | null; text_prefix?: string; scts?: string | null };
  group?: { id: string; parts: number; text: string };
}

const file = join(process.env['SMSPIN_CORPORA'] ?? join(import.meta.dir, '../../../shared/corpora'), 'pdu.jsonl');

/** What was read, in the corpus's words, for the fields a row speaks of. */
function seen(row: Row, pdu: DecodedPdu): Record<string, unknown> {
  const { concat, ports } = pdu;
  const all: Record<string, unknown> = {
    type: pdu.type.replace('_', '-'),
    sender: pdu.sender,
    text: pdu.text,
    scts: pdu.scts,
    scts_any: row.expect.scts_any?.includes(pdu.scts ?? '') ? row.expect.scts_any : pdu.scts,
    concat: concat && { ref: concat.ref, total: concat.total, seq: concat.seq },
    coding: pdu.coding,
    data: toHex(pdu.userData.subarray(pdu.headerOctets)).toLowerCase(),
    ports: ports && { dst: ports.destination, src: ports.source },
    ...pdu.report,
  };
  return Object.fromEntries(Object.keys(row.expect).map((key) => [key, all[key]]));
}

/** A row that must fail: it has an error, or reads as the row says a tolerant reader may read it. */
function checkRefused(row: Row, pdu: DecodedPdu): void {
  const lenient = row.lenient_ok;
  if (!lenient) {
    expect(pdu.error).not.toBeNull();
    return;
  }
  if (lenient.sender !== undefined) expect(pdu.sender).toBe(lenient.sender);
  if (lenient.text !== undefined) expect(pdu.text).toBe(lenient.text);
  if (lenient.scts !== undefined) expect(pdu.scts).toBe(lenient.scts);
  if (lenient.text_prefix !== undefined) expect(pdu.text).toStartWith(lenient.text_prefix);
}

describe('the public PDU corpus', () => {
  if (!existsSync(file)) {
    test(`SKIPPED: no corpus at ${file} (set SMSPIN_CORPORA); nothing was compared`, () => {
      console.warn(`corpus check skipped: ${file} is not there`);
      expect(existsSync(file)).toBe(false);
    });
    return;
  }
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): Row => JSON.parse(line));
  const decode = (row: Row) => decodePdu(row.pdu, { smsc: row.has_smsc ? 'present' : 'absent' });

  test.each(rows.map((row): [string, Row] => [row.id, row]))('%s', (_id, row) => {
    const pdu = decode(row);
    if (row.expect.error) checkRefused(row, pdu);
    else {
      expect(pdu.error).toBeNull();
      expect(seen(row, pdu)).toEqual({ ...row.expect });
    }
  });

  const groups = Map.groupBy(
    rows.filter((row) => row.group),
    (row) => row.group?.id ?? '',
  );
  test.each([...groups])('%s joins', (_id, parts) => {
    expect(parts.length).toBe(parts[0]?.group?.parts ?? 0);
    expect(joinText(parts.map(decode))).toBe(parts[0]?.group?.text ?? '');
  });
});
