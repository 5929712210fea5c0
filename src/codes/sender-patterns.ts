import { foldSender } from './service-senders.ts';

/** A sender with `*` for any run of characters: the pieces between, folded. One piece means the whole sender. */
export type SenderPattern = readonly string[];

/** Reads a sender as rules write it: `ACME*`, `*-ACME-S`, or a whole one. */
export function senderPatternOf(written: string): SenderPattern {
  return written.split('*').map(foldSender);
}

/** Whether a folded sender has that form. Each piece is looked for once from where the one before it ended, so it is linear in the sender. */
export function fitsSender(folded: string, pattern: SenderPattern): boolean {
  const [first = '', ...rest] = pattern;
  const last = rest.pop();
  if (last === undefined) return folded === first;
  if (!folded.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = folded.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return folded.length - last.length >= at && folded.endsWith(last);
}
