import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ALL_SCOPES, usualScopes } from '../../src/accounts/keys.ts';
import { OPERATOR_SCOPE_WORDS, SCOPE_WORDS } from '../../views/settings/keys.tsx';

test('the form offers customers every scope but those of operators, operators all, and the guide names each', () => {
  expect(SCOPE_WORDS.map(([scope]) => scope).toSorted()).toEqual([...usualScopes('customer')].toSorted());
  expect([...SCOPE_WORDS, ...OPERATOR_SCOPE_WORDS].map(([scope]) => scope).toSorted()).toEqual([...ALL_SCOPES].toSorted());
  expect(usualScopes('customer').filter((scope) => /^(alarms|metrics):/.test(scope))).toEqual([]);
  const guide = readFileSync(resolve(import.meta.dir, '../../docs/api.md'), 'utf8');
  for (const scope of ALL_SCOPES) expect(guide).toContain(`\`${scope}\``);
});
