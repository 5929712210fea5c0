/**
 * `bun tests/stress/run.ts [--modems 64] [--minutes 10] [--messages 5000] [--chaos 0.3] [--faults NAME,…] [--kills 0] [--commit-ms 0] [--heap] [--seed N]`
 *
 * A bank of misbehaving virtual modems, a real server in its own process, messages at random times, and perhaps kills of the server at random
 * moments. Afterwards every message must be stored exactly once, under the right SIM, and none may be left on a modem. Everything random comes
 * from the seed that is printed; `--faults` has those alone, `--commit-ms` makes storing slow, `--heap` counts what is alive; exit code 1 when a
 * message was lost, doubled, or went to a wrong SIM, and with `--heap` when the objects alive in the last quarter are more than 3 % above the second.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { faultNamed } from '../../src/modem/virtual/faults.ts';
import { Random } from '../../src/modem/virtual/random.ts';
import { startTestBank, type TestBank } from '../support/bank.ts';
import { startServer } from '../support/server.ts';
import { compare, describe, readStored } from './compare.ts';
import { heapFigures } from './heap.ts';
import { Keeper } from './keeper.ts';
import { type Planned, planMessages } from './plan.ts';

const { values } = parseArgs({
  options: {
    modems: { type: 'string', default: '64' },
    minutes: { type: 'string', default: '10' },
    messages: { type: 'string', default: '5000' },
    chaos: { type: 'string', default: '0.3' },
    profiles: { type: 'string', default: 'mixed' },
    kills: { type: 'string', default: '0' },
    faults: { type: 'string' },
    'commit-ms': { type: 'string', default: '0' },
    heap: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const [modems, minutes, messages, chaos, kills, seed] = [
  values.modems,
  values.minutes,
  values.messages,
  values.chaos,
  values.kills,
  values.seed,
].map(Number) as [number, number, number, number, number, number];
const faults = values.faults?.split(',').map((name) => faultNamed(name)?.name ?? fail(`there is no fault ${name}`));
const durationMs = minutes * 60_000;
const SETTLE_MS = 300_000;

console.log(
  `seed ${seed}: ${modems} modems (${values.profiles}), ${messages} messages in ${minutes} min, ${chaos} faults a modem and minute, ${kills} kills`,
);
const random = new Random(seed);
const bank = await startTestBank(modems, { profiles: values.profiles, seed });
const dir = mkdtempSync(join(tmpdir(), 'smspin-stress-'));
const config = `[modems]\nports = ["${bank.pattern}"]\ndiscover = false\nsweep_seconds = 20\n[log]\nlevel = "error"\n`;
const heapFile = join(dir, 'heap.jsonl');
const env = {
  SMSPIN_TEST_COMMIT_MS: values['commit-ms'],
  ...(values.heap ? { HEAP_FILE: heapFile, BUN_OPTIONS: `--preload ${join(import.meta.dir, 'heap-probe.ts')}` } : {}),
};
const keeper = new Keeper(() => startServer({ dir, config, env, readyTimeoutMs: 60_000 }));
await keeper.start();

const plan = planMessages({ random, count: messages, sims: bank.sims, durationMs });
const startedMs = performance.now();
if (chaos > 0) await expectOk(bank.chaos({ seed, rate: chaos, ...(faults === undefined ? {} : { faults }) }));
const killing = keeper.killAtRandom({ kills, durationMs, random });
const accepted = await send(bank, plan, startedMs);
await killing;
await expectOk(bank.chaos({ seed, rate: 0 }));
console.log(
  `sent ${accepted.length} messages in ${seconds(performance.now() - startedMs)} s; healed, waiting until nothing is left on the modems`,
);

const settled = await waitUntilEmpty(bank);
await Bun.sleep(2_000);
const memory = keeper.memoryFigures();
const heap = values.heap ? heapFigures(heapFile) : null;
await keeper.stop();
const verdict = compare(accepted, readStored(join(dir, 'data', 'smspin.db')));
const left = (await bank.list()).flatMap((sim) => [
  ...sim.messages.map(() => sim.port),
  ...Array.from({ length: sim.waiting }, () => sim.port),
]);
await bank.stop();

console.log(describe(verdict));
console.log(
  `left on modems or in the network: ${left.length}${left.length === 0 ? '' : ` (${[...new Set(left)].slice(0, 5).join(', ')})`}`,
);
console.log(`emptied ${settled === null ? 'never' : `${seconds(settled)} s`} after the last fault; kills: ${keeper.kills}`);
console.log(`memory of the server: ${memory}`);
console.log(`heap of the server, ${heap?.words ?? 'not judged: --heap was not asked for'}`);
if (heap?.isFlat === false) console.log('  it grew: what is alive is not flat');
const good = heap?.isFlat !== false && verdict.lost.length + verdict.doubled.length + verdict.misplaced.length === 0 && left.length === 0;
// What went wrong can only be told from what was stored: timing makes no two runs the same.
if (good) rmSync(dir, { recursive: true, force: true });
console.log(good ? 'PASSED' : `FAILED (seed ${seed}); the data is kept in ${dir}`);
process.exit(good ? 0 : 1);

/** Sends each message at its time; what the virtual network refused (a modem has no SIM) is not sent. */
async function send(bank: TestBank, plan: readonly Planned[], startedMs: number): Promise<Planned[]> {
  const accepted: Planned[] = [];
  const sending: Promise<void>[] = [];
  for (const message of plan) {
    const waitMs = message.atMs - (performance.now() - startedMs);
    if (waitMs > 0) await Bun.sleep(waitMs);
    sending.push(
      bank.sendSms({ number: message.number, sender: message.sender, text: message.text }).then((sent) => {
        if (sent.ok) accepted.push(message);
        else throw new Error(`the virtual network refused a message: ${sent.error}`);
      }),
    );
  }
  await Promise.all(sending);
  return accepted;
}

/** Milliseconds until no message lay on a modem any more or waited in the network; null when that did not come about. */
async function waitUntilEmpty(bank: TestBank): Promise<number | null> {
  const fromMs = performance.now();
  while (performance.now() - fromMs < SETTLE_MS) {
    const sims = await bank.list();
    if (sims.every((sim) => sim.messages.length === 0 && sim.waiting === 0)) return performance.now() - fromMs;
    await Bun.sleep(500);
  }
  return null;
}

async function expectOk(done: Promise<{ ok: boolean; error?: string }>): Promise<void> {
  const outcome = await done;
  if (!outcome.ok) throw new Error(outcome.error);
}

function fail(what: string): never {
  console.error(what);
  process.exit(2);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
