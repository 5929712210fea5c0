import { systemClock } from '../../src/lib/clock.ts';
import { AtChannel, type AtResult } from '../../src/modem/at/channel.ts';
import type { ResyncTiming } from '../../src/modem/at/resync.ts';
import { FakeModem } from './fake-modem.ts';
import { Random } from './random.ts';
import { type Exchange, makeExchange, numbersIn } from './tagged.ts';
import type { Tally } from './tally.ts';

const TIMEOUT_MS = 25;
const TIMING: ResyncTiming = { quietMs: 5, openQuietMs: 1, settleMs: 20, openSettleMs: 5, probeMs: 60, probes: 5 };
/** Of the modems, this share ends answers more often than it should. */
const SURPLUS_SHARE = 0.1;
const PULLED_SHARE = 0.02;
/** A dialogue has at most eight commands and three resynchronisations: seconds, on whatever machine. */
const HANG_MS = 60_000;

/** One dialogue of a channel with a modem behind a bad line; what it did wrong goes into the tally. */
export async function fuzzChannel(seed: number, tally: Tally): Promise<void> {
  const random = new Random(seed);
  const mayBeSurplus = random.chance(SURPLUS_SHARE);
  const exchanges = Array.from({ length: 1 + random.below(8) }, (_, at) => makeExchange(seed * 10 + at, TIMEOUT_MS, random));
  const answers = new Map(exchanges.map(({ command, answer }) => [command.text, answer]));
  const modem = new FakeModem({ random, timeoutMs: TIMEOUT_MS, mayBeSurplus, answer: (command) => answers.get(command) ?? ['ERROR'] });
  let deaths = 0;
  const channel = new AtChannel(modem, systemClock, { urc: () => {}, echo: () => {}, fault: () => {}, dead: () => void deaths++ }, TIMING);
  if (random.chance(PULLED_SHARE)) setTimeout(() => modem.pull(), random.below(200));
  const judge = ({ number }: Exchange, result: AtResult, surplus: boolean) => {
    tally.count(result.ok ? 'answered' : result.kind);
    const foreign = 'lines' in result ? numbersIn(result.lines).filter((found) => found !== number) : [];
    if (foreign.length > 0 && surplus) tally.count('shifted by a surplus final');
    else if (foreign.length > 0) tally.violation(seed, `command ${number} was given the answer of ${foreign}`);
  };
  const talk = async () => {
    await channel.handshake();
    channel.echoOff = random.chance(0.5);
    const inBurst: Promise<void>[] = [];
    for (const exchange of exchanges) {
      const sent = channel.send(exchange.command).then((result) => judge(exchange, result, modem.surplus));
      if (random.chance(0.5)) inBurst.push(sent);
      else await sent;
    }
    await Promise.all(inBurst);
    channel.close();
    if ((await channel.send({ text: 'AT', timeoutMs: TIMEOUT_MS })).ok) tally.violation(seed, 'a closed channel answered');
    if (deaths > 1) tally.violation(seed, `dead was told ${deaths} times`);
    tally.count(deaths === 0 ? 'dialogues to the end' : 'dialogues cut short');
  };
  await tally.watch(seed, HANG_MS, talk);
  channel.close();
}
