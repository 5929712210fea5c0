/**
 * `bun tests/stress/leaving.ts [--codes 1000] [--modems 40] [--kills 20] [--seconds 120] [--failing 0.33] [--seed N]`
 *
 * Codes come in at a real server and go out to a webhook receiver and a mail server that fail now and then, while the server is killed at random moments
 * (SIGKILL). Afterwards every event of the server's log must have arrived at the webhook, and every code by mail, at least once, under its own id, with the
 * same content and a signature that the public library accepts; duplicates are counted. Exit code 1 when one did not. Another way out is another `Sink` in the list below.
 */
import { parseArgs } from 'node:util';
import { Random } from '../../src/modem/virtual/random.ts';
import { startMailSink } from './mail-sink.ts';
import { describeOutgoing, runOutgoing } from './outgoing.ts';
import { startWebhookSink } from './webhook-sink.ts';

const { values } = parseArgs({
  options: {
    codes: { type: 'string', default: '1000' },
    modems: { type: 'string', default: '40' },
    kills: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '120' },
    failing: { type: 'string', default: '0.33' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(values.seed);
const options = {
  codes: Number(values.codes),
  modems: Number(values.modems),
  kills: Number(values.kills),
  seconds: Number(values.seconds),
  seed,
};
console.log(
  `seed ${seed}: ${options.codes} codes on ${options.modems} modems in ${options.seconds} s, ${options.kills} kills, ${values.failing} of the requests fail`,
);
const failing = Number(values.failing);
const sinks = [
  await startWebhookSink({ random: new Random(seed + 1), failing }),
  await startMailSink({ random: new Random(seed + 2), failing }),
];
const { text, isGood } = describeOutgoing(await runOutgoing(options, sinks));
console.log(text);
console.log(isGood ? 'PASSED' : `FAILED (seed ${seed})`);
process.exit(isGood ? 0 : 1);
