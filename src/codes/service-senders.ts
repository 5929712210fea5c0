import { foldKeyword } from './normalise.ts';
import senderRules from './rules/senders.json' with { type: 'json' };

const GENERIC = new Set(senderRules.generic.map(foldSender));
const DRESSING = senderRules.dressing.map(foldSender).sort((a, b) => b.length - a.length);
/** Shorter names are too easily part of another one. */
const SHORTEST_BARE = 3;

/** A sender as it is compared: folded, letters, digits and `+` only. */
export function foldSender(sender: string): string {
  return foldKeyword(sender).replace(/[^\p{L}\p{M}\p{N}+]/gu, '');
}

/** Whether a sender names nobody: empty, a number, or a gateway's own name. */
export function isGenericSender(sender: string): boolean {
  const folded = foldSender(sender);
  return folded === '' || /^\+?\d+$/.test(folded) || sendersOf(sender).some((form) => GENERIC.has(form));
}

/**
 * The forms under which a sender may be listed: as it is, without India's route before and class after the name (`VM-AMAZON-T`), without the number
 * of a variant (`Telegram2`) and without what only says "code" (`UberOTP`, `VerifyTinder`).
 */
export function sendersOf(sender: string): string[] {
  const short = sender.slice(0, 64);
  const folded = foldSender(short);
  const header = indianHeader(short);
  const forms = [folded, ...(header === null ? [] : [foldSender(header)])];
  for (const form of [...forms]) {
    const bare = undressed(form);
    if (bare !== form) forms.push(bare);
  }
  return forms;
}

/** The six letters of an Indian sender (`VM-TLGRAM-S`), which drop letters of the name; null for any other sender. */
export function indianHeader(sender: string): string | null {
  return /^[A-Za-z]{2}-([A-Za-z0-9]{3,9})(?:-[PSTGpstg])?$/.exec(sender)?.[1] ?? null;
}

/** Whether a header is a name with letters left out: the same first letter, all letters in order, at least half of them (`TLGRAM`, `FLPKRT`). */
export function shortens(header: string, name: string): boolean {
  if (header.length < 5 || header.length >= name.length || header.length * 2 < name.length || header.charAt(0) !== name.charAt(0))
    return false;
  let at = 0;
  for (const letter of header) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function undressed(folded: string): string {
  const unnumbered = folded.replace(/(?<=[\p{L}\p{M}])\d{1,3}$/u, '');
  const base = unnumbered.length >= SHORTEST_BARE ? unnumbered : folded;
  for (const word of DRESSING) {
    if (base.length - word.length < SHORTEST_BARE) continue;
    if (base.endsWith(word)) return base.slice(0, -word.length);
    if (base.startsWith(word)) return base.slice(word.length);
  }
  return base;
}
