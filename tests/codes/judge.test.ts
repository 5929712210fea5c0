import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { BUILT_IN, type JudgeInput, judge, serviceName, serviceSlug } from '../../src/codes/judge.ts';

const ask = (text: string, more: Partial<JudgeInput> = {}) => judge({ text, sender: '', service: 'any', onlyOrder: true, ...more });

describe('codes are found', () => {
  const cases: [text: string, code: string][] = [
    ['Your Telegram code: 48213', '48213'],
    ['G-519273 is your Google verification code.', '519273'],
    ['Your code is 519-273. Do not share it with anyone.', '519273'],
    ['Your code: 519 273', '519273'],
    ['Use code 0042 to sign in', '0042'],
    ['88-31-07 is your login code', '883107'],
    ['Your one-time passcode is 7 1 9 3 0 2', '719302'],
    ['Enter A7K-94Q as your confirmation code', 'A7K-94Q'],
    ['FB-90311 is your confirmation code', 'FB-90311'],
    ['Your login code is 4f9K2m', '4f9K2m'],
    ['OTP123456 is valid for 5 minutes', '123456'],
    ['593021', '593021'],
    ['Your account ending in 4431: one-time password 820194, valid 10 minutes', '820194'],
    ['Sent 22/11/2026 20:16. Security code 660412. Questions? Call 0800 123 4567', '660412'],
    ['Please verify.\nVerification code:\n\n305518\n\nIt expires in 10 min', '305518'],
    ['Your code for order 7781234 is 90125', '90125'],
    ['Ihr Bestätigungscode lautet 730155. Geben Sie ihn niemandem weiter.', '730155'],
    ['Votre code de sécurité : 402911. Ne le communiquez à personne.', '402911'],
    ['Tu clave dinámica es 118844', '118844'],
    ['Il codice di verifica è 650021', '650021'],
    ['Seu código de acesso: 7734. Não compartilhe.', '7734'],
    ['Je verificatiecode is 991200', '991200'],
    ['Din engångskod är 40 11 92', '401192'],
    ['Vahvistuskoodi: 552010', '552010'],
    ['Twój kod weryfikacyjny: 371904', '371904'],
    ['Váš ověřovací kód je 228190', '228190'],
    ['Doğrulama kodunuz: 640711. Kimseyle paylaşmayın.', '640711'],
    ['Ваш код: 55190. Никому не говорите его.', '55190'],
    ['640117 - код підтвердження', '640117'],
    ['Код за потвърждение: 883102', '883102'],
    ['Ο κωδικός σας είναι 440918', '440918'],
    ['Kode verifikasi Anda adalah 730918. JANGAN BERIKAN kepada siapa pun', '730918'],
    ['Mã xác nhận của bạn là 882710', '882710'],
    ['รหัสยืนยันของคุณคือ 771029', '771029'],
    ['您的验证码是730261，5分钟内有效，请勿泄露', '730261'],
    ['【某商城】验证码４８２９１３，请勿转发', '482913'],
    ['您的驗證碼為 551029', '551029'],
    ['認証コード：902817（10分以内）', '902817'],
    ['인증번호 [661029]를 입력해 주세요', '661029'],
    ['رمز التحقق الخاص بك هو ٧٣٠٢٦١', '730261'],
    ['کد ورود شما: ۴۸۲۹۱۳', '482913'],
    ['קוד האימות שלך הוא 730261', '730261'],
    ['आपका ओटीपी ४८२९१३ है', '482913'],
    ['আপনার যাচাইকরণ কোড ৪৮২৯১৩', '482913'],
    ['Msimbo wako wa uthibitishaji ni 559021', '559021'],
    ['Sign in with 730 261 at example.org. Your login code expires in 5 minutes', '730261'],
    ['Your code is \u200E482913\u200F', '482913'],
    ['123456 is your code.\n\n@login.example.org #123456', '123456'],
  ];
  test.each(cases)('%j', (text, code) => {
    expect(ask(text)).toMatchObject({ verdict: 'accept', code, rule: 'any' });
  });
});

