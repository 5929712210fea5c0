import { type DeliverSms, encodeDeliver } from '../../src/gsm/encode.ts';
import { parseHex } from '../../src/gsm/octets.ts';
import type { Random } from './random.ts';

const TEXTS = [
  'Your code is 482913',
  'G-482913 is your verification code.',
  '€[]{}~^|\\ '.repeat(30),
  'Ваш код: 4821',
  '😀👩‍👩‍👧 4821 '.repeat(20),
  'x'.repeat(153 * 3 + 1),
  '',
];
const SENDERS = ['+447700900123', '22333', 'Telegram', '*100#', 'ElevenChars', ''];

/** PDUs that no encoder of ours writes: headers with ports, languages, repeats and damage, reports, submits, classes, indications. */
const HAND_MADE = [
  '00440C914477000910320004621122026175000B0605040B8423F04142434445',
  '00440C91447700091032000462112202617500070404 02C8C94142'.replace(' ', ''),
  '00440C914477000910320000621122026175000D0624010125010145A1B2C3',
  '00440C9144770009103200086211220261750012' + '0A000301020100030202020048006900210021',
  '00440C9144770009103200086211220261750010050003070201D83DDE000041D83DDE',
  '00440C91447700091032000862112202617500097F0003070201004800',
  '0006170C914477000910326211220261750062112202719500' + '00',
  '0011000C914477000910320000AA05E8329BFD06',
  '00040C9144770009103240F06211220261750005E8329BFD06',
  '00040C91447700091032003062112202617500024142',
  '00040C9144770009103200C86211220261750005E8329BFD06',
];

/** Sound PDUs of every kind, as octets. */
export function makePool(random: Random): Uint8Array[] {
  const written = TEXTS.flatMap((text) =>
    SENDERS.flatMap((sender) => encodeDeliver(randomSms(random, sender, text)).map(({ pdu }) => pdu)),
  );
  return [...HAND_MADE, ...written].map((pdu) => parseHex(pdu).octets);
}

function randomSms(random: Random, sender: string, text: string): DeliverSms {
  return {
    ...{ sender, text, ref: random.below(256), refWidth: random.pick([8, 16] as const), pid: random.below(256) },
    atMs: Date.UTC(2026, 10, 22) + random.below(86_400) * 1000,
    zoneMinutes: 15 * (random.below(159) - 79),
    ...(random.chance(0.3) ? { smsc: '+447785016005' } : {}),
  };
}

/** A PDU that is damaged in one to four ways, or octets that never were one. */
export function mutated(random: Random, pool: readonly Uint8Array[]): Uint8Array {
  if (random.chance(0.1)) return random.octets(random.below(200));
  let octets = random.pick(pool);
  const times = 1 + random.below(4);
  for (let i = 0; i < times; i++) octets = random.pick(MUTATIONS)(octets, random, pool);
  return octets.subarray(0, MOST_OCTETS);
}

const MOST_OCTETS = 600;

type Mutation = (octets: Uint8Array, random: Random, pool: readonly Uint8Array[]) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  // A bit turns over.
  (octets, random) => changed(octets, random, (octet) => octet ^ (1 << random.below(8))),
  // An octet becomes another, often one that is a limit somewhere.
  (octets, random) =>
    changed(octets, random, () => (random.chance(0.5) ? random.pick([0, 1, 0x7f, 0x80, 0xff, 140, 160]) : random.below(256))),
  // The end is cut off.
  (octets, random) => octets.subarray(0, random.below(octets.length + 1)),
  // Octets come in between.
  (octets, random) => spliced(octets, random.below(octets.length + 1), 0, random.octets(1 + random.below(8))),
  // Octets are lost.
  (octets, random) => spliced(octets, random.below(octets.length + 1), 1 + random.below(8), new Uint8Array()),
  // The head of one PDU, the tail of another.
  (octets, random, pool) => {
    const other = random.pick(pool);
    return spliced(octets, random.below(octets.length + 1), octets.length, other.subarray(random.below(other.length + 1)));
  },
];

function changed(octets: Uint8Array, random: Random, change: (octet: number) => number): Uint8Array {
  const copy = Uint8Array.from(octets);
  const at = random.below(copy.length || 1);
  if (at < copy.length) copy[at] = change(copy[at] ?? 0);
  return copy;
}

function spliced(octets: Uint8Array, at: number, lost: number, inserted: Uint8Array): Uint8Array {
  return Uint8Array.from([...octets.subarray(0, at), ...inserted, ...octets.subarray(at + lost)]);
}
