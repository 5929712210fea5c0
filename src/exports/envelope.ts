import { sign, verify } from 'node:crypto';
import { publicKeyOf, type SigningKey } from './signing-key.ts';

/** A signed statement as it was read. */
export interface Envelope {
  statement: Record<string, unknown>;
  /** The very octets that were signed. */
  signed: string;
  keyId: string;
  signature: string;
}

/**
 * Signs a statement: a JSON document of four lines. What is signed (Ed25519, RFC 8032) are the octets of the value of `statement` as they stand in their line,
 * which is what `JSON.stringify` makes of it, so that sed and openssl can check it, and so can a program after the document was formatted anew.
 */
export function seal(key: SigningKey, statement: Record<string, unknown>): string {
  const signed = JSON.stringify({ ...statement, key_id: key.keyId });
  const signature = sign(null, Buffer.from(signed), key.private).toString('base64');
  return `{\n"statement": ${signed},\n"key_id": "${key.keyId}",\n"signature": "${signature}"\n}\n`;
}

/** Reads such a document, or says in plain words why it is none. */
export function openEnvelope(text: string): Envelope | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return 'it is no JSON';
  }
  if (!isRecord(parsed) || !isRecord(parsed['statement'])) return 'it has no statement';
  const { statement, key_id: keyId, signature } = parsed;
  if (typeof keyId !== 'string' || typeof signature !== 'string') return 'it has no signature';
  if (!isRecord(statement)) return 'it has no statement';
  return { statement, signed: JSON.stringify(statement), keyId, signature };
}

/** True when the statement was signed with the private half of this key, as it is and by that name. */
export function signatureHolds(envelope: Envelope, pem: string): boolean {
  const { key, keyId } = publicKeyOf(pem);
  if (keyId !== envelope.keyId || envelope.statement['key_id'] !== keyId) return false;
  const signature = Buffer.from(envelope.signature, 'base64');
  return signature.length === 64 && verify(null, Buffer.from(envelope.signed), key, signature);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
