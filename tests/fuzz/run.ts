/**
 * `bun tests/fuzz/run.ts [pdu|dialogue] [--count N] [--seed S]`: throws damaged PDUs at the codec, damaged dialogues at the AT channel and whole modem
 * sessions, or both. Prints the seed first, so that what it finds can be found again, then what came out. Exit code 1 when anything was wrong, 2 for wrong arguments.
 */
import { parseArgs } from 'node:util';
import { type DialogueReport, fuzzDialogues } from './dialogue.ts';
import { fuzzPdus } from './pdu.ts';

const PDUS = 1_000_000;
const DIALOGUES = 100_000;
/** Of the dialogues, this share goes through a whole session with an emulated modem behind it. */
const SESSIONS_SHARE = 0.01;

const kinds = { pdu, dialogue };

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { count: { type: 'string' }, seed: { type: 'string' } },
  });
  const [kind] = positionals;
  const count = values.count === undefined ? null : Number(values.count);
  const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
  if (positionals.length > 1 || (kind !== undefined && kind !== 'pdu' && kind !== 'dialogue'))
    return usage(`unknown: ${positionals.join(' ')}`);
  if ((count !== null && !(Number.isInteger(count) && count > 0)) || !Number.isInteger(seed))
    return usage('--count and --seed take whole numbers');
  console.log(`seed ${seed}`);
  let sound = true;
  for (const [name, run] of Object.entries(kinds)) {
    if (kind === undefined || kind === name) sound = (await run(count, seed)) && sound;
  }
  return sound ? 0 : 1;
}

function usage(why: string): number {
  console.error(`${why}\nusage: bun tests/fuzz/run.ts [pdu|dialogue] [--count N] [--seed S]`);
  return 2;
}

async function pdu(count: number | null, seed: number): Promise<boolean> {
  const report = fuzzPdus(count ?? PDUS, seed);
  const { seconds, slowestMs, slowest, outcomes, violations } = report;
  console.log(
    `pdu: ${report.count} in ${seconds.toFixed(1)} s, ${Math.round(report.count / seconds)} a second, slowest ${slowestMs.toFixed(2)} ms`,
  );
  console.log(`  slowest: ${slowest}`);
  show(outcomes, violations);
  return violations.length === 0;
}

async function dialogue(count: number | null, seed: number): Promise<boolean> {
  const all = count ?? DIALOGUES;
  const sessions = Math.ceil(all * SESSIONS_SHARE);
  // Of a single one, which shows a seed again, both kinds are wanted.
  const report: DialogueReport = await fuzzDialogues({ channels: Math.max(1, all - sessions), sessions }, seed);
  const { seconds, slowestMs, outcomes, violations, heapGrowthMb } = report;
  console.log(
    `dialogue: ${all} (${sessions} whole sessions) in ${seconds.toFixed(1)} s, ${Math.round(all / seconds)} a second, ` +
      `slowest ${Math.round(slowestMs)} ms, heap grew by ${heapGrowthMb.toFixed(1)} MB`,
  );
  show(outcomes, violations);
  return violations.length === 0;
}

function show(outcomes: Record<string, number>, violations: readonly string[]): void {
  for (const [outcome, times] of Object.entries(outcomes).sort()) console.log(`  ${outcome}: ${times}`);
  for (const violation of violations) console.log(`  WRONG: ${violation}`);
}

process.exit(await main(process.argv.slice(2)));
