/**
 * The rules of the house that the linter cannot express, as one function from files to complaints. Who may import whom stands in two tables:
 * `mayImport` between rooms, `packageHomes` for packages that belong in few places. A new room is entered here before its first file.
 */
import { importsOf, targetOf } from './imports.ts';

const features =
  'alarms sims messages reviews catalogue orders rentals ledger accounts dashboard outbox webhooks exports evidence support status policies admin rules live mail http vouchers balance payments stock waiting metrics backup disk settings customers desk'.split(
    ' ',
  );

/** Room -> rooms it may import beside itself. `type X` allows `import type` alone. */
const mayImport: Record<string, readonly string[]> = {
  lib: [],
  db: ['lib'],
  gsm: ['lib'],
  codes: ['lib'],
  modem: ['lib', 'gsm'],
  config: ['lib', 'config-sims'],
  'config-sims': ['lib'],
  // The books know no other feature; their page does: it has a guard and a layout like every page.
  'ledger/routes': ['ledger', 'accounts', ...featureMayImport('ledger'), 'http', 'mail'],
  ...Object.fromEntries(features.map((room) => [room, featureMayImport(room)])),
  // It lays what operators set over the configuration.
  settings: [...featureMayImport('settings'), 'config'],
  // Wires the modems of the configuration to the house, and the house to its port.
  bank: ['lib', 'config', 'modem', 'type admin'],
  // Tells systemd how the process is.
  service: ['lib', 'modem'],
  server: ['lib', 'db', 'config', 'app', 'bank', 'stop', 'type modem', ...features],
  stop: ['lib', 'type db', 'type app', 'type bank', ...features.map((room) => `type ${room}`)],
  cli: ['lib', 'db', 'gsm', 'codes', 'modem', 'config', 'app', 'server', 'service', 'package.json', ...features],
  app: ['lib', 'db', 'gsm', 'codes', 'views', 'static', 'config', 'package.json', 'type modem', ...features],
  main: ['lib', 'db', 'gsm', 'codes', 'modem', 'config', 'app', 'cli', 'type service', 'package.json', ...features],
  build: [],
  views: ['codes', 'lib', ...['config', 'modem', ...features].map((room) => `type ${room}`)],
};

function featureMayImport(room: string): readonly string[] {
  const common = ['lib', 'db', 'gsm', 'codes', 'views', 'static', 'package.json', 'type modem', 'type config'];
  return room === 'ledger' ? ['lib', 'db', 'views'] : [...common, ...features];
}

