import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { cleanRanges, isAllowedFrom, withinMaker } from '../../src/accounts/key-limits.ts';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  [' 10.1.2.3/8 ', '10.0.0.0/8'],
  ['203.0.113.7/32', '203.0.113.7'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:DB8::1/32', '2001:db8::/32'],
  ['::1', '::1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['::ffff:10.1.2.3/104', '10.0.0.0/8'],
])('%j is kept as %j', (typed, kept) => {
  expect(cleanRanges([typed])).toEqual([kept]);
});

test.each([
  '',
  'localhost',
  '10.1',
  '0x7f.0.0.1',
  '1.2.3.4/33',
  '1.2.3.256',
  '2001:db8::/129',
  '1.2.3.4-1.2.3.9',
  '1.2.3.4/',
  '::ffff:1.2.3.4/8',
  'a'.repeat(500),
])('%j is refused', (typed) => {
  expect(() => cleanRanges([typed])).toThrow('no address or range');
});

test.each([
  [[], 'unknown', true],
  [['10.0.0.0/8'], '10.200.1.1', true],
  [['10.0.0.0/8'], '::ffff:10.200.1.1', true],
  [['10.0.0.0/8'], '11.0.0.1', false],
  [['10.0.0.0/8'], 'unknown', false],
  [['2001:db8::/32'], '2001:db8:1::5', true],
  [['2001:db8::/32'], '2001:db9::5', false],
  [['0.0.0.0/0'], '::1', false],
  [['::/0'], '10.0.0.1', false],
  [['10.0.0.1', '192.0.2.0/24'], '192.0.2.255', true],
] as const)('%j lets %j in: %p', (ranges, address, isAllowed) => {
  expect(isAllowedFrom(ranges, address)).toBe(isAllowed);
});

test('a range holds exactly the addresses that share its first bits', () => {
  const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
  fc.assert(
    fc.property(address, address, fc.integer({ min: 0, max: 32 }), (base, other, bits) => {
      const [range = ''] = cleanRanges([`${base.join('.')}/${bits}`]);
      const number = (octets: readonly number[]) => octets.reduce((sum, octet) => sum * 256 + octet, 0);
      const isSame = Math.floor(number(base) / 2 ** (32 - bits)) === Math.floor(number(other) / 2 ** (32 - bits));
      expect(isAllowedFrom([range], other.join('.'))).toBe(isSame);
      expect(isAllowedFrom([range], base.join('.'))).toBe(true);
    }),
  );
});

test('a key makes no key that is wider than itself, and what it leaves open is inherited', () => {
  const maker = { expiresAtMs: 1000, allowedAddresses: ['10.0.0.0/8'] };
  expect(withinMaker({ expiresAtMs: null, allowedAddresses: [] }, maker, 0)).toEqual(maker);
  expect(withinMaker({ expiresAtMs: 900, allowedAddresses: ['10.1.0.0/16'] }, maker, 0)).toEqual({
    expiresAtMs: 900,
    allowedAddresses: ['10.1.0.0/16'],
  });
  expect(() => withinMaker({ expiresAtMs: 1001, allowedAddresses: [] }, maker, 0)).toThrow('holds longer than itself');
  for (const range of ['0.0.0.0/0', '11.0.0.1', '10.0.0.0/7', '::/0'])
    expect(() => withinMaker({ expiresAtMs: null, allowedAddresses: [range] }, maker, 0)).toThrow('may not be used itself');
  expect(() => withinMaker({ expiresAtMs: 5, allowedAddresses: [] }, null, 5)).toThrow('in the future');
  expect(() => cleanRanges(Array.from({ length: 51 }, (_, n) => `10.0.0.${n}`))).toThrow('at most 50');
});
