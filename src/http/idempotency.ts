import { Refusal } from '../lib/errors.ts';

const KEY_CHARACTERS_MAX = 255;

/** The Idempotency-Key of a request, or null; refuses one that is empty, too long or not printable ASCII. */
export function idempotencyKey(headers: Headers): string | null {
  const key = headers.get('idempotency-key');
  if (key === null) return null;
  if (!/^[\x21-\x7e]+$/.test(key) || key.length > KEY_CHARACTERS_MAX) {
    throw new Refusal(
      'validation',
      `Idempotency-Key must be 1 to ${KEY_CHARACTERS_MAX} printable ASCII characters without spaces, for example a UUID.`,
    );
  }
  return key;
}

/** The header of what costs money or must not be done twice, for the API document. */
export const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'The same key with the same request within a day gives the first answer again; with another request it is refused.',
  schema: { type: 'string' as const, maxLength: KEY_CHARACTERS_MAX, example: '0b8f7c9e-5f0e-4d6e-9a43-2f5d1c1f7a10' },
};
