import { expect, test } from 'bun:test';
import { POLICIES, policyPath } from '../views/paths.ts';
import { adminHouse } from './support/admin-house.ts';
import { seen } from './views/markup.ts';

const textOf = async (env: Record<string, string>, name: (typeof POLICIES)[number]): Promise<string> => {
  const { app } = adminHouse({ env });
  const answer = await app.handle(new Request(`http://localhost${policyPath(name)}`, { headers: { accept: 'text/html' } }));
  expect(answer.status).toBe(200);
  return seen(await answer.text()).text.replace(/\s+/g, ' ');
};

test('the figures of the policies are those of the configuration', async () => {
  expect(await textOf({ SMSPIN_ORDERS_WINDOW_MINUTES: '15' }, 'delivery')).toContain('codes are taken for 15 minutes');
  expect(await textOf({ SMSPIN_ORDERS_CANCEL_AFTER_SECONDS: '90' }, 'refund')).toContain('From 90 seconds after the order on');
  expect(await textOf({}, 'refund')).toContain('A rental that got messages and is ended early is not refunded in part.');
  expect(await textOf({ SMSPIN_RENTALS_REFUND_UNUSED: 'true' }, 'refund')).toContain('whole periods that have not begun go back');
  expect(await textOf({ SMSPIN_ORDERS_REUSE_DAYS: '30', SMSPIN_ORDERS_QUARANTINE_MINUTES: '120' }, 'terms')).toContain(
    'rests 2 hours and goes to others; for a service whose code came on it, not within 30 days',
  );
  expect(await textOf({ SMSPIN_EXPORTS_KEEP_HOURS: '24', SMSPIN_OPERATOR_NAME: 'Anna Pins' }, 'privacy')).toMatch(
    /deleted after 24 hours.*Anna Pins/,
  );
});

test('there is each of them, with its version, linked from every page, and no other', async () => {
  for (const name of POLICIES) expect(await textOf({}, name)).toContain('Version 2026-11');
  const { app } = adminHouse();
  expect((await app.handle(new Request('http://localhost/policies/other'))).status).toBe(404);
  expect((await app.handle(new Request('http://localhost/policies'))).headers.get('location')).toBe(policyPath('terms'));
  const start = await (await app.handle(new Request('http://localhost/'))).text();
  for (const name of POLICIES) expect(start).toContain(`href="${policyPath(name)}"`);
});
