import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SCOPES } from '../../src/accounts/keys.ts';
import { SCOPE_WORDS } from '../../views/settings/keys.tsx';

test('a customer can give a key every scope there is, and the guide names each', () => {
  expect(SCOPE_WORDS.map(([scope]) => scope).toSorted()).toEqual([...SCOPES].toSorted());
  const guide = readFileSync(resolve(import.meta.dir, '../../docs/api.md'), 'utf8');
  for (const scope of SCOPES) expect(guide).toContain(`\`${scope}\``);
});
