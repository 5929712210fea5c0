import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { targetOf } from '../support/imports.ts';
import { root } from '../support/tools.ts';

/** What is loaded before the first line of `path` runs: files of the project and packages; imports of types and `import()` are not. */
function loadedBy(path: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(path)) return loaded;
  loaded.add(path);
  if (!/\.tsx?$/.test(path)) return loaded;
  const scanner = new Bun.Transpiler({ loader: path.endsWith('x') ? 'tsx' : 'ts' });
  for (const { path: specifier, kind } of scanner.scanImports(readFileSync(join(root, path), 'utf8').replace(/^#!.*/, ''))) {
    if (kind === 'dynamic-import') continue;
    const target = targetOf(path, specifier);
    if (target === null) loaded.add(specifier);
    else loadedBy(target, loaded);
  }
  return loaded;
}

test('a command that needs no web server, rules or schemas starts without them: they take most of the time to load', () => {
  const heavy = ['elysia', 'arktype', 'src/app.ts', 'src/codes/judge.ts'];
  const light = loadedBy('src/main.ts');
  expect(light).toContain('src/cli/user.ts');
  expect(light).toContain('src/db/open.ts');
  expect(heavy.filter((one) => light.has(one))).toEqual([]);
  // It sees them where they are.
  expect(heavy.filter((one) => !loadedBy('src/cli/serve.ts').has(one))).toEqual([]);
});