const packageHomes: readonly { names: RegExp; homes: RegExp; rule: string }[] = [
  {
    names: /^(elysia|@elysiajs\/swagger)(\/|$)/,
    homes: /^src\/(app\.ts|http\/|live\/|accounts\/guard\.ts$|\w+\/([\w-]+[-.])?routes\.tsx?$)/,
    rule: 'only routes.tsx, the guard, http/, live/ and app.ts know elysia',
  },
  { names: /^nodemailer(\/|$)/, homes: /^src\/mail\/transport\.ts$/, rule: 'only mail/transport.ts knows nodemailer' },
  { names: /^prom-client(\/|$)/, homes: /^src\/metrics\//, rule: 'only metrics/ knows prom-client' },
  { names: /^bun:ffi$/, homes: /^src\/(modem|service)\//, rule: 'only modem/ and service/ call the C library' },
  { names: /^bun:sqlite$/, homes: /^src\//, rule: 'views know no database' },
];

/** Bun takes the JSX factory from the tsconfig.json of the working folder, unless the file names it: commands are run from anywhere. */
const JSX_PRAGMA = '/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */\n';

const LINES_MAX = 300;
/** Character tables and the like: data in the shape of code. */
const tables: readonly RegExp[] = [/^src\/gsm\/(alphabet|national)\.ts$/];

/** Text that may stand in no file, with the files it is looked for in. */
const bannedText: readonly { pattern: RegExp; files: RegExp; rule: string }[] = [
  {
    pattern: /\b(process|Bun|import\.meta)\.env\b/,
    files: /^(?!src\/(config|main|build)\.ts$)(src|views)\//,
    rule: 'only config.ts and main.ts read the environment',
  },
  {
    pattern: /@ts-(ignore|expect-error|nocheck)|biome-ignore(?!.* format:)|eslint-disable/,
    files: /^(src|views|tests)\//,
    rule: 'no suppressions',
  },
  {
    pattern: /\b(test|it|describe)(\.\w+)*\.(skip|skipIf|only|todo|if)\b|\b(xit|xtest|xdescribe|fit|fdescribe)\(/,
    files: /^tests\//,
    rule: 'every test runs, everywhere',
  },
  { pattern: /(?<![\w.-])\/(home|root|work|workspace|Users)\//, files: /./, rule: 'no path of one particular machine' },
  {
    pattern: /\b(unpkg\.com|jsdelivr\.net|cdnjs\.|esm\.sh|skypack\.dev|googleapis\.com|gstatic\.com)/,
    files: /^(src|views|static)\//,
    rule: 'no third-party requests',
  },
  { pattern: /https?:\/\//, files: /^bun\.lock$/, rule: 'the lock file names no registry: install with the default one' },
];

/** Complaints about one file, each `path:line: what is wrong`. `path` is relative to the project, with forward slashes. */
export function complaintsAbout(path: string, text: string): string[] {
  return [...importComplaints(path, text), ...jsxComplaints(path, text), ...lengthComplaints(path, text), ...textComplaints(path, text)];
}

function importComplaints(path: string, text: string): string[] {
  if (!/^(src|views)\/.*(?<!\.d)\.tsx?$/.test(path)) return [];
  const from = roomOf(path);
  const allowed = mayImport[from];
  if (allowed === undefined) return [`${path}:1: ${from} is a room without an entry in tests/support/tidy.ts`];
  return importsOf(path, text).flatMap(({ specifier, typeOnly, line }) => {
    const target = targetOf(path, specifier);
    if (target === null) {
      const broken = packageHomes.find(({ names, homes }) => names.test(specifier) && !homes.test(path));
      return broken === undefined ? [] : [`${path}:${line}: imports ${specifier}: ${broken.rule}`];
    }
    // The books' page is one thing with the books for whoever uses them; only what it may itself import differs.
    const to = roomOf(target).replace(/^ledger\/routes$/, 'ledger');
    if (to === from || allowed.includes(to) || (typeOnly && allowed.includes(`type ${to}`))) return [];
    const hint = allowed.includes(`type ${to}`) ? ' except as a type' : '';
    return [`${path}:${line}: imports ${specifier}: ${from} may not import ${to}${hint}`];
  });
}

function jsxComplaints(path: string, text: string): string[] {
  if (!/^(src|views)\/.*\.tsx$/.test(path) || !text.includes("from '@elysiajs/html'") || text.startsWith(JSX_PRAGMA)) return [];
  return [`${path}:1: the first line must be ${JSX_PRAGMA.trim()}`];
}

function lengthComplaints(path: string, text: string): string[] {
  if (!/^(src|views)\/.*\.tsx?$/.test(path) || tables.some((table) => table.test(path))) return [];
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return lines > LINES_MAX ? [`${path}:${LINES_MAX + 1}: ${lines} lines; a file holds at most ${LINES_MAX}`] : [];
}

function textComplaints(path: string, text: string): string[] {
  const rules = bannedText.filter(({ files }) => files.test(path));
  if (!rules.some(({ pattern }) => pattern.test(text))) return [];
  return text
    .split('\n')
    .flatMap((lineText, index) =>
      rules
        .filter(({ pattern }) => pattern.test(lineText))
        .map(({ rule }) => `${path}:${index + 1}: ${lineText.trim().slice(0, 80)}: ${rule}`),
    );
}

/** `src/ledger/routes.tsx` -> ledger/routes, `src/orders/state.ts` -> orders, `src/app.ts` -> app, `views/x.tsx` -> views, `package.json` -> itself. */
function roomOf(path: string): string {
  if (path === 'src/ledger/routes.tsx') return 'ledger/routes';
  const [top = '', second = ''] = path.split('/');
  return top === 'src' ? second.replace(/\.tsx?$/, '') : top;
}
