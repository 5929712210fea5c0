import { listOf, oneOf } from './kinds.ts';

export interface AccessConfig {
  signup: 'open' | 'invite' | 'approval';
  allow: DeniedCategory[];
}

/** Who may make an account, as it is when it is asked: the operator changes it while running. */
export type SignUp = () => AccessConfig['signup'];

/** What is refused as a service and as a message unless the operator allows it. */
const DENIED_CATEGORIES = ['bank', 'payment', 'government', 'health', 'insurance'] as const;
type DeniedCategory = (typeof DENIED_CATEGORIES)[number];

/** Keys of `[access]`. */
export const ACCESS_KEYS = {
  signup: oneOf(['open', 'invite', 'approval'], 'open'),
  allow: listOf(`a list of ${DENIED_CATEGORIES.map((category) => `"${category}"`).join(', ')}`, (value): value is DeniedCategory =>
    DENIED_CATEGORIES.some((category) => category === value),
  ),
};
