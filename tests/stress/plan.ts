/** One message of a stress run: when, to whom, and what; `token` is in its text and in no other's. */
export interface Planned {
  token: string;
  atMs: number;
  number: string;
  iccid: string;
  sender: string;
  text: string;
}

/** A generator of numbers from 0 to below 1 that gives the same row for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const SENDERS = ['Telegram', 'Example', '+447700900999', '12345', 'Bänk@2', 'WhatsApp'];
const FILLERS = [
  'Do not share it with anybody.',
  'Не сообщайте код никому.',
  'رمز التحقق الخاص بك',
  'Gültig für 10 Minuten: äöüß €.',
  '验证码请勿泄露。',
  '🔐 keep it safe',
];

/** Messages at random times to random SIMs, one to five parts long, in several alphabets; in order of time. */
export function planMessages(options: {
  random: () => number;
  count: number;
  sims: readonly { number: string; iccid: string }[];
  durationMs: number;
}): Planned[] {
  const { random, count, sims, durationMs } = options;
  const pick = <T>(all: readonly T[]): T => {
    const one = all[Math.floor(random() * all.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  };
  return Array.from({ length: count }, (_, n): Planned => {
    const sim = pick(sims);
    const token = `T${String(n).padStart(6, '0')}X`;
    const filler = pick(FILLERS);
    const times = random() < 0.7 ? 1 : 1 + Math.floor(random() * 12);
    const text = `${token} Your code is ${100_000 + Math.floor(random() * 900_000)}. ${filler.repeat(times)} ${token}`;
    return { token, atMs: random() * durationMs, number: sim.number, iccid: sim.iccid, sender: pick(SENDERS), text };
  }).toSorted((left, right) => left.atMs - right.atMs);
}
