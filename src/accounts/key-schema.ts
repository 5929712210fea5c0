import { type } from 'arktype';
import { documented } from '../http/documented.ts';
import { ALL_SCOPES, NAME_CHARACTERS_MAX } from './keys.ts';

const KeyType = type({
  id: 'string',
  name: 'string',
  prefix: 'string',
  scopes: 'string[]',
  created_at: 'string',
  last_used_at: 'string | null',
  last_used_address: 'string | null',
  expires_at: 'string | null',
  allowed_addresses: 'string[]',
});

const KEY_SHOWN = {
  id: { example: 'key_01kanq7x2fq3v8b1c6d9e4g5h7' },
  name: { example: 'nightly tests' },
  prefix: { description: 'Its first characters, to tell keys apart.', example: 'smspin_x3k9' },
  scopes: {
    type: 'array',
    items: { type: 'string', enum: ALL_SCOPES },
    description: 'What it may do.',
    example: ['orders:read', 'orders:write'],
  },
  created_at: { format: 'date-time', example: '2026-11-22T14:03:22.000Z' },
  last_used_at: { description: 'To the minute; null while it was never used.', example: '2026-11-22T14:10:00.000Z' },
  last_used_address: { description: 'From where.', example: '203.0.113.7' },
  expires_at: { description: 'Null: it holds until it is revoked.', example: null },
  allowed_addresses: {
    description: 'Addresses and CIDR ranges from which it may be used; none: from everywhere.',
    example: ['203.0.113.0/24', '2001:db8::/32'],
  },
};

export const KeyBody = documented(KeyType, KEY_SHOWN, 'ApiKey');
export const KeyListBody = documented(type({ data: KeyType.array() }), { data: { type: 'array', items: KeyBody } });
export const NewKeyBody = documented(
  type({ '...': KeyType, key: 'string' }),
  { ...KEY_SHOWN, key: { description: 'The key itself, shown this once.', example: 'smspin_x3k9mzq4v8b1c6d9e4g5h7j2k4m6n8p0' } },
  'NewApiKey',
);

const Expiry = type('string.date.iso').configure({ message: 'expires_at must be an RFC 3339 time such as 2027-01-31T00:00:00Z' });
const Scopes = type
  .enumerated(...ALL_SCOPES)
  .configure({ message: `scopes must be of ${ALL_SCOPES.join(', ')}` })
  .array()
  .atLeastLength(1);

export const KeyRequestBody = documented(
  type({
    name: `1 <= string <= ${NAME_CHARACTERS_MAX}`,
    scopes: Scopes,
    'expires_at?': Expiry,
    'allowed_addresses?': type('string <= 64').array().atMostLength(50),
    '+': 'reject',
  }),
  {
    name: { description: 'For people.', example: 'nightly tests' },
    scopes: { description: 'None that the key which asks lacks.', example: ['orders:read', 'orders:write'] },
    expires_at: {
      type: 'string',
      format: 'date-time',
      description: 'Default: that of the key which asks.',
      example: '2027-01-31T00:00:00Z',
    },
    allowed_addresses: { description: 'Addresses and CIDR ranges. Default: those of the key which asks.', example: ['203.0.113.0/24'] },
  },
);

export const KeyPath = documented(type({ id: 'string <= 64' }), {
  id: { description: 'The id of a key.', example: 'key_01kanq7x2fq3v8b1c6d9e4g5h7' },
});
