import { expect, setDefaultTimeout, test } from 'bun:test';
import { join } from 'node:path';
import { openDatabase } from '../../src/db/open.ts';
import { writeNow } from '../../src/db/write.ts';
import { publish } from '../../src/rules/versions.ts';
import { until } from '../support/client.ts';
import { startServer } from '../support/server.ts';

setDefaultTimeout(60_000);

test('a version that another process publishes judges the next SMS of a running server', async () => {
  const server = await startServer({ env: { SMSPIN_MODEMS_VIRTUAL: '1', SMSPIN_MODEMS_DISCOVER: 'false' } });
  try {
    await server.run(['user', 'add', 'boss@example.org', '--operator', '--password-stdin'], 'a password of mine\n');
    const password = new URLSearchParams({ email: 'boss@example.org', password: 'a password of mine' });
    const signedIn = await fetch(`${server.url}/sign-in`, { method: 'POST', body: password, redirect: 'manual' });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const db = openDatabase(join(server.dir, 'data', 'smspin.db'));
    const operatorId = db.query<{ id: string }, []>("SELECT id FROM users WHERE email = 'boss@example.org'").get()?.id ?? '';
    const number = () => db.query<{ number: string }, []>('SELECT number FROM sims WHERE online = 1 AND number IS NOT NULL').get()?.number;
    await until(() => number() !== undefined, 'the virtual modem is there');
    const judged = async (text: string) => {
      const form = new URLSearchParams({ number: number() ?? '', sender: '7123', text });
      await fetch(`${server.url}/admin/bank/sms`, {
        method: 'POST',
        body: form,
        redirect: 'manual',
        headers: { cookie, origin: server.url },
      });
      const row = () =>
        db
          .query<{ version: string; service: string | null }, [string]>(
            'SELECT rule_version AS version, service FROM messages WHERE text = ?',
          )
          .get(text);
      await until(() => row() !== null, `${text} has come`);
      return row();
    };
    expect(await judged('Fahrt frei mit 7731, gute Reise')).toEqual({ version: expect.not.stringContaining('+'), service: null });
    const changes = '{"services":{"acme-taxi":{"name":"Acme Taxi","templates":["Fahrt frei mit {code}, gute Reise"]}}}';
    const version = writeNow(db, Date.now(), (tx) => publish(tx, { operatorId, base: 0, note: 'beside' }, changes));
    await until(() => server.output().includes('rules_published'), 'the server has the version', 3000);
    expect(await judged('Fahrt frei mit 8842, gute Reise')).toEqual({
      version: expect.stringContaining(`+1-${version.hash}`),
      service: 'acme-taxi',
    });
    const explained = await server.run(['codes', 'explain', '--service', 'acme-taxi'], 'Fahrt frei mit 9953, gute Reise');
    expect(explained.stdout).toContain('accept: it has the wording of Acme Taxi');
    expect(explained.stderr).toContain(`+1-${version.hash}, as published in`);
    db.close();
  } finally {
    await server.stop();
  }
});
