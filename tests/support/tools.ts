import { resolve } from 'node:path';

export const root = resolve(import.meta.dir, '../..');

/** How each static gate is started. Bun runs the launchers of the native tools itself, so that no Node is needed. */
export const gates = {
  types: () => [process.execPath, bin('typescript/bin/tsc'), '--noEmit', '-p', '.'],
  lint: (colors = false) => [
    process.execPath,
    bin('@biomejs/biome/bin/biome'),
    'check',
    '--error-on-warnings',
    '--max-diagnostics=100',
    ...(colors ? [] : ['--colors=off']),
    '.',
  ],
  escaping: () => [process.execPath, resolve(root, 'tests/support/xss-scan.ts')],
} as const;

function bin(path: string): string {
  return resolve(root, 'node_modules', path);
}

/** Where gammu-smsd and smsd of smstools3 are, or null when one of them is missing. */
export function findReaders(): { gammu: string; smstools: string } | null {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`;
  const gammu = Bun.which('gammu-smsd', { PATH: path });
  const smstools = Bun.which('smsd', { PATH: path });
  return gammu === null || smstools === null ? null : { gammu, smstools };
}

/** A real Node of 20 or newer, not Bun under its name; null when there is none. */
export function findNode(): string | null {
  const folders = `${process.env['PATH'] ?? ''}:/usr/bin:/usr/local/bin`.split(':');
  return folders.map((folder) => Bun.which('node', { PATH: folder })).find((path) => path !== null && isNode(path)) ?? null;
}

function isNode(path: string): boolean {
  const { stdout } = Bun.spawnSync([path, '-p', '[process.versions.bun ?? "", process.versions.node].join(" ")']);
  const [bun, version] = stdout.toString().split(' ');
  return bun === '' && Number.parseInt(version ?? '', 10) >= 20;
}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end; `stdin` is what it reads, nothing by default. Kills it after `timeoutMs`. */
export async function run(
  command: string[],
  options: { cwd: string; env?: Record<string, string | undefined>; stdin?: string; timeoutMs?: number },
): Promise<Ran> {
  const child = Bun.spawn(command, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdin: new Blob([options.stdin ?? '']),
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: options.timeoutMs ?? 60_000,
    killSignal: 'SIGKILL',
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}
