/**
 * Looks for JSX children that would reach a page unescaped, in every .tsx file under views/ and src/ of the working folder.
 *
 *   bun tests/support/xss-scan.ts        exit 0: none, after at least one file was looked at; 1: holes, or nothing was scanned
 *
 * The checks are those of @kitajs/ts-html-plugin; its own command does not work here: it asks for `typescript`, which since version 7 has no
 * JavaScript API, prints a TypeError and exits 0. So its checker is given TypeScript 5 and driven from here. It also looks at only one branch
 * of `a ? b : c` (the last); swapping the branches and looking again covers the other.
 */
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { plugin } from 'bun';
import ts from 'typescript-5';

await plugin({
  name: 'typescript-5-for-the-checker',
  setup: (build) => {
    build.module('typescript', () => ({ exports: { ...ts, default: ts }, loader: 'object' }));
  },
});

type Diagnose = (compiler: typeof ts, node: ts.Node, checker: ts.TypeChecker, found: ts.Diagnostic[]) => void;
const { recursiveDiagnoseJsxElements: diagnose } = (await import('@kitajs/ts-html-plugin/dist/util.js')) as unknown as {
  recursiveDiagnoseJsxElements: Diagnose;
};

const cwd = process.cwd();
const paths = ['src', 'views']
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => [...new Bun.Glob('**/*.tsx').scanSync({ cwd: folder })].sort().map((path) => resolve(folder, path)));

function readOptions(): ts.CompilerOptions {
  const { config, error } = ts.readConfigFile(resolve(cwd, 'tsconfig.json'), ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  return ts.convertCompilerOptionsFromJson(config.compilerOptions, cwd).options;
}

function swapBranches(node: ts.Node): void {
  if (ts.isConditionalExpression(node)) Object.assign(node, { whenTrue: node.whenFalse, whenFalse: node.whenTrue });
  ts.forEachChild(node, swapBranches);
}

/** The holes of one file, each once. An unneeded `safe` is only a warning and is let pass. */
function holesIn(source: ts.SourceFile, checker: ts.TypeChecker): ts.Diagnostic[] {
  const found: ts.Diagnostic[] = [];
  diagnose(ts, source, checker, found);
  swapBranches(source);
  diagnose(ts, source, checker, found);
  const errors = found.filter((one) => one.category === ts.DiagnosticCategory.Error);
  return [...new Map(errors.map((one) => [`${one.start} ${one.code}`, one])).values()];
}

const program = ts.createProgram(paths, readOptions());
const sources = program.getSourceFiles().filter((source) => paths.includes(resolve(source.fileName)));
if (sources.length === 0 || sources.length !== paths.length) {
  console.error(`Scanned ${sources.length} of ${paths.length} .tsx files under ${cwd}: the scan proves nothing.`);
  process.exit(1);
}
const holes = sources.flatMap((source) => holesIn(source, program.getTypeChecker()));
for (const { file, start, messageText } of holes) {
  const at = file === undefined || start === undefined ? null : file.getLineAndCharacterOfPosition(start);
  const place = file === undefined || at === null ? '?' : `${relative(cwd, file.fileName)}:${at.line + 1}:${at.character + 1}`;
  console.error(`${place}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
}
console.log(`${holes.length} unescaped places in ${sources.length} files`);
process.exit(holes.length === 0 ? 0 : 1);
