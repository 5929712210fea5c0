import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { knownService as knownIn } from '../../src/codes/book.ts';
import { codeShapeOf, hasShapeOf as hasShapeIn } from '../../src/codes/code-shape.ts';
import { BUILT_IN, type JudgeInput, judge, serviceName, serviceSlug } from '../../src/codes/judge.ts';
import first from '../../src/codes/rules/services-examples-a-l.json' with { type: 'json' };
import last from '../../src/codes/rules/services-examples-m-z.json' with { type: 'json' };
import { indianHeader, sendersOf, shortens } from '../../src/codes/service-senders.ts';
import { isGenericSender } from '../../src/codes/services.ts';
import { templateOf } from '../../src/codes/templates.ts';

const { services: SERVICES, orderable } = BUILT_IN;
const knownService = (slug: string) => knownIn(slug, BUILT_IN);
const hasShapeOf = (slug: string, code: string) => hasShapeIn(slug, code, BUILT_IN);

/** As on a SIM with orders of several services, where a message must say whose it is. */
const ask = (service: string, text: string, more: Partial<JudgeInput> = {}) =>
  judge({ text, sender: '', service, onlyOrder: false, ...more });

interface Example {
  text: string;
  code?: string;
  sender?: string;
}
const EXAMPLES: readonly { slug: string; accept: readonly Example[]; refuse: readonly Example[] }[] = [...first.services, ...last.services];
const listed = (how: 'accept' | 'refuse') =>
  EXAMPLES.flatMap((each) => each[how].map((example): [string, Example] => [each.slug, example]));

describe('the examples of the rules', () => {
  test.each(listed('accept'))('%s takes %j', (slug, { text, code, sender }) => {
    expect(ask(slug, text, { sender: sender ?? '' })).toMatchObject({ verdict: 'accept', code });
  });
  test.each(listed('refuse'))('%s leaves %j', (slug, { text, sender }) => {
    expect(ask(slug, text, { sender: sender ?? '' }).verdict).not.toBe('accept');
  });
  test('have both kinds for each service, and only known services', () => {
    expect(EXAMPLES.length).toBeGreaterThan(100);
    for (const { slug, accept, refuse } of EXAMPLES) {
      expect([slug, knownService(slug) !== null, accept.length > 0, refuse.length > 0]).toEqual([slug, true, true, true]);
    }
  });
});

