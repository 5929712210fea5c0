/**
 * Makes what is generated of the client and committed with it: `types.ts` from the API document, and `built/`, the client as one JavaScript file for Node and
 * browsers with its declarations. `bun run client:types` writes both; a test fails when they are not what this makes.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { plugin } from 'bun';
import ts from 'typescript-5';

const here = import.meta.dir;
const HEAD = '// Made from the API document by `bun run client:types`. Do not edit.\n';

/** The text of every generated file by its path under client/. */
export async function makeClient(document: object): Promise<Map<string, string>> {
  const types = await makeTypes(document);
  const files = new Map([['types.ts', types]]);
  const folder = mkdtempSync(join(tmpdir(), 'smspin-client-'));
  try {
    files.set('built/smspin.js', await bundle());
    for (const [name, text] of declarations(types)) files.set(`built/${name}`, text);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return files;
}

/** The types of every call, as openapi-typescript makes them. */
export async function makeTypes(document: object): Promise<string> {
  // It asks for `typescript`, which since version 7 has no JavaScript API.
  await plugin({
    name: 'typescript-5-for-the-generator',
    setup: (build) => {
      build.module('typescript', () => ({ exports: { ...ts, default: ts }, loader: 'object' }));
    },
  });
  const { default: openapiTs, astToString } = await import('openapi-typescript');
  return HEAD + astToString(await openapiTs(JSON.parse(JSON.stringify(document))));
}

async function bundle(): Promise<string> {
  const result = await Bun.build({ entrypoints: [resolve(here, 'smspin.ts')], target: 'browser', format: 'esm', throw: true });
  const [output] = result.outputs;
  if (!output) throw new Error('the bundler gave nothing');
  return HEAD + (await output.text());
}

/** The declarations of each module, as TypeScript 5 writes them. */
function declarations(types: string): [string, string][] {
  const options: ts.CompilerOptions = {
    ...{ target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.Preserve, moduleResolution: ts.ModuleResolutionKind.Bundler },
    ...{ lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: [], strict: true, declaration: true },
    ...{
      emitDeclarationOnly: true,
      allowImportingTsExtensions: true,
      rewriteRelativeImportExtensions: true,
      outDir: resolve(here, 'built'),
    },
  };
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  const typesPath = resolve(here, 'types.ts');
  host.readFile = (path) => (resolve(path) === typesPath ? types : read(path));
  const out: [string, string][] = [];
  host.writeFile = (path, text) =>
    void out.push([path.split('/').at(-1) ?? '', HEAD + text.replaceAll(/(from "\.\/[a-z-]+)\.ts"/g, '$1.js"')]);
  const program = ts.createProgram([resolve(here, 'smspin.ts')], options, host);
  const problems = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  if (problems.length > 0) throw new Error(ts.formatDiagnostics(problems, host));
  return out;
}

if (import.meta.main) {
  const printed = Bun.spawnSync([process.execPath, resolve(here, '../src/main.ts'), 'openapi'], { cwd: tmpdir() });
  if (!printed.success) throw new Error(printed.stderr.toString());
  for (const [path, text] of await makeClient(JSON.parse(printed.stdout.toString()) as object)) {
    const file = resolve(here, path);
    const before = (await Bun.file(file).exists()) ? readFileSync(file, 'utf8') : '';
    if (before === text) continue;
    await Bun.write(file, '');
    writeFileSync(file, text);
    console.log(`written: client/${path}`);
  }
}
