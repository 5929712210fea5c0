const OBSTACLES: Record<string, string> = {
  price_above_max: 'The price is above the most you would pay.',
  insufficient_balance: 'Your balance is lower than the price.',
  not_offered: 'It is not offered any more.',
  service_denied: 'This service is not offered here any more.',
  limit_reached: 'A limit of your account is reached.',
};

/** Why a place in a waiting list is passed over, as a sentence. */
export function obstacleWords(obstacle: string): string {
  return OBSTACLES[obstacle] ?? 'It could not be bought for you.';
}

const SHORT: Record<string, string> = {
  price_above_max: 'the price is above this',
  insufficient_balance: 'the balance is short',
  not_offered: 'not offered any more',
  service_denied: 'the service is denied',
  limit_reached: 'a limit is reached',
};

/** The same for the operator, in the middle of a line. */
export function obstacleInShort(obstacle: string): string {
  return SHORT[obstacle] ?? obstacle;
}

/** 1 → `1st`, 12 → `12th`, 23 → `23rd`. */
export function ordinal(count: number): string {
  const [tens, ones] = [count % 100, count % 10];
  const ending = tens >= 11 && tens <= 13 ? 'th' : ones === 1 ? 'st' : ones === 2 ? 'nd' : ones === 3 ? 'rd' : 'th';
  return `${count}${ending}`;
}
