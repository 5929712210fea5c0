import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { type ApiKey, requireReading } from '../accounts/keys.ts';
import type { Door } from '../db/write.ts';
import { documented } from '../http/documented.ts';
import { apiPage, pageQuery, pageShown, problems } from '../http/schema.ts';
import type { Clock } from '../lib/clock.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { readPeriod } from '../lib/period.ts';
import { cancelExport, createExport, type Export, listExports, requireExport, withdrawExport } from './exports.ts';
import { READ_SCOPES } from './kinds.ts';
import { linksOf } from './link.ts';
import { exportJson } from './present.ts';
import type { ExportsRoom } from './room.ts';
import { ExportBody, ExportListBody, ExportPath, ExportRequestBody } from './schema.ts';

export interface ExportRouteDeps {
  db: Database;
  door: Door;
  clock: Clock;
  random: RandomBytes;
  guard: Guard;
  room: ExportsRoom;
}

/** `/api/v1/exports`. */
export function exportRoutes({ db, door, random, guard, room }: ExportRouteDeps) {
  /** The link is the right to the file, so a key sees only those of what it may read. */
  const shown = (found: Export, key: ApiKey) =>
    exportJson(found, key.scopes.includes(READ_SCOPES[found.kind]) ? linksOf(found, room) : null, room.maker.progress(found.id));
  const withdraw = async (verb: typeof cancelExport, id: string, userId: string, key: ApiKey) => {
    const found = await door.write((tx) => verb(tx, id, userId));
    room.withdrawn(found);
    return shown(found, key);
  };
  return new Elysia({ prefix: '/api/v1/exports', tags: ['exports'] })
    .use(guard)
    .post(
      '',
      async ({ body, user, key, set }) => {
        const { kind, format, bom = false } = body;
        requireReading(key, [READ_SCOPES[kind]], `An export of ${kind}`);
        const period = readPeriod(body);
        const found = await door.write((tx) => createExport(tx, { userId: user.id, kind, format, bom, ...period }, room.limits, random));
        room.maker.look();
        set.status = 201;
        return shown(found, key);
      },
      {
        scope: 'exports:write',
        body: ExportRequestBody,
        response: { 201: ExportBody, ...problems(429) },
        detail: {
          operationId: 'createExport',
          summary: 'Have a file made of your orders, messages or money',
          description:
            'It is made in the background, from one moment of the database. Poll the export until it is `ready`, then fetch `url`. The key must be able to read what is exported: `orders:read`, `messages:read`, or `balance:read` for the ledger.',
        },
      },
    )
    .get(
      '',
      ({ query, user, key }) =>
        apiPage(
          query,
          (page) => listExports(db, user.id, page),
          (found) => shown(found, key),
        ),
      {
        scope: 'exports:write',
        query: documented(type(pageQuery), pageShown),
        response: { 200: ExportListBody, ...problems() },
        detail: { operationId: 'listExports', summary: 'Your exports, newest first' },
      },
    )
    .get('/:id', ({ params, user, key }) => shown(requireExport(db, params.id, user.id), key), {
      scope: 'exports:write',
      params: ExportPath,
      response: { 200: ExportBody, ...problems(404) },
      detail: { operationId: 'getExport', summary: 'One export' },
    })
    .post('/:id/cancel', ({ params, user, key }) => withdraw(cancelExport, params.id, user.id, key), {
      scope: 'exports:write',
      params: ExportPath,
      response: { 200: ExportBody, ...problems(404, 409) },
      detail: { operationId: 'cancelExport', summary: 'Cancel an export that waits or is being made' },
    })
    .delete('/:id', ({ params, user, key }) => withdraw(withdrawExport, params.id, user.id, key), {
      scope: 'exports:write',
      params: ExportPath,
      response: { 200: ExportBody, ...problems(404) },
      detail: {
        operationId: 'revokeExport',
        summary: 'Revoke an export: its link ends and its file is deleted; one that is not ready yet is canceled',
      },
    });
}
