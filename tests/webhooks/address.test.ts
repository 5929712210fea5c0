import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { isPublic, networksOf, parseEndpoint, refusedAddress } from '../../src/webhooks/address.ts';
import { addressesOf, checkEndpoint } from '../../src/webhooks/resolve.ts';

const why = (text: string, allow: string[] = []): string => {
  const checked = parseEndpoint(text, networksOf(allow));
  return checked.ok ? `ok ${checked.url.href}` : checked.why;
};

test.each([
  ['https://example.org/hooks?key=1', 'https://example.org/hooks?key=1'],
  ['HTTPS://Example.ORG', 'https://example.org/'],
  ['http://example.org:8080/', 'http://example.org:8080/'],
  ['https://example.org:443/x', 'https://example.org/x'],
  ['https://xn--bcher-kva.example/', 'https://xn--bcher-kva.example/'],
  ['https://8.8.8.8/', 'https://8.8.8.8/'],
  ['https://[2606:4700::1111]/', 'https://[2606:4700::1111]/'],
])('%s is an address', (text, href) => expect(why(text)).toBe(`ok ${href}`));

describe('hostile addresses are refused', () => {
  const notPublic = 'not on the public internet';
  test.each([
    ['http://127.0.0.1/', notPublic],
    ['http://0.0.0.0/', notPublic],
    ['http://10.0.0.1/', notPublic],
    ['http://172.16.0.1/', notPublic],
    ['http://192.168.1.1/', notPublic],
    ['http://100.64.0.1/', notPublic],
    ['http://169.254.169.254/latest/meta-data/', notPublic],
    ['http://100.100.100.200/', notPublic],
    ['http://168.63.129.16/', notPublic],
    ['http://192.0.0.192/', notPublic],
    ['http://192.0.2.1/', notPublic],
    ['http://198.18.0.1/', notPublic],
    ['http://224.0.0.1/', notPublic],
    ['http://240.0.0.1/', notPublic],
    ['http://255.255.255.255/', notPublic],
    ['http://[::1]/', notPublic],
    ['http://[::]/', notPublic],
    ['http://[fe80::1]/', notPublic],
    ['http://[fc00::1]/', notPublic],
    ['http://[fd00:ec2::254]/', notPublic],
    ['http://[fec0::1]/', notPublic],
    ['http://[ff02::1]/', notPublic],
    ['http://[::ffff:127.0.0.1]/', notPublic],
    ['http://[::ffff:8.8.8.8]/', notPublic],
    ['http://[::ffff:0:127.0.0.1]/', notPublic],
    ['http://[::127.0.0.1]/', notPublic],
    ['http://[64:ff9b::7f00:1]/', notPublic],
    ['http://[64:ff9b::808:808]/', notPublic],
    ['http://[64:ff9b:1::a00:1]/', notPublic],
    ['http://[2002:7f00:1::]/', notPublic],
    ['http://[2002:808:808::1]/', notPublic],
    ['http://[2001::1]/', notPublic],
    ['http://[2001:db8::1]/', notPublic],
    ['http://[3fff::1]/', notPublic],
    ['http://[5f00::1]/', notPublic],
    ['http://[4000::1]/', notPublic],
    ['http://2130706433/', 'unusual way'],
    ['http://134744072/', 'unusual way'],
    ['http://0x7f000001/', 'unusual way'],
    ['http://0x7f.0x0.0x0.0x1/', 'unusual way'],
    ['http://0177.0.0.1/', 'unusual way'],
    ['http://0x08.8.8.8/', 'unusual way'],
    ['http://010.8.8.8/', 'unusual way'],
    ['http://127.1/', 'unusual way'],
    ['http://8.8.2056/', 'unusual way'],
    ['http://１２７.0.0.1/', 'in ASCII'],
    ['http://127。0。0。1/', 'in ASCII'],
    ['http://example.org\u0000.internal/', 'in ASCII'],
    ['http://exa\tmple.org/', 'without spaces'],
    ['http://example.org/ x', 'without spaces'],
    ['http://example.org\\@127.0.0.1/', 'without spaces'],
    ['http:\\\\127.0.0.1/', 'must be like'],
    ['http:/127.0.0.1/', 'must be like'],
    ['http:127.0.0.1', 'must be like'],
    ['//127.0.0.1/', 'must be like'],
    ['ftp://example.org/', 'must be like'],
    ['file:///etc/passwd', 'must be like'],
    ['javascript:alert(1)', 'must be like'],
    ['gopher://example.org/', 'must be like'],
    ['example.org/hook', 'must be like'],
    ['', 'is missing'],
    ['http://user:pass@example.org/', 'user name or password'],
    ['http://user@example.org/', 'user name or password'],
    ['http://@example.org/', 'user name or password'],
    ['http://8.8.8.8@127.0.0.1/', 'user name or password'],
    ['http://example.org#@127.0.0.1/', '#fragment'],
    ['http://example.org/%0d%0a#', '#fragment'],
    ['http://example.org:22/', 'port'],
    ['http://example.org:25/', 'port'],
    ['http://example.org:6379/', 'port'],
    ['http://8.8.8.8:53/', 'port'],
    ['http://example.org:99999/', 'cannot be read'],
    ['http://[fe80::1%25eth0]/', 'cannot be read'],
    ['http://[::1', 'cannot be read'],
    ['http:///x', 'cannot be read'],
    ['http://1.2.3.256/', 'cannot be read'],
    ['http://%31%32%37.0.0.1/', 'unusual way'],
    ['http://%65xample.org/', 'cannot be read'],
    [`https://example.org/${'x'.repeat(2000)}`, '2000 characters'],
  ])('%s', (text, says) => expect(why(text)).toContain(says));
});

