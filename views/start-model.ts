import type { OfferView } from './model.ts';

/** One sign-in the first start made; its password was printed in the terminal, once, and stands on no page. */
export interface FirstSignIn {
  role: 'operator' | 'customer';
  email: string;
}

export interface StartView {
  /** `shown` of those `found` by what was searched for, of `all`. */
  offers: {
    shown: OfferView[];
    found: number;
    all: number;
    countries: { country: string; name: string }[];
    query: string;
    country: string;
  };
  windowMinutes: number;
  signup: 'open' | 'invite' | 'approval';
  firstSignIns: FirstSignIn[];
  /** Measured times from the network to the customer, of the last `days`; the figures of the status page. */
  delivery: { days: number; all: { sample: number; medianMs: number | null; p95Ms: number | null } };
}
