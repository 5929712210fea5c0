/**
 * `bun run build`: the whole house, its pages' files and its migrations in one executable that needs nothing but a data folder.
 *
 *   bun src/build.ts [--outfile PATH] [--target bun-linux-arm64]
 */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const targets = ['bun-linux-x64', 'bun-linux-arm64', 'bun-linux-x64-musl', 'bun-linux-arm64-musl'] as const;
const root = resolve(import.meta.dir, '..');

function readArguments(): { outfile: string; target: (typeof targets)[number] | null } {
  const { values } = parseArgs({
    options: { outfile: { type: 'string', default: resolve(root, 'dist/smspin') }, target: { type: 'string' } },
  });
  const target = targets.find((known) => known === values.target) ?? null;
  if (values.target !== undefined && target === null) {
    throw new Error(`--target ${values.target} is not known; use one of ${targets.join(', ')}`);
  }
  return { outfile: resolve(values.outfile), target };
}

/** Builds and tells the size in octets. Throws with every message of the bundler when it fails. */
async function build(entries: readonly string[], outfile: string, target: (typeof targets)[number] | null): Promise<number> {
  for (const entry of entries) if (!existsSync(entry)) throw new Error(`${entry} does not exist`);
  mkdirSync(dirname(outfile), { recursive: true });
  const result = await Bun.build({
    entrypoints: [...entries],
    // The executable must not obey a .env or bunfig.toml that happens to lie in the folder it is started from: a stray `preload` kills it.
    compile: { outfile, autoloadDotenv: false, autoloadBunfig: false, ...(target === null ? {} : { target }) },
    // Names stay: Elysia reads the source text of its handlers.
    minify: { whitespace: true, syntax: true, identifiers: false },
    // NODE_ENV is fixed when an executable is built, whatever the environment says later.
    define: { 'process.env.NODE_ENV': '"production"' },
    throw: false,
  });
  if (!result.success) throw new Error(result.logs.map(String).join('\n') || 'the bundler gave no reason');
  return statSync(outfile).size;
}

try {
  const startedAtMs = performance.now();
  const { outfile, target } = readArguments();
  // The first one is what starts; the workers are found inside by their place under src/ (exports/start-worker.ts, backup/start.ts).
  const octets = await build(
    ['src/main.ts', 'src/exports/worker.ts', 'src/backup/worker.ts'].map((entry) => resolve(root, entry)),
    outfile,
    target,
  );
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  console.log(`${outfile}  ${(octets / 1_000_000).toFixed(1)} MB  ${seconds} s`);
} catch (error) {
  console.error(`The build failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
