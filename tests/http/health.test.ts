import { expect, test } from 'bun:test';
import { healthRoutes, type Stage } from '../../src/status/routes.tsx';
import { makeHouse } from '../support/house.ts';

test.each([
  ['starting', 503, { status: 'unavailable', detail: 'starting' }],
  ['running', 200, { status: 'ok' }],
  ['stopping', 503, { status: 'unavailable', detail: 'stopping' }],
] as [Stage, number, object][])('while it is %s, ready answers %i, and live 200', async (stage, status, body) => {
  const app = healthRoutes({ db: makeHouse().db, stage: () => stage });
  const ready = await app.handle(new Request('http://localhost/health/ready'));
  expect({ status: ready.status, body: await ready.json() }).toEqual({ status, body });
  expect((await app.handle(new Request('http://localhost/health/live'))).status).toBe(200);
});
