import { expect, test } from 'bun:test';
import { clientAddress, networkOf } from '../../src/http/address.ts';
import { RateLimit } from '../../src/http/limits.ts';

const listening = (address: string) => ({ requestIP: () => ({ address }) });
const request = (forwarded?: string) =>
  new Request('http://localhost/', forwarded === undefined ? {} : { headers: { 'x-forwarded-for': forwarded } });

test.each([
  ['no proxy is trusted', '10.0.0.1', '1.2.3.4', [], '10.0.0.1'],
  ['the peer is no proxy of ours', '10.0.0.1', '1.2.3.4', ['127.0.0.1'], '10.0.0.1'],
  ['our proxy says for whom', '127.0.0.1', '1.2.3.4', ['127.0.0.1'], '1.2.3.4'],
  ['what a client made up stands further left', '127.0.0.1', '9.9.9.9, 1.2.3.4', ['127.0.0.1'], '1.2.3.4'],
  ['two proxies of ours', '127.0.0.1', '9.9.9.9, 1.2.3.4, 10.0.0.7', ['127.0.0.1', '10.0.0.7'], '1.2.3.4'],
  ['our proxy says nothing', '127.0.0.1', undefined, ['127.0.0.1'], '127.0.0.1'],
  ['IPv4 over IPv6', '::ffff:127.0.0.1', '::ffff:1.2.3.4', ['127.0.0.1'], '1.2.3.4'],
] as const)('%s', (_, peer, forwarded, trusted, expected) => {
  expect(clientAddress(listening(peer), request(forwarded), [...trusted])).toBe(expected);
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['unknown', 'unknown'],
  ['not:an:address', 'not:an:address'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::9', '2001:db8:1:3::/64'],
  ['::ffff:102:304', '1.2.3.4'],
  ['fe80::1%eth0', 'fe80::/64'],
])('limits count %s as %s', (address, expected) => {
  expect(networkOf(address)).toBe(expected);
});

test('a limit lets a burst through, then as many as time brings, and says how long to wait', () => {
  const limit = new RateLimit({ burst: 3, refillMs: 3000, what: 'tries' });
  for (let n = 0; n < 3; n++) limit.take('a', 0);
  expect(() => limit.take('a', 0)).toThrow('Too many tries. Try again in 1 seconds.');
  limit.take('b', 0);
  limit.take('a', 1000);
  expect(() => limit.take('a', 1000)).toThrow('limit_reached');
  limit.giveBack('a');
  limit.take('a', 1000);
});