describe('messages without a one-time code are not accepted', () => {
  const cases: [text: string][] = [
    ['Your password was changed on 22/11/2026. Not you? Call 0800 123 4567'],
    ['Never share your OTP with anyone. Our staff will never ask for it.'],
    ['A new sign-in to your account from Berlin. If this was not you, reset your password: https://example.org/r/73K2LQ91'],
    ['Use promo code SAVE2026 for 20% off your next order'],
    ['Your voucher code: 48291307. Valid until 31/12/2026'],
    ['Your parcel 48291307 is out for delivery today'],
    ['Your pickup code is 4821 at locker 12'],
    ['You have won! Claim code 48213. Call 09061234567 now'],
    ['Balance: 4821.50 EUR on 22.11.2026'],
    ['Card *4821: purchase 129.00 USD at SHOP, available balance 4,821.50 USD'],
    ['Your order 482913 has been shipped'],
    ['Flight LH4821 boards at 20:16, gate B12'],
    ['Meet me at 4821 Main Street at 8'],
    ['Top up 5000 THB and get 482 points'],
    ['Dial *123*4821# to check your bundle'],
    ['Call me on +44 7700 900123'],
    ['Ihr Gutscheincode: 48213099'],
    ['İndirim kodunuz: 482913. SMS istemiyorsanız IPTAL yazın'],
    ['Ваш промокод 482913 на скидку 10%'],
    ['【某快递】您的包裹已到，取件码 4821'],
    ['Kode promo: 482913 diskon 50%'],
    ['クーポンコード: 482913'],
    ['Reply STOP to 482913 to unsubscribe'],
    ['Ref: 482913. Payment received, thank you'],
    [''],
    ['\u0000\u200B'],
    ['hello'],
  ];
  test.each(cases)('%j', (text) => {
    const { verdict, code } = ask(text);
    expect(verdict).not.toBe('accept');
    expect(code).toBeNull();
  });

  test('a keyword without a candidate is told as such', () => {
    expect(ask('Never share your OTP with anyone')).toMatchObject({ verdict: 'reject', rule: 'no_code' });
    expect(ask('See you at eight')).toMatchObject({ verdict: 'reject', rule: 'not_otp' });
  });
});

describe('the ordered service', () => {
  const cases: [what: string, input: Partial<JudgeInput> & { text: string }, expected: object][] = [
    ['signs the text', { service: 'telegram', text: 'Telegram code 48213' }, { verdict: 'accept', code: '48213', rule: 'signature' }],
    ['is the sender', { service: 'telegram', sender: 'Telegram', text: 'Login code: 48213' }, { verdict: 'accept', rule: 'sender' }],
    [
      'is the sender, in the Indian form',
      { service: 'amazon', sender: 'VM-AMAZON-T', text: 'Your OTP is 482913' },
      { verdict: 'accept', rule: 'sender' },
    ],
    ['is named in another script', { service: 'wechat', text: '【微信】验证码482913' }, { verdict: 'accept', code: '482913' }],
    [
      'owns the bound host',
      { service: 'google', text: 'Your code is 482913\n@accounts.google.com #482913' },
      { verdict: 'accept', rule: 'origin' },
    ],
    [
      'owns the prefix',
      { service: 'google', text: 'G-482913' },
      { verdict: 'accept', code: '482913', printed: 'G-482913', rule: 'prefix' },
    ],
    [
      'is mentioned far away',
      { service: 'discord', text: 'Your code is 482913. It was asked for by a person who wants to sign in to Discord' },
      { verdict: 'accept', rule: 'mention' },
    ],
    [
      'is unknown to the rules',
      { service: 'grandma-shop', text: 'Grandma Shop: your code is 482913' },
      { verdict: 'accept', service: 'grandma-shop', rule: 'signature' },
    ],
    [
      'is unknown and has an ending',
      { service: 'nordbank', text: 'Nordbanki kinnituskood on 482913' },
      { verdict: 'accept', rule: 'signature' },
    ],
    [
      'is another one',
      { service: 'telegram', text: 'Your WhatsApp code: 482-913' },
      { verdict: 'reject', code: null, service: 'whatsapp', rule: 'other_service' },
    ],
    [
      'is another one by its sender',
      { service: 'telegram', sender: 'WhatsApp', text: 'Your code: 482-913' },
      { verdict: 'reject', rule: 'other_service' },
    ],
    [
      'is a sister brand',
      { service: 'google', text: '482913 is your Google Voice verification code' },
      { verdict: 'reject', service: 'google-voice', rule: 'other_service' },
    ],
    [
      'is only the shop of a bank',
      { service: 'amazon', text: 'OTP 482913 for your purchase of 20.00 EUR at Amazon' },
      { verdict: 'review', code: null, rule: 'merchant' },
    ],
    [
      'is not named',
      { service: 'telegram', sender: '+447700900123', text: 'Your code is 482913' },
      { verdict: 'accept', rule: 'brandless' },
    ],
    [
      'is not named and not the only order',
      { service: 'telegram', text: 'Your code is 482913', onlyOrder: false },
      { verdict: 'review', code: null, rule: 'no_service' },
    ],
    [
      'is not named by a sender with a name',
      { service: 'telegram', sender: 'ACMEBANK', text: 'Your code is 482913' },
      { verdict: 'review', rule: 'unknown_brand' },
    ],
    [
      'is not the brand in brackets',
      { service: 'telegram', text: '[Acme] Your code is 482913' },
      { verdict: 'review', rule: 'unknown_brand' },
    ],
    [
      'sends no code',
      { service: 'telegram', sender: 'Telegram', text: 'New login to your Telegram account. Password changed?' },
      { verdict: 'reject', rule: 'no_code' },
    ],
    [
      'sends a code without a word for it',
      { service: 'smart-home', text: '[SmartHome] Enter 482913 in the app' },
      { verdict: 'accept', code: '482913' },
    ],
  ];
  test.each(cases)('%s', (_what, input, expected) => {
    expect(ask(input.text, input)).toMatchObject(expected);
  });

  test('a sender registered for promotions sends no codes', () => {
    expect(ask('Your Amazon code is 482913', { sender: 'VM-AMAZON-P' })).toMatchObject({
      verdict: 'reject',
      code: null,
      rule: 'promotional',
    });
  });

  test('a common word is no service', () => {
    expect(ask('Your code is 482913. Call our support line', { service: 'telegram' })).toMatchObject({
      verdict: 'accept',
      rule: 'brandless',
    });
    expect(ask('Your LINE code is 482913', { service: 'telegram' })).toMatchObject({ verdict: 'reject', service: 'line' });
  });

  test('a weak case goes to the operator with its reason', () => {
    const judgement = ask('Your code is 482913. Your code is 730261.');
    expect(judgement).toMatchObject({
      verdict: 'review',
      code: null,
      rule: 'margin',
      candidates: [{ code: '482913' }, { code: '730261' }],
    });
    expect(judgement.reason).toContain('730261');
  });
});

