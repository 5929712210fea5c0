/** A place in a waiting list as its customer is shown it. */
export interface PlaceView {
  id: string;
  status: 'waiting' | 'served' | 'available' | 'expired' | 'left';
  mode: 'notify' | 'buy';
  country: string;
  service: string;
  serviceName: string;
  /** '' is any. */
  carrier: string;
  maxPriceMinor: number | null;
  /** Of now; null when it is not offered, and when the place has ended. */
  priceMinor: number | null;
  currency: string;
  /** The how-manieth of how many; null when it has ended. */
  position: number | null;
  length: number | null;
  /** What would make them be passed over now. */
  obstacle: string | null;
  /** When the next number is expected to be free, as things stand; null when that is not known, there is one, or the place has ended. */
  nextFreeAtMs: number | null;
  /** How long a number rests after an order. */
  restMinutes: number;
  joinedAtMs: number;
  expiresAtMs: number;
  endedAtMs: number | null;
  orderId: string | null;
  note: string;
  /** Until when leaving can be taken back; null when it cannot. */
  rejoinUntilMs: number | null;
}

/** The waiting list of an offer in the order form, when it has no stock. */
export interface WaitFormView {
  /** How many wait to buy. */
  buyers: number;
  /** The customer's own place in it. */
  own: PlaceView | null;
  hoursMax: number;
  /** What was typed and refused. */
  typed: { max: string; hours: string } | null;
}

export interface WaitingView {
  nowMs: number;
  places: PlaceView[];
  past: PlaceView[];
}