describe('the rules of services', () => {
  test('know hundreds, each once and with a category', () => {
    expect(orderable.length).toBeGreaterThan(450);
    expect(new Set(SERVICES.map(({ slug }) => slug)).size).toBe(SERVICES.length);
    expect(SERVICES.filter(({ slug }) => serviceSlug(slug) !== slug)).toEqual([]);
    expect(SERVICES.filter(({ names }) => names.length === 0)).toEqual([]);
  });
  test('name only known sisters', () => {
    for (const { accepts } of SERVICES) for (const slug of accepts) expect([slug, knownService(slug)?.slug]).toEqual([slug, slug]);
  });
  test('have each domain once, as a bare host', () => {
    const domains = SERVICES.flatMap((service) => service.domains);
    expect(domains.filter((domain, at) => domains.indexOf(domain) !== at)).toEqual([]);
    expect(domains.filter((domain) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain))).toEqual([]);
  });
  test('a damaged template is told with what is wrong', () => {
    expect(() => templateOf('your code is')).toThrow('{code} once');
  });
  test('other names lead to the service', () => {
    const slugs = ['twitter', 'chatgpt', 'vkontakte', 'cashapp', 'mercadolivre', 'nobody-knows'].map(
      (slug) => knownService(slug)?.slug ?? null,
    );
    expect(slugs).toEqual(['x', 'openai', 'vk', 'cash-app', 'mercado-libre', null]);
    expect(ask('twitter', '482913 is your X login code')).toMatchObject({ verdict: 'accept', service: 'twitter' });
  });
  test('know the shape of codes', () => {
    expect(codeShapeOf('nobody-knows', BUILT_IN)).toBeNull();
    expect([hasShapeOf('telegram', '48213'), hasShapeOf('telegram', '4821'), hasShapeOf('steam', '4XK29')]).toEqual([true, false, true]);
    expect([hasShapeOf('whatsapp', '482-913'), hasShapeOf('whatsapp', '48A913'), hasShapeOf('nobody-knows', 'x')]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('whom a message is for', () => {
  const cases: [what: string, text: string, service: string, sender?: string][] = [
    ['the one beside the word for code', 'Your Uber code via WhatsApp: 4829', 'uber'],
    ['the one signed for', '[Airbnb] 482913 is your code. Download it on Google Play', 'airbnb'],
    ['the one named, before the gateway', 'Discord verification code 482913, sent by Twilio', 'discord'],
    ['the one named, before the sender', '482913 is your Instagram code', 'instagram', 'Facebook'],
    ['the sender, before one merely named', 'Your code is 4829. You can sign in with Facebook too', 'uber', 'Uber'],
    ['the longer name', 'Your Google Voice code is 482913', 'google-voice'],
    ['the product in a message of the house', '【腾讯科技】您的微信验证码是482913', 'wechat'],
    ['the host of the code', 'Facebook users: your code is 482913\n@discord.com #482913', 'discord'],
  ];
  test.each(cases)('%s', (_what, text, service, sender = '') => {
    expect(ask(service, text, { sender })).toMatchObject({ verdict: 'accept', service });
    for (const other of ['whatsapp', 'facebook', 'google', 'twilio', 'tencent', 'uber', 'telegram']) {
      if (other !== service) expect([other, ask(other, text, { sender, onlyOrder: true }).verdict]).not.toEqual([other, 'accept']);
    }
  });

  test.each(orderable.map(({ slug, name }): [string, string] => [slug, name]))(
    '%s is never taken for telegram, and nobody for it',
    (slug, name) => {
      if (slug !== 'telegram') expect(ask('telegram', `Your ${name} code is 482913`, { onlyOrder: true }).verdict).toBe('reject');
      expect(ask(slug, 'Your code is 482913').verdict).toBe('review');
    },
  );

  const wordings = [
    'Your {} verification code is 482913',
    '{}: 482913 is your code',
    'Use 482913 to sign in to {}',
    'Ваш код {}: 482913',
    'Ihr {}-Code lautet 482913',
    '[{}] 인증번호 482913',
    '【{}】验证码482913',
  ];
  test.each(wordings)('each service in %j, and the next but six not', (wording) => {
    for (const [at, { slug, name }] of orderable.entries()) {
      const text = wording.replace('{}', name);
      expect([text, ask(slug, text).code]).toEqual([text, '482913']);
      const other = orderable[(at + 7) % orderable.length]?.slug ?? '';
      if (knownService(other)?.accepts.includes(slug)) continue;
      expect([text, other, ask(other, text, { onlyOrder: true }).verdict]).not.toEqual([text, other, 'accept']);
    }
  });

  const brandless = [
    'Your code is 482913',
    'Ihr Bestätigungscode lautet 482913. Geben Sie ihn niemandem weiter.',
    'Ваш код подтверждения: 482913. Никому его не сообщайте',
    '您的验证码是482913，请勿泄露',
    '인증번호 482913',
    'JANGAN BERIKAN kode ini. Kode verifikasi Anda adalah 482913',
    'DO NOT share this code with anyone. Your verification code is 482913',
  ];
  test.each(brandless)('%j names nobody', (text) => {
    expect(ask('telegram', text, { onlyOrder: true })).toMatchObject({ verdict: 'accept', rule: 'brandless' });
  });
  const named = [
    'Your Acmezon code is 482913',
    'Acmezon: 482913 is your code',
    '482913 er din Acmezon-autentiseringskode',
    'Код для входа в Акмезон: 482913',
    'کد تایید Acmezon: 482913',
    '아크메존 인증번호 482913',
    '您的阿克米网验证码是482913',
    'アクメゾンの認証コード:482913',
    'Your code is 482913. Sign in at https://acmezon.example.com/x',
  ];
  test.each(named)('%j names somebody unknown', (text) => {
    expect(ask('telegram', text, { onlyOrder: true })).toMatchObject({ verdict: 'review', rule: 'unknown_brand' });
  });
});

describe('a service without rules', () => {
  const cases: [slug: string, text: string][] = [
    ['my-shop-24', 'My Shop 24: your code is 482913'],
    ['my-shop-24', 'MyShop24 code 482913'],
    ['my-shop-24', 'my.shop-24 code 482913'],
    ['cafe-zurich', 'Ihr Café Zürich Code lautet 482913'],
    ['acmezon-com', 'Your Acmezon code is 482913'],
    ['acmezon-com', 'Your acmezon.com code is 482913'],
    ['acmezon-com', 'Your code is 482913\n@login.acmezon.com #482913'],
    ['grandma-s-shop', "Grandma's Shop: code 482913"],
    ['xbg', 'xBG OTP: 482913'],
  ];
  test.each(cases)('%s is named by %j', (slug, text) => {
    expect(ask(slug, text)).toMatchObject({ verdict: 'accept', code: '482913', service: slug });
  });
  const others: [slug: string, text: string][] = [
    ['my-shop', 'Enemy shop: your code is 482913'],
    ['acme', 'Your AcmeCo code is 482913'],
    ['code', 'Your code is 482913'],
    ['your', 'Your code is 482913'],
    ['go', 'Your code is 482913. Ready to go?'],
  ];
  test.each(others)('%s is not named by %j', (slug, text) => {
    expect(ask(slug, text).verdict).not.toBe('accept');
  });
  test('is called by its slug', () => {
    expect(['my-shop-24', 'twitter', 'paypal'].map((slug) => serviceName(slug))).toEqual(['My Shop 24', 'X', 'PayPal']);
  });
});

describe('senders', () => {
  const cases: [sender: string, service: string][] = [
    ['Telegram', 'telegram'],
    ['TELEGRAM2', 'telegram'],
    ['VM-TLGRAM', 'telegram'],
    ['AX-TLGRAM-S', 'telegram'],
    ['VM-FLPKRT-S', 'flipkart'],
    ['JD-MMTRIP-T', 'makemytrip'],
    ['UberOTP', 'uber'],
    ['VerifyTinder', 'tinder'],
    ['AD-BLBCAR-S', 'blablacar'],
    ['my shop 24', 'my-shop-24'],
  ];
  test.each(cases)('%s is %s', (sender, service) => {
    expect(ask(service, 'Your code is 482913', { sender })).toMatchObject({ verdict: 'accept', rule: 'sender' });
    expect(ask('reddit', 'Your code is 482913', { sender, onlyOrder: true }).verdict).not.toBe('accept');
  });
  test('of nobody', () => {
    expect(['', '+447700900123', '12345', 'Verify', 'INFOSMS', 'CloudOTP'].map(isGenericSender)).toEqual(Array(6).fill(true));
    expect(['Acme', 'VM-ACMEZO-S', 'Telegram'].map(isGenericSender)).toEqual([false, false, false]);
  });
  test('of India leave letters out', () => {
    expect([indianHeader('VM-TLGRAM-S'), indianHeader('Telegram'), indianHeader('X-Y')]).toEqual(['TLGRAM', null, null]);
    expect([
      shortens('tlgram', 'telegram'),
      shortens('tlgrmx', 'telegram'),
      shortens('tm', 'telegram'),
      shortens('elgram', 'telegram'),
    ]).toEqual([true, false, false, false]);
  });
  test('are read in finite forms whatever they are', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (sender) => sendersOf(sender).length <= 4));
  });
});

describe('speed', () => {
  test('of an ordinary message', () => {
    const started = performance.now();
    let times = 0;
    while (performance.now() - started < 500) {
      ask('my-shop', 'Your Uber code is 4829. Never share it with anyone, even via WhatsApp');
      times += 1;
    }
    expect(times).toBeGreaterThan(250);
  });
  test.each(['Google ', 'my-', 'my shop ', '[Uber] ', 'code for ', 'X ', 'via WhatsApp ', 'uber.com ', 'Bank 支付 ', 'اسنپ '])(
    'on repeated %j',
    (piece) => {
      const startedMs = performance.now();
      ask('my-shop', piece.repeat(50_000), { sender: piece.repeat(1000) });
      expect(performance.now() - startedMs).toBeLessThan(1000);
    },
  );
});