test('whatever a URL is made of, a literal that passes is a public one', () => {
  const part = fc.oneof(
    fc.nat(255),
    fc.nat(0xffffffff),
    fc.integer({ min: 0, max: 255 }).map((n) => `0x${n.toString(16)}`),
    fc.constantFrom('0', '', '::', 'ffff:', '[', ']', '@'),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.constantFrom('.', ':', ''), (parts, between) => {
      const checked = parseEndpoint(`http://${parts.join(between)}/`, []);
      if (!checked.ok) return;
      const host = checked.url.hostname.replace(/^\[|\]$/g, '');
      if (/^[\d.]+$/.test(host) || host.includes(':')) expect(isPublic(host)).toBe(true);
    }),
  );
});

describe('where a name leads', () => {
  const url = new URL('https://hooks.example.test/');
  test.each([
    [['93.184.216.34'], null],
    [['93.184.216.34', '2606:4700::1111'], null],
    [['93.184.216.34', '127.0.0.1'], 'not on the public internet'],
    [['10.0.0.7'], 'not on the public internet'],
    [['::ffff:93.184.216.34'], 'not on the public internet'],
    [['not an address'], 'not on the public internet'],
    [[], 'without an address'],
  ])('%j', (addresses, says) => {
    const refused = refusedAddress(url, addresses, []);
    if (says === null) expect(refused).toBeNull();
    else expect(refused).toContain(says);
  });

  test('a network of the operator may be sent to, on any port, and nothing beside it', () => {
    const allow = networksOf(['10.0.0.0/8', 'fd00::/8', '192.168.1.20']);
    const odd = new URL('http://receiver:9999/');
    expect(refusedAddress(odd, ['10.1.2.3', 'fd12::1', '192.168.1.20'], allow)).toBeNull();
    expect(refusedAddress(odd, ['192.168.1.21'], allow)).toContain('not on the public internet');
    expect(refusedAddress(odd, ['93.184.216.34'], allow)).toContain('port');
    expect(refusedAddress(odd, ['::ffff:10.1.2.3'], allow)).toContain('not on the public internet');
    expect(why('http://10.1.2.3:9999/', ['10.0.0.0/8'])).toBe('ok http://10.1.2.3:9999/');
    expect(why('http://receiver:9999/', ['10.0.0.0/8'])).toBe('ok http://receiver:9999/');
    expect(why('http://11.1.2.3/', ['10.0.0.0/8'])).toBe('ok http://11.1.2.3/');
  });

  const rejecting = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

  test('a name that leads inside is refused when it is typed, one that cannot be looked up now is not', async () => {
    const check = (resolve: () => Promise<string[]>) => checkEndpoint('https://hooks.example.test/', { resolve, allow: [], timeoutMs: 50 });
    expect(await check(() => Promise.resolve(['127.0.0.1']))).toMatchObject({ ok: false });
    expect(await check(rejecting('ENOTFOUND'))).toMatchObject({ ok: false, why: expect.stringContaining('without an address') });
    expect(await check(rejecting('EAI_AGAIN'))).toMatchObject({ ok: true });
    expect(await check(() => new Promise(() => {}))).toMatchObject({ ok: true });
    expect(await check(() => Promise.resolve(['93.184.216.34']))).toMatchObject({ ok: true });
  });

  test('a literal address asks no resolver', async () => {
    const found = await addressesOf(new URL('http://[2606:4700::1111]/'), rejecting('asked'), [], AbortSignal.timeout(1000));
    expect(found).toEqual({ ok: true, addresses: ['2606:4700::1111'] });
  });
});
