import type { Random } from '../../src/modem/virtual/random.ts';

/** One message of a stress run: when, to whom, and what; `token` is in its text and in no other's. */
export interface Planned {
  token: string;
  atMs: number;
  number: string;
  iccid: string;
  sender: string;
  text: string;
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
  random: Random;
  count: number;
  sims: readonly { number: string; iccid: string }[];
  durationMs: number;
}): Planned[] {
  const { random, count, sims, durationMs } = options;
  return Array.from({ length: count }, (_, n): Planned => {
    const sim = random.pick(sims);
    const token = `T${String(n).padStart(6, '0')}X`;
    const filler = random.pick(FILLERS);
    const times = random.next() < 0.7 ? 1 : random.between(1, 12);
    const text = `${token} Your code is ${random.between(100_000, 999_999)}. ${filler.repeat(times)} ${token}`;
    return { token, atMs: random.next() * durationMs, number: sim.number, iccid: sim.iccid, sender: random.pick(SENDERS), text };
  }).toSorted((left, right) => left.atMs - right.atMs);
}
