import { simulateCommand } from '../../src/cli/simulate.ts';

/** The virtual bank as a program of its own, without the rest of the house. */
const code = await simulateCommand(process.argv.slice(2), {
  stdin: Bun.stdin.stream(),
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
});
process.exit(code);
