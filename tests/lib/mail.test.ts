import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseMailbox } from '../../src/lib/mailbox.ts';
import { parseMajor } from '../../src/lib/money.ts';
import { parseSmtpUrl } from '../../src/lib/smtp-url.ts';

describe('a mail server’s address', () => {
  test.each([
    [
      'smtp://mail.example.org',
      { host: 'mail.example.org', port: 587, secure: false, requireTls: false, auth: null, checkCertificate: true },
    ],
    ['smtps://mail.example.org', { port: 465, secure: true, requireTls: false }],
    ['smtp://user:p%40ss%3A%2F@mail.example.org:2525', { port: 2525, auth: { user: 'user', pass: 'p@ss:/' }, requireTls: true }],
    ['smtp://user:pass@localhost', { requireTls: false }],
    ['smtp://user:pass@[::1]:25', { host: '::1', port: 25, requireTls: false }],
    ['smtp://user:pass@10.0.0.7?requireTLS=false', { requireTls: false }],
    ['smtp://10.0.0.7/?requireTLS=true&tls.rejectUnauthorized=false', { requireTls: true, checkCertificate: false }],
    ['smtp://relay?name=pin.example.org&tls.servername=mail.example.org', { name: 'pin.example.org', servername: 'mail.example.org' }],
  ])('%s', (url, expected) => expect(parseSmtpUrl(url)).toMatchObject(expected));

  test.each([
    '',
    'mail.example.org',
    'http://x',
    'smtp://host?pool=true',
    'smtp://host?requireTLS=true&requireTLS=false',
    'smtp://host#x',
    'smtp://host:99999',
  ])('%j is none', (url) => expect(parseSmtpUrl(url)).toBeNull());
});

describe('a mailbox', () => {
  test.each([
    ['pin@example.org', { name: '', address: 'pin@example.org' }],
    ['SMSPin <pin@example.org>', { name: 'SMSPin', address: 'pin@example.org' }],
    ['"SMSPin, Berlin" <pin@example.org>', { name: 'SMSPin, Berlin', address: 'pin@example.org' }],
    [' Zürich  <pin@localhost> ', { name: 'Zürich', address: 'pin@localhost' }],
  ])('%s', (text, expected) => expect(parseMailbox(text)).toEqual(expected));

  test.each([
    '',
    'pin',
    '@',
    'a@b',
    'a@x.org, b@x.org',
    'A <a@x.org> b',
    'a@x.org\r\nBcc: b@x.org',
    'A\n<a@x.org>',
    '<a@x.org><b@x.org>',
    'A: <a@x.org>',
    'a(c)@x.org',
  ])('%j is none', (text) => expect(parseMailbox(text)).toBeNull());

  test('whatever is read names one address, on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom('', ' <pin@example.org>', '@example.org'), (head, tail) => {
        const read = parseMailbox(head + tail);
        if (read === null) return;
        expect(read.address).toMatch(/^[^@\s,<>]+@[^@\s,<>]+$/);
        expect(read.name).not.toMatch(/[\p{Cc}<>]/u);
      }),
    );
  });
});

describe('an amount as people type it', () => {
  test.each([
    ['5', 'USD', 500],
    ['5.0', 'USD', 500],
    ['5,05', 'EUR', 505],
    ['0', 'USD', 0],
    ['500', 'JPY', 500],
    ['1.234', 'KWD', 1234],
  ])('%s %s', (text, currency, minor) => expect(parseMajor(text, currency)).toBe(minor));

  test.each([
    ['', 'USD'],
    ['5.005', 'USD'],
    ['5.0', 'JPY'],
    ['-5', 'USD'],
    ['1.000,00', 'USD'],
    ['5 USD', 'USD'],
    ['.5', 'USD'],
  ])('%j %s is none', (text, currency) => expect(parseMajor(text, currency)).toBeNull());
});