describe('service names', () => {
  test('are known or made from the slug', () => {
    expect(['telegram', 'grandma-shop', 'any', ''].map((slug) => serviceName(slug))).toEqual([
      'Telegram',
      'Grandma Shop',
      'Any service',
      '',
    ]);
    expect(['Disney+ Hotstar', 'X', ' Mail.ru ', '微信'].map(serviceSlug)).toEqual(['disney-hotstar', 'x', 'mail-ru', '微信']);
  });
  test('are sorted by slug, each once, and slugs are slugs', () => {
    const slugs = BUILT_IN.orderable.map(({ slug }) => slug);
    expect(slugs).toEqual([...new Set(slugs)].sort());
    expect(slugs.length).toBeGreaterThan(60);
    expect(slugs.map(serviceSlug)).toEqual(slugs);
  });
  test.each(BUILT_IN.orderable.map(({ slug, name }): [string, string] => [slug, name]))('%s is recognised by its name', (slug, name) => {
    expect(ask(`Your ${name} verification code is 482913`, { service: slug })).toMatchObject({
      verdict: 'accept',
      code: '482913',
      service: slug,
    });
    expect(ask('Your verification code is 482913', { service: slug, sender: name })).toMatchObject({ verdict: 'accept', rule: 'sender' });
  });
});

describe('judging', () => {
  const input = fc.record({
    text: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom('code ', '4821', '-', ' ', ':', '#', '@a.b ', 'G', '\n', '١', '验证码', '**', '.') }),
    ),
    sender: fc.string({ unit: 'binary', maxLength: 20 }),
    service: fc.oneof(fc.constantFrom('any', 'telegram', 'google'), fc.string()),
    onlyOrder: fc.boolean(),
  });
  test('never throws, and gives a code only with accept', () => {
    fc.assert(
      fc.property(input, (each) => {
        const { verdict, code, printed, confidence, reason } = judge(each);
        expect(code === null).toBe(verdict !== 'accept');
        expect(printed === null).toBe(code === null);
        if (printed !== null) expect(each.text).toContain(printed);
        expect(confidence >= 0 && confidence <= 1 && reason !== '').toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('finds a code whatever it is, and never changes its letters', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{4,8}$/), (code) => {
        const judgement = ask(`Your verification code is ${code}`);
        expect(judgement.code).toBe(code);
      }),
    );
  });

  const hostile = [
    '1-',
    '1 ',
    '1234\n',
    '\n',
    'code:1234 ',
    '[[',
    '【',
    'a@a.',
    'telefon',
    'https://',
    '*1',
    '12,',
    'Google ',
    '(123) ',
    'ref:a',
    '+1 (',
  ];
  test.each(hostile)('is quick on a hundred thousand times %j', (piece) => {
    const startedMs = performance.now();
    ask(piece.repeat(100_000), { sender: piece.repeat(1000), service: 'my-shop' });
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });
});

test.each([
  ['telegram', 'Telegram code 48213, code 4821', 'accept', '48213'],
  ['any', 'Telegram code 48213, code 4821', 'review', null],
  ['telegram', 'Telegram code 48213, code 93744', 'review', null],
] as const)('of two equal codes the one with the usual form of the ordered service stands: %s, %s', (service, text, verdict, code) => {
  expect(ask(text, { service, sender: 'Telegram' })).toMatchObject({ verdict, code });
});
