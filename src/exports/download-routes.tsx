import type { Database } from 'bun:sqlite';
import { Elysia } from 'elysia';
import { isActive } from '../accounts/users.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { documentResponse, fileResponse, manifestName } from './download.ts';
import { findExport, manifestOf } from './exports.ts';
import { downloadName } from './files.ts';
import { checkLink } from './link.ts';
import type { ExportsRoom } from './room.ts';

/** How soon to ask again for a file that is being made. */
const RETRY_SECONDS = 2;

/** Files and manifests by signed link, and the public keys they are checked with: for whoever has the address, signed in or not. */
export function downloadRoutes({ db, clock, room }: { db: Database; clock: Clock; room: ExportsRoom }) {
  const answer = ({
    request,
    params,
    query,
  }: {
    request: Request;
    params: { id: string; name: string };
    query: Record<string, string>;
  }) => {
    checkLink(room.secret, params.id, query['key'] ?? '', clock.nowMs());
    const found = findExport(db, params.id);
    if (!found || !['queued', 'running', 'ready'].includes(found.status)) {
      throw new Refusal('link_ended', 'The file was revoked, or could not be made. Its owner can have it made again.');
    }
    if (!isActive(db, found.userId)) {
      throw new Refusal('link_ended', 'The account this file was made for is blocked, so its links lead nowhere. Ask the operator.');
    }
    if (found.status !== 'ready') {
      throw new Refusal('too_early', 'The file is still being made. Try again in a moment.', { retry_after: RETRY_SECONDS });
    }
    if (params.name === downloadName(found)) return fileResponse(request, found, room.files.path(found.id, found.format));
    const manifest = params.name === manifestName(found) ? manifestOf(db, found.id) : null;
    if (manifest === null) throw new Refusal('not_found', `There are two files here: ${downloadName(found)} and ${manifestName(found)}.`);
    return documentResponse(manifest, manifestName(found));
  };
  const pem = (keyId: string | undefined): string => {
    const key = room.keys.all().find((one) => keyId === undefined || one.keyId === keyId);
    if (!key) throw new Refusal('not_found', 'This server never signed with that key.');
    return key.pem;
  };
  return new Elysia({ name: 'downloads', detail: { hide: true } })
    .get('/exports/:id/:name', answer)
    .head('/exports/:id/:name', answer)
    .get('/.well-known/smspin-signing-key.json', () => publicDocument(JSON.stringify(keySet(room), null, 2), 'application/json'))
    .get('/.well-known/smspin-signing-key.pem', ({ query }) => publicDocument(pem(query['key_id']), 'application/x-pem-file'));
}

/** A JWK set (RFC 7517, RFC 8037), each key with its PEM beside it; the one that signs now comes first. */
function keySet({ keys }: ExportsRoom) {
  return {
    keys: keys.all().map((key) => ({
      ...{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: key.keyId, x: key.x, pem: key.pem },
      ...{ created_at: key.createdAt, retired_at: key.retiredAt },
    })),
  };
}

/** Anybody may read it, from any page. */
function publicDocument(content: string, type: string): Response {
  return new Response(content, {
    headers: {
      'content-type': type,
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    },
  });
}
