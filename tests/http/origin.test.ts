/** Whose pages may write: those at the address people type and those of the very port, whatever Host says. */
import { describe, expect, test } from 'bun:test';
import { adminHouse } from '../support/admin-house.ts';

const PUBLIC = 'https://pin.example.org';
const LOCAL = ['http://localhost:8080', 'http://127.0.0.1:8080', 'http://[::1]:8080'];
const FOREIGN = ['http://rebound.example:8080', 'https://rebound.example', 'http://localhost:9090', 'https://localhost:8080', 'null'];

describe.each([
  ['127.0.0.1', null, LOCAL, ['http://192.168.1.5:8080', PUBLIC]],
  ['127.0.0.1', PUBLIC, [PUBLIC, ...LOCAL], ['http://pin.example.org', `${PUBLIC}:8443`]],
  ['0.0.0.0', 'http://192.168.1.5:8080', ['http://192.168.1.5:8080', ...LOCAL], ['http://192.168.1.6:8080']],
  ['::', null, LOCAL, ['http://[fd00::5]:8080']],
  ['192.168.1.5', null, ['http://192.168.1.5:8080', 'http://localhost:8080'], ['http://127.0.0.1:8080']],
  ['fd00::5', PUBLIC, ['http://[fd00::5]:8080', PUBLIC], LOCAL],
] as [string, string | null, string[], string[]][])('listening on %s, public_url %s', (host, publicUrl, own, others) => {
  const { app } = adminHouse({ env: { SMSPIN_SERVER_HOST: host, ...(publicUrl && { SMSPIN_SERVER_PUBLIC_URL: publicUrl }) } });
  const post = (origin: string) =>
    app.handle(
      new Request('http://localhost:8080/sign-in', {
        method: 'POST',
        // As a browser sends it whose page came from there: by a name of its own, say, that was made to lead here.
        headers: { origin, host: URL.parse(origin)?.host ?? 'localhost:8080', accept: 'application/json' },
        body: new URLSearchParams({ email: 'nobody@example.org', password: 'wrong' }),
      }),
    );

  test.each(own)('%s may write', async (origin) => {
    expect((await post(origin)).status).not.toBe(403);
  });

  test.each([...FOREIGN, ...others])('%s may not, and is told where to go', async (origin) => {
    const answer = await post(origin);
    expect(answer.status).toBe(403);
    const text = await answer.text();
    expect(text).toContain('came from another site');
    expect(text).toContain(publicUrl ?? 'http://localhost:8080');
  });
});

test('a server on a port of its own choice knows it', async () => {
  const { app } = adminHouse();
  app.listen({ hostname: '127.0.0.1', port: 0 });
  const port = app.server?.port ?? 0;
  const post = async (origin: string) =>
    (await fetch(`http://127.0.0.1:${port}/sign-out`, { method: 'POST', redirect: 'manual', headers: { origin } })).status;
  expect(await post(`http://127.0.0.1:${port}`)).not.toBe(403);
  expect(await post(`http://127.0.0.1:${port + 1}`)).toBe(403);
  await app.stop(true);
});
