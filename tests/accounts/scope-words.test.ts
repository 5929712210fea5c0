import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ALL_SCOPES, OPERATOR_SCOPES, SCOPES } from '../../src/accounts/keys.ts';
import { OPERATOR_SCOPE_WORDS, SCOPE_WORDS } from '../../views/settings/keys.tsx';

test('a customer can give a key every scope there is, and the guide names each', () => {
  expect(SCOPE_WORDS.map(([scope]) => scope).toSorted()).toEqual([...SCOPES].toSorted());
  expect(OPERATOR_SCOPE_WORDS.map(([scope]) => scope)).toEqual([...OPERATOR_SCOPES]);
  const guide = readFileSync(resolve(import.meta.dir, '../../docs/api.md'), 'utf8');
  for (const scope of ALL_SCOPES) expect(guide).toContain(`\`${scope}\``);
});
