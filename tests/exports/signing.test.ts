import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEnvelope, seal, signatureHolds } from '../../src/exports/envelope.ts';
import { findKeys, openKeys, rotateKey } from '../../src/exports/signing-key.ts';
import { type KnownKeys, readKeys, verifyEvidence, verifyExport } from '../../src/exports/verify.ts';
import { START_MS } from '../support/house.ts';
import { run } from '../support/tools.ts';

setDefaultTimeout(60_000);

const dir = mkdtempSync(join(tmpdir(), 'smspin-keys-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const ring = openKeys(dir, START_MS);
const CSV = 'id,text\r\n1,"two\r\nlines"\r\n2,b\r\n';
const sha256 = new Bun.CryptoHasher('sha256').update(CSV).digest('hex');
const statement = (changes: Record<string, unknown> = {}) => ({
  ...{
    type: 'smspin-export',
    version: 1,
    id: 'exp_1',
    file: 'a.csv',
    kind: 'messages',
    format: 'csv',
    account: 'usr_1',
    from: null,
    to: null,
  },
  ...{ columns: ['id', 'text'], rows: 2, bytes: CSV.length, sha256, currency: 'USD', minor_digits: 2 },
  ...{ snapshot_at: '2026-11-22T12:00:00.000Z', made_at: '2026-11-22T12:00:01.000Z', issuer: 'https://pin.example.org', ...changes },
});
const keys = (): KnownKeys => new Map(ring.all().map(({ keyId, pem }) => [keyId, pem]));
async function* octets(text: string) {
  for (const octet of new TextEncoder().encode(text)) yield Uint8Array.of(octet);
}
const verify = (text: string, manifest: string, known = keys()) => verifyExport(octets(text), manifest, known);

test('the private key is for its owner alone, and the same at the next start', () => {
  expect(statSync(join(dir, 'signing-key.json')).mode & 0o777).toBe(0o600);
  expect(openKeys(dir, START_MS + 1).current().keyId).toBe(ring.current().keyId);
  expect(findKeys('/nonexistent')).toBeNull();
});

test('a file that is as it was holds, whatever pieces it is read in', async () => {
  expect(await verify(CSV, seal(ring.current(), statement()))).toMatchObject({ outcome: 'holds' });
  expect(await verify(CSV, JSON.stringify(JSON.parse(seal(ring.current(), statement())), null, 4))).toMatchObject({ outcome: 'holds' });
});

test.each([
  ['a letter was changed', CSV.replace('b', 'c'), {}, ['sha256: ']],
  ['a row was added', `${CSV}3,c\r\n`, {}, ['size: ', 'rows: the manifest says 2, the file has 3', 'sha256: ']],
  ['it was cut', CSV.slice(0, -5), {}, ['size: ', 'rows: ', 'sha256: ']],
  ['it is empty', '', {}, ['size: ', 'rows: ', 'sha256: ']],
])('%s', async (_name, text, changes, why) => {
  const verdict = await verify(text, seal(ring.current(), statement(changes)));
  expect(verdict.outcome).toBe('refuted');
  for (const [i, begin] of why.entries()) expect(verdict.outcome === 'refuted' && verdict.why[i]).toStartWith(begin);
});

test('a manifest that was changed, or signed with another key under this name, does not hold', async () => {
  const manifest = seal(ring.current(), statement());
  expect(await verify(CSV, manifest.replace('"account":"usr_1"', '"account":"usr_2"'))).toEqual({
    outcome: 'refuted',
    why: [`signature: it is not by the key ${ring.current().keyId}, or what it signed was changed since.`],
  });
  const stranger = openKeys(mkdtempSync(join(dir, 'x-')), START_MS).current();
  const forged = seal({ ...stranger, keyId: ring.current().keyId }, statement());
  expect((await verify(CSV, forged)).outcome).toBe('refuted');
  expect(await verify(CSV, seal(stranger, statement()))).toMatchObject({ outcome: 'unchecked' });
});

test.each(['', 'no json', '[]', '{}', '{"statement":{}}', '{"statement":{"type":"smspin-export"},"key_id":"a","signature":"b"}'])(
  'what is no manifest is said to be none: %s',
  async (text) => {
    expect((await verify(CSV, text)).outcome).toBe('unchecked');
    expect(verifyEvidence(text === '' ? 'x' : text, keys()).outcome).toBe('unchecked');
  },
);

test('after a rotation the former key goes on being published, and what it signed holds', async () => {
  const before = seal(ring.current(), statement());
  const former = ring.current();
  const now = rotateKey(dir, START_MS + 1000);
  expect(ring.current().keyId).toBe(now.keyId);
  expect(ring.all().map(({ keyId, retiredAt }) => [keyId, retiredAt])).toEqual([
    [now.keyId, null],
    [former.keyId, new Date(START_MS + 1000).toISOString()],
  ]);
  expect((await verify(CSV, before)).outcome).toBe('holds');
  const envelope = openEnvelope(before);
  if (typeof envelope === 'string') throw new Error(envelope);
  expect(signatureHolds(envelope, former.pem)).toBe(true);
  expect(signatureHolds(envelope, now.pem)).toBe(false);
  expect(readFileSync(join(dir, 'signing-key.json'), 'utf8').match(/PRIVATE/g)).toHaveLength(2);
});

test('keys are read from PEM and from the published document; anything else is refused in words', () => {
  const { keyId, pem } = ring.current();
  expect([...readKeys(pem).keys()]).toEqual([keyId]);
  expect([...readKeys(JSON.stringify({ keys: ring.all() })).keys()]).toEqual(ring.all().map((key) => key.keyId));
  for (const wrong of ['hello', '{', '{"keys":[{}]}', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'])
    expect(() => readKeys(wrong)).toThrow('/.well-known/smspin-signing-key.json');
});

test('openssl and sed alone say the same, by the commands of docs/exports.md', async () => {
  const there = Bun.which('openssl');
  if (there === null) throw new Error('this test wants openssl, as does whoever follows docs/exports.md');
  const doc = readFileSync(join(import.meta.dir, '../../docs/exports.md'), 'utf8');
  const commands = /```sh\n# openssl alone\n([\s\S]*?)```/.exec(doc)?.[1] ?? '';
  expect(commands).toContain('openssl pkeyutl -verify');
  const folder = mkdtempSync(join(dir, 'openssl-'));
  writeFileSync(join(folder, 'export.csv'), CSV);
  writeFileSync(join(folder, 'export.csv.manifest.json'), seal(ring.current(), statement()));
  writeFileSync(join(folder, 'smspin.pem'), ring.current().pem);
  const good = await run(['sh', '-ec', commands], { cwd: folder });
  expect(good).toMatchObject({ code: 0 });
  expect(good.stdout).toContain('Signature Verified Successfully');
  expect(good.stdout).toContain(sha256);
  const manifest = seal(ring.current(), statement()).replace('"rows":2', '"rows":3');
  writeFileSync(join(folder, 'export.csv.manifest.json'), manifest);
  expect((await run(['sh', '-ec', commands], { cwd: folder })).code).not.toBe(0);
});
