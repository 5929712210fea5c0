/** What a customer waits for: to be told that there is stock, or to buy the first number that comes free. */
export const WAITING_MODES = ['notify', 'buy'] as const;
export type WaitingMode = (typeof WAITING_MODES)[number];

/** `available`: told that there is stock. Only `waiting` is a place in a line; the others are final, but `left` may be taken back for a while. */
export const WAITING_STATUSES = ['waiting', 'served', 'available', 'expired', 'left'] as const;
export type WaitingStatus = (typeof WAITING_STATUSES)[number];

/** Why a place is passed over though there is stock, or can never be served as things stand. Others are types of refusals. */
export type Obstacle = 'price_above_max' | 'insufficient_balance' | 'limit_reached' | 'not_offered' | 'service_denied';

/** How long somebody who left may take that back, with the place as it was. */
export const REJOIN_MS = 10 * 60_000;

/** A line: the offer that its customers wait for. */
export type Line = {
  country: string;
  service: string;
  /** '' is any. */
  carrier: string;
};
