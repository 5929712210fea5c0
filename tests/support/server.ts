/** Starts the server as a user would, in a folder of its own, and talks to it from outside: for the tests of whole journeys. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Ran, root, run } from './tools.ts';

export interface ServerOptions {
  /** `source`: `bun src/main.ts`; `binary`: the built executable. */
  entry?: 'source' | 'binary';
  /** Path of the executable; default: one built by `buildBinary`. */
  binary?: string;
  /** `SMSPIN_*` and others; beats what is set here. Nothing of the caller's own environment but PATH, HOME and TMPDIR is handed on. */
  env?: Record<string, string>;
  /** Text of smspin.toml. */
  config?: string;
  /** Folder of an earlier server, to start again on its data; the caller removes it. Default: a new one, removed by `stop`. */
  dir?: string;
  readyTimeoutMs?: number;
}

export interface Server {
  url: string;
  port: number;
  dir: string;
  pid: number;
  /** Resolves when the process has ended, however it did. */
  exited: Promise<unknown>;
  /** All of stdout and stderr so far. */
  output(): string;
  /** Sends the signal (default SIGTERM) and waits for the end; the exit code, or null when the signal ended it. The data stays. */
  kill(signal?: 'SIGKILL' | 'SIGTERM' | 'SIGINT' | 'SIGHUP'): Promise<number | null>;
  /** Ends it if it still runs, by SIGTERM and after 10 s by SIGKILL, and removes the folder unless the caller gave it. */
  stop(): Promise<void>;
  /** A command of the same program on the same data: `server.run(['user', 'add', 'a@example.org'])`. */
  run(args: string[], stdin?: string): Promise<Ran>;
}

/** A second when nothing else runs; less than a test may take, so that what the server printed is shown. */
const READY_MAX_MS = 50_000;

const running = new Set<Bun.Subprocess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Resolves once `GET /health/ready` answers 200. Throws with everything the server printed when it ends before, or is not ready in time. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const program = await programOf(options);
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'smspin-'));
  if (options.config !== undefined) writeFileSync(join(dir, 'smspin.toml'), options.config);
  const port = Number(options.env?.['SMSPIN_SERVER_PORT'] ?? freePort());
  const url = `http://127.0.0.1:${port}`;
  const env = environment(dir, port, url, options.env);

  const child = Bun.spawn([...program, 'serve'], { cwd: dir, env, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
  running.add(child);
  void child.exited.then(() => running.delete(child));
  const printed: string[] = [];
  void collect(child.stdout, printed);
  void collect(child.stderr, printed);

  const server: Server = {
    url,
    port,
    dir,
    pid: child.pid,
    exited: child.exited,
    output: () => printed.join(''),
    kill: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await child.exited;
      return child.exitCode;
    },
    stop: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      child.kill('SIGTERM');
      await child.exited;
      clearTimeout(timer);
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
    run: (args, stdin = '') => run([...program, ...args], { cwd: dir, env, stdin }),
  };
  const problem = await waitUntilReady(
    child,
    url,
    () => server.output().includes('SMSPin is running at'),
    options.readyTimeoutMs ?? READY_MAX_MS,
  );
  if (problem !== null) {
    await server.stop();
    throw new Error(`the server ${problem}; it printed:\n${server.output()}`);
  }
  return server;
}

let built: Promise<string> | null = null;

/** Path of the executable: $SMSPIN_TEST_BINARY, which the whole suite builds beforehand, else one built now, once for this process. */
export function buildBinary(): Promise<string> {
  const beforehand = process.env['SMSPIN_TEST_BINARY'];
  if (beforehand !== undefined) return Promise.resolve(beforehand);
  built ??= (async () => {
    const path = resolve(root, 'tests/.artifacts/smspin');
    const { code, stderr } = await run([process.execPath, resolve(root, 'src/build.ts'), '--outfile', path], {
      cwd: root,
      timeoutMs: 120_000,
    });
    if (code !== 0) throw new Error(stderr);
    return path;
  })();
  return built;
}

async function programOf(options: ServerOptions): Promise<string[]> {
  if (options.entry !== 'binary') {
    return [process.execPath, resolve(root, 'src/main.ts')];
  }
  const binary = options.binary ?? (await buildBinary());
  if (!existsSync(binary)) throw new Error(`${binary} does not exist: build it first`);
  return [binary];
}

function environment(dir: string, port: number, url: string, own: Record<string, string> = {}): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    SMSPIN_SERVER_PORT: String(port),
    SMSPIN_SERVER_PUBLIC_URL: url,
    SMSPIN_DATA_DIR: join(dir, 'data'),
    ...own,
  };
}

/** Below the ports that systems give to outgoing connections (Linux: from 32768), and a range for each process that runs test files. */
const PORTS_FROM = 12_000;
const PORTS_EACH = 2_000;
let nextPort = Math.floor(Math.random() * PORTS_EACH);

/** A port that was free a moment ago, and that no test file running beside this one is given. Throws when none is. */
export function freePort(): number {
  const worker = Number(process.env['BUN_TEST_WORKER_ID'] ?? 0) % 10;
  for (let tried = 0; tried < PORTS_EACH; tried += 1) {
    nextPort = (nextPort + 1) % PORTS_EACH;
    const port = PORTS_FROM + worker * PORTS_EACH + nextPort;
    try {
      Bun.listen({ hostname: '127.0.0.1', port, socket: { data: () => {} } }).stop(true);
      return port;
    } catch {
      // Somebody else's.
    }
  }
  throw new Error('no free port was found');
}

async function collect(stream: ReadableStream<Uint8Array>, into: string[]): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) into.push(decoder.decode(chunk, { stream: true }));
}

/** Null when it answered 200, else what happened instead. */
async function waitUntilReady(child: Bun.Subprocess, url: string, hasSpoken: () => boolean, timeoutMs: number): Promise<string | null> {
  const deadlineMs = performance.now() + timeoutMs;
  let last = 'no answer';
  while (performance.now() < deadlineMs) {
    if (child.exitCode !== null) return `ended with ${child.exitCode} before it was ready`;
    if (child.signalCode !== null) return `was ended by ${child.signalCode} before it was ready`;
    try {
      const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      // It says where it runs, and the first sign-ins, a moment after it is ready.
      if (response.ok && hasSpoken()) return null;
      last = `${response.status} ${await response.text()}`;
    } catch (error) {
      last = String(error);
    }
    await Bun.sleep(20);
  }
  return `was not ready within ${timeoutMs} ms (${last})`;
}
