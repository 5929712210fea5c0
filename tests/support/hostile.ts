/** A generator of numbers from 0 to below 1 that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const PIECES = [
  '1',
  '12',
  '1234',
  '123456',
  '1-',
  '1 ',
  '1.',
  '1,',
  '1/',
  ':',
  '-',
  ' ',
  '\n',
  '.',
  '*',
  '#',
  '@',
  '@a.b #',
  'a@',
  'a.',
  'https://',
  'www.',
  '?code=',
  'code',
  'code:',
  'code is ',
  'promo ',
  'one time ',
  'verification cod',
  'kod',
  'код ',
  '验证码',
  '取件',
  'รหัส',
  'رمز',
  'קוד',
  'कोड',
  'コード',
  '인증',
  'κωδικ',
  'G-',
  'Google ',
  'telegram',
  '【',
  '】',
  '[',
  ']',
  '(',
  ')',
  '«',
  '"',
  '*1',
  'x1',
  '+1 (',
  'ref:',
  'order ',
  'card ',
  'call ',
  '$',
  '€',
  'USD ',
  '٤',
  '４',
  '𝟒',
  '\u200b',
  '\u0301',
  '…',
  '😀',
  'A7',
  'AB-12',
  'ñ',
  'ß',
  '\u0000',
  '\ud800',
  'via ',
  'at ',
  'for your ',
  'purchase ',
];

/** A text made to be slow to read: long repeats, nested beginnings of patterns, mixed scripts. `random` decides everything. */
export function hostileText(random: () => number, length = 10_000): string {
  const pick = () => PIECES[Math.floor(random() * PIECES.length)] ?? ' ';
  const kind = random();
  if (kind < 0.4) return pick().repeat(length).slice(0, length);
  const unit = Array.from({ length: 2 + Math.floor(random() * 12) }, pick).join('');
  if (kind < 0.7) return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  let text = '';
  while (text.length < length) text += random() < 0.3 ? pick().repeat(1 + Math.floor(random() * 60)) : pick();
  return text.slice(0, length);
}
