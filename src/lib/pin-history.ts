/** A card has three tries for its PIN (TS 51.011 11.1). */
export const TRIES_OF_A_CARD = 3;

/**
 * `never`: this PIN was never sent to this card · `started`: it was sent, and nobody knows how it ended · `accepted` · `wrong`: the card
 * refused it when its answer was last known.
 */
export type PinHistory = 'never' | 'started' | 'accepted' | 'wrong';

/**
 * What the attempts with one PIN, oldest first, come to; null is an attempt without a known end. A refusal stays until the card took the PIN:
 * an attempt without an end proves nothing.
 */
export function historyOf(outcomes: readonly ('accepted' | 'wrong' | null)[]): PinHistory {
  if (outcomes.length === 0) return 'never';
  const known = outcomes.findLast((outcome) => outcome !== null);
  if (known === 'wrong') return 'wrong';
  return outcomes.at(-1) === 'accepted' ? 'accepted' : 'started';
}
