import { parseFinal } from '../../src/modem/at/finals.ts';
import type { Random } from './random.ts';

/** What a modem puts on the line for one command, disturbed. */
export interface Disturbed {
  octets: Uint8Array;
  /** It ends a command more often than once, or before its last line: what follows cannot be told from the next answer. */
  surplus: boolean;
}

const UNSOLICITED = [
  '+CMTI: "SM",3',
  '+CMTI: "ME",-1',
  'RING',
  '^RSSI:20',
  '+CREG: 1',
  '^BOOT:12345678,0,0,0,75',
  '+CUSD: 0,"half a text',
  '+CMT: ,25',
  '+CDS: 25',
  '+CPIN: READY',
];
const ENDS = ['\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n'];
const OVERLONG = 6_000;

type Mutation = (lines: string[], random: Random, command: string) => void;

const ADDITIONS: readonly Mutation[] = [
  // Noise as a line, and inside one.
  (lines, random) => void lines.splice(random.below(lines.length + 1), 0, `~${noise(random, 1 + random.below(40))}`),
  (lines, random) =>
    change(lines, random, (line) => {
      const at = random.below(line.length + 1);
      return line.slice(0, at) + noise(random, 1 + random.below(5)) + line.slice(at);
    }),
  // An information line comes twice.
  (lines, random) => {
    const at = random.below(lines.length);
    const line = lines[at] ?? '';
    if (parseFinal(line) === null) lines.splice(at, 0, line);
  },
  (lines, random) => void lines.splice(random.below(lines.length + 1), 0, random.pick(UNSOLICITED)),
  (lines, random) => change(lines, random, (line) => `\0\0${line}\0`),
  (lines, random) => void lines.splice(random.below(lines.length + 1), 0, '> '),
  (lines, random) => void lines.splice(random.below(lines.length + 1), 0, '*'.repeat(OVERLONG)),
  (lines, _random, command) => void lines.unshift(command),
];

/** What loses something. One of them an answer: two that fit each other leave no trace, as a message's octets and the next one's header. */
const LOSSES: readonly Mutation[] = [
  (lines, random) => void lines.splice(random.below(lines.length), 1),
  (lines, random) => change(lines, random, (line) => line.slice(0, random.below(line.length + 1))),
  // Two lines run together.
  (lines, random) => {
    const at = random.below(lines.length);
    lines.splice(at, 2, lines.slice(at, at + 2).join(''));
  },
  // A run of octets is lost, line ends or not; never whole lines alone, which is the same as two losses that fit.
  (lines, random) => {
    const whole = lines.join('\n');
    const at = random.below(whole.length + 1);
    const left = (whole.slice(0, at) + whole.slice(at + 1 + random.below(80))).split('\n');
    if (!left.every((line) => line === '' || lines.includes(line))) lines.splice(0, lines.length, ...left);
  },
];

/** More ends than commands: no dialogue can see through these while they last. */
const SURPLUS: readonly Mutation[] = [
  (lines) => void lines.push(lines.at(-1) ?? 'OK'),
  (lines, random) => void lines.splice(random.below(lines.length + 1), 0, random.pick(['OK', 'ERROR', '+CMS ERROR: 500', '0'])),
];

/** The lines of an answer, its final result last, as a bad line may bring them. */
export function disturbed(lines: readonly string[], command: string, random: Random, mayBeSurplus: boolean): Disturbed {
  const times = random.chance(0.4) ? 1 + random.below(3) : 0;
  const changed = [...lines];
  const lossAt = random.below(4);
  for (let i = 0; i < times; i++) {
    const kinds = mayBeSurplus && random.chance(0.3) ? SURPLUS : i === lossAt ? LOSSES : ADDITIONS;
    if (changed.length > 0) random.pick(kinds)(changed, random, command);
  }
  const surplus = isSurplus(changed);
  const text = (surplus && !mayBeSurplus ? lines : changed).map((line) => random.pick(ENDS) + line + random.pick(ENDS)).join('');
  return { octets: Buffer.from(text, 'latin1'), surplus: surplus && mayBeSurplus };
}

/** Octets as they may come from a line, in pieces that have nothing to do with its lines. */
export function pieces(octets: Uint8Array, random: Random): Uint8Array[] {
  if (octets.length < 2 || random.chance(0.6)) return [octets];
  const at = 1 + random.below(octets.length - 1);
  return [octets.subarray(0, at), octets.subarray(at)];
}

function isSurplus(lines: readonly string[]): boolean {
  const ends = lines.flatMap((line, at) => (parseFinal(line.replaceAll('\0', '')) === null ? [] : [at]));
  return ends.length > 1 || (ends.length === 1 && ends[0] !== lines.length - 1);
}

function change(lines: string[], random: Random, how: (line: string) => string): void {
  const at = random.below(lines.length);
  lines[at] = how(lines[at] ?? '');
}

/** Any octets but the ends of lines. */
function noise(random: Random, length: number): string {
  return Buffer.from(random.octets(length))
    .toString('latin1')
    .replace(/[\r\n]/g, '?');
}
