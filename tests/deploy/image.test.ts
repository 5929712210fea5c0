/** The Dockerfile, as far as it can be held against the sources without Docker. */
import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf, targetOf } from '../support/imports.ts';
import { root } from '../support/tools.ts';

const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
/** What each line says to do, joined where it goes on. */
const steps = text
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const last = steps.slice(steps.findLastIndex((line) => line.startsWith('FROM')));
const copied = steps.flatMap((line) => (/^COPY (?!--from)/.test(line) ? line.split(/\s+/).slice(1, -1) : []));

test('what is copied is there and is let through, and it is all that the build reads', async () => {
  const ignored = read('.dockerignore').split('\n');
  for (const path of copied) {
    expect([path, existsSync(join(root, path))]).toEqual([path, true]);
    expect(ignored).toContain(`!${path}`);
  }
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  const packageOf = (specifier: string): string =>
    specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
  const missing: string[] = [];
  for await (const path of new Bun.Glob('{src,views}/**/*.{ts,tsx}').scan({ cwd: root })) {
    if (path.endsWith('.d.ts')) continue;
    for (const { specifier, typeOnly } of importsOf(path, read(path))) {
      if (typeOnly || /^(node|bun):|^bun$/.test(specifier)) continue;
      const target = targetOf(path, specifier);
      const isThere =
        target === null ? packageOf(specifier) in dependencies : copied.some((one) => target === one || target.startsWith(`${one}/`));
      if (!isThere) missing.push(`${path} imports ${specifier}`);
    }
  }
  expect(missing).toEqual([]);
});

test('the image is of fixed versions, and carries neither Bun nor the sources', () => {
  const images = steps.flatMap((line) => /^FROM (\S+)/.exec(line)?.[1] ?? []);
  expect(images.every((image) => /:[\w.-]*\d[\w.-]*$/.test(image))).toBe(true);
  const { engines } = JSON.parse(read('package.json')) as { engines: { bun: string } };
  expect(images[0]).toContain(engines.bun.replace('>=', ''));
  expect(last.filter((line) => line.startsWith('COPY'))).toEqual(['COPY --from=build /build/smspin /usr/local/bin/smspin']);
  expect(last.some((line) => line.startsWith('RUN') && line.includes('rm -rf /var/lib/apt/lists'))).toBe(true);
});

test('it runs as nobody of importance under an init, in the group of the modems, keeps its data in a volume, and says how it is', () => {
  const said = (word: string): string => last.findLast((line) => line.startsWith(`${word} `)) ?? '';
  expect(said('USER')).toBe('USER smspin');
  expect(last.some((line) => line.includes('useradd') && line.includes('--groups dialout'))).toBe(true);
  expect(said('ENTRYPOINT')).toBe('ENTRYPOINT ["tini", "--", "smspin"]');
  expect(said('VOLUME')).toBe('VOLUME /data');
  expect(said('ENV')).toContain('SMSPIN_DATA_DIR=/data');
  expect(said('HEALTHCHECK')).toContain('/health/live');
});
