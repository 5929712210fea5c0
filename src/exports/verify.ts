import { createHash } from 'node:crypto';
import { type } from 'arktype';
import type { Envelope } from './envelope.ts';
import { openEnvelope, signatureHolds } from './envelope.ts';
import { EVIDENCE_STATEMENT, EXPORT_STATEMENT } from './manifest.ts';
import { publicKeyOf } from './signing-key.ts';

/** What a check found: it holds, it does not (`why`: each thing that is wrong), or it could not be checked at all. */
export type Verdict = { outcome: 'holds'; said: string[] } | { outcome: 'refuted'; why: string[] } | { outcome: 'unchecked'; why: string };

/** A public key by its id, as a person brought it. */
export type KnownKeys = ReadonlyMap<string, string>;

const KeySet = type({ keys: type({ pem: 'string' }).array() });

/** Reads a key file: PEM, or the document of `/.well-known/smspin-signing-key.json`. Throws with plain words for anything else. */
export function readKeys(text: string): KnownKeys {
  const pems = text.trimStart().startsWith('{') ? keySetOf(text) : [text];
  return new Map(
    pems.map((pem) => {
      try {
        return [publicKeyOf(pem).keyId, pem] as const;
      } catch {
        throw new Error('it holds no Ed25519 public key: take /.well-known/smspin-signing-key.json of the server');
      }
    }),
  );
}

function keySetOf(text: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error('it is neither PEM nor JSON: take /.well-known/smspin-signing-key.json of the server');
  }
  const set = KeySet(parsed);
  if (set instanceof type.errors) throw new Error('it is no list of keys: take /.well-known/smspin-signing-key.json of the server');
  return set.keys.map(({ pem }) => pem);
}

/** What a manifest says of its file. */
const Manifest = type({
  type: `'${EXPORT_STATEMENT}'`,
  version: '1',
  file: 'string',
  kind: 'string',
  format: "'csv' | 'json'",
  account: 'string',
  from: 'string | null',
  to: 'string | null',
  rows: 'number.integer >= 0',
  bytes: 'number.integer >= 0',
  sha256: /^[0-9a-f]{64}$/,
  snapshot_at: 'string',
  made_at: 'string',
  issuer: 'string',
});

/** Checks an exported file against its manifest: size, SHA-256, rows, and who signed. Reads the file once, a piece at a time. */
export async function verifyExport(file: AsyncIterable<Uint8Array>, manifestText: string, keys: KnownKeys): Promise<Verdict> {
  const envelope = openEnvelope(manifestText);
  if (typeof envelope === 'string') return { outcome: 'unchecked', why: `The manifest is not one: ${envelope}.` };
  const said = Manifest(envelope.statement);
  if (said instanceof type.errors)
    return { outcome: 'unchecked', why: `The manifest is not of an export this program knows: ${said.summary}.` };
  const signature = checkSignature(envelope, keys, said.issuer);
  if (signature.outcome === 'unchecked') return signature;
  const found = await measure(file, said.format);
  const why = [
    ...(signature.outcome === 'refuted' ? signature.why : []),
    ...(found.octets === said.bytes ? [] : [`size: the manifest says ${said.bytes} bytes, the file has ${found.octets}.`]),
    ...(found.rows === said.rows ? [] : [`rows: the manifest says ${said.rows}, the file has ${found.rows}.`]),
    ...(found.sha256 === said.sha256 ? [] : [`sha256: the manifest says ${said.sha256}, the file has ${found.sha256}.`]),
  ];
  if (why.length > 0) return { outcome: 'refuted', why };
  const period = `${said.from ?? 'the beginning'} to ${said.to ?? said.snapshot_at}`;
  return {
    outcome: 'holds',
    said: [
      `${said.rows} ${said.rows === 1 ? 'row' : 'rows'}, ${said.bytes} bytes, SHA-256 ${said.sha256}`,
      `${said.kind} of the account ${said.account}, ${period}, as they were at ${said.snapshot_at}`,
      `signed by ${said.issuer} with the key ${envelope.keyId} on ${said.made_at}`,
    ],
  };
}

/** True for a document that carries its own signature: the evidence of an order. */
export function isEvidence(text: string): boolean {
  const envelope = openEnvelope(text);
  return typeof envelope !== 'string' && envelope.statement['type'] === EVIDENCE_STATEMENT;
}

/** Checks the evidence of an order: who signed, and that nothing was changed since. */
export function verifyEvidence(text: string, keys: KnownKeys): Verdict {
  const envelope = openEnvelope(text);
  if (typeof envelope === 'string') return { outcome: 'unchecked', why: `The file is no evidence: ${envelope}.` };
  const { issuer, order, made_at: madeAt } = envelope.statement;
  const signature = checkSignature(envelope, keys, String(issuer));
  if (signature.outcome !== 'holds') return signature;
  const id = typeof order === 'object' && order !== null && 'id' in order ? String(order.id) : '?';
  return {
    outcome: 'holds',
    said: [`evidence of the order ${id}`, `signed by ${String(issuer)} with the key ${envelope.keyId} on ${String(madeAt)}`],
  };
}

function checkSignature(envelope: Envelope, keys: KnownKeys, issuer: string): Verdict {
  const pem = keys.get(envelope.keyId);
  if (pem === undefined) {
    const known = keys.size === 0 ? 'none' : [...keys.keys()].join(', ');
    return {
      outcome: 'unchecked',
      why: `It says it was signed with the key ${envelope.keyId}, which is not among those given (${known}). Take ${issuer}/.well-known/smspin-signing-key.json from a place you trust, and name it with --key.`,
    };
  }
  if (signatureHolds(envelope, pem)) return { outcome: 'holds', said: [] };
  return {
    outcome: 'refuted',
    why: [`signature: it is not by the key ${envelope.keyId}, or what it signed was changed since.`],
  };
}

const QUOTE = 0x22;
const NEWLINE = 0x0a;

/** Size, SHA-256, and rows: lines of NDJSON; records of CSV without the header, whose quoted fields may hold line ends. */
async function measure(file: AsyncIterable<Uint8Array>, format: 'csv' | 'json'): Promise<{ octets: number; sha256: string; rows: number }> {
  const hash = createHash('sha256');
  let octets = 0;
  let lines = 0;
  let inQuotes = false;
  for await (const chunk of file) {
    hash.update(chunk);
    octets += chunk.length;
    for (let i = 0; i < chunk.length; i++) {
      const octet = chunk[i];
      if (octet === QUOTE) inQuotes = format === 'csv' && !inQuotes;
      else if (octet === NEWLINE && !inQuotes) lines++;
    }
  }
  return { octets, sha256: hash.digest('hex'), rows: format === 'csv' ? Math.max(0, lines - 1) : lines };
}
