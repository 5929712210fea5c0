import { describe, expect, test } from 'bun:test';
import { DENIED_CATEGORIES } from '../../src/codes/deny.ts';
import { judge } from '../../src/codes/judge.ts';

const ask = (service: string, text: string, sender = '') => judge({ text, sender, service, onlyOrder: true });
/** A known service, a service nobody wrote rules for, one whose name is a word. */
const OTHERS = ['telegram', 'zorbla-shop', 'signal'];

describe('a code of a service that is named goes to no other', () => {
  const named: [how: string, text: string, sender?: string][] = [
    ['known brand', 'Your Uber code is 4829'],
    ['unknown brand', 'Your Qorvexa code is 482913'],
    ['unknown brand in small letters', 'your qorvexa code is 482913'],
    ['unknown brand with two words', 'Use 482913 to log in to Plinko Mart'],
    ['no word for a code', 'Masukkan 482913 untuk masuk ke Qorvexa'],
    ['verb last', 'Qorvexa uygulamasına giriş için 482913 kodunu kullan'],
    ['at the start', "Qorvexa'ya giriş için 4829"],
    ['on the first line', 'Qorvexa\nHere is your code:\n482913'],
    ['in brackets', '【知晓读书】您的验证码为482913'],
    ['before a Japanese word', 'Qorvexa認証コードは482913です'],
    ['after a Chinese purpose', '您正在登录知晓读书，动态密码482913'],
    ['Devanagari', 'क्वोर्वेक्सा लॉगिन के लिए आपका ओटीपी 482913 है'],
    ['Tamil', 'குவோர்வா உள்நுழைய 482913 ஐ உள்ளிடவும்'],
    ['Arabic', 'رمز التحقق من كورفكسا هو 482913'],
    ['Hebrew', 'קוד האימות שלך לקורבקסה הוא 482913'],
    ['Georgian', 'ქორვექსა: თქვენი კოდია 482913'],
    ['Amharic', 'ኮርቬክሳ: የማረጋገጫ ቁጥርዎ 482913 ነው'],
    ['Thai', 'รหัสยืนยัน กอร์เว็กซา ของคุณคือ 482913'],
    ['Cyrillic', 'Введите 482913, чтобы войти в Корвекса'],
    ['digits in the name', 'Код за најава на Reklama5: 482913'],
    ['a word as a name', 'Your SIGNUM verification code is: 482-913'],
    ['sender only', 'Your code is 482913', 'Qorvexa'],
    ['link only', 'Your code is 482913. https://qorvexa.example/l/482913'],
    ['bound host only', '482913\n\n@qorvexa.example #482913'],
    ['shop of a payment', '482913 is your code for the purchase of 12.00 EUR at Qorvexa. Nordbank'],
  ];
  test.each(named.map(([how, text, sender]) => ({ how, text, sender })))('$how: $text', ({ text, sender }) => {
    const accepted = OTHERS.filter((service) => ask(service, text, sender).verdict === 'accept');
    expect(accepted).toEqual([]);
  });
  test('a shop of a payment is no sender of codes', () => {
    expect(ask('amazon', '482913 is your HSBC passcode for GBP 42.00 at AMAZON. Never share it.').verdict).not.toBe('accept');
  });
});

describe('a code that names nobody goes to the only order', () => {
  test.each([
    'Your verification code is 482913',
    'Use 4829 to log in. Do not share it with anyone.',
    'Ihr Bestätigungscode lautet 482913',
    'Votre code de vérification est 482 913',
    'Код подтверждения: 482913. Никому не сообщайте.',
    'आपका ओटीपी 482913 है। किसी से साझा न करें।',
    'رمز التحقق الخاص بك هو ٤٨٢٩١٣',
    'თქვენი დადასტურების კოდია 482913',
    'รหัสยืนยันของคุณคือ 482913',
    '您的验证码是482913，5分钟内有效',
    '인증번호는 482913 입니다',
    'Masukkan kode 482913 untuk verifikasi akun',
  ])('%j', (text) => {
    expect(ask('zorbla-shop', text)).toMatchObject({ verdict: 'accept', rule: 'brandless' });
  });
});

describe('names that are ordinary words', () => {
  test.each([
    ['wolt', 'Syötä koodi 7719 kirjautuaksesi Woltiin.', '7719'],
    ['bolt', 'Upišite 4450 kako biste se prijavili u Bolt', '4450'],
    ['grab', 'Masukkan 3317 untuk log masuk Grab', '3317'],
    ['whatsapp', 'Kodhi yako yekusimbisa yeWhatsApp ndi 330-918', '330918'],
    ['uber', 'Faka u-4482 ukuze ungene ku-Uber.', '4482'],
  ])('%s is known in %j', (service, text, code) => {
    expect(ask(service, text)).toMatchObject({ verdict: 'accept', code });
  });
  test.each([
    ['grab', 'Grab your code 482913 now'],
    ['signal', 'Your phone has no signal. Acme code 482913'],
    ['be', 'Your code will be 482913'],
  ])('%s is not named by %j', (service, text) => {
    expect(ask(service, text).rule).not.toMatch(/^(?:signature|mention|template)$/);
  });
});

describe('a longer brand is not the shorter one with an ending', () => {
  const longer = [
    ['tinder', 'Tinderly'],
    ['discord', 'Discordia'],
    ['signal', 'Signalio'],
    ['zoom', 'Zoomit'],
    ['zoom', 'Zoomi'],
    ['bolt', 'Boltz'],
    ['telegram', 'Telegramma'],
    ['qorvex', 'Qorvexoo'],
    ['qorvex', 'Qorvexa'],
  ];
  test.each(
    longer.flatMap(([service = '', brand = '']) => [
      [service, `Your ${brand} code is 739214`],
      [service, `${brand} verification code: 739214`],
      [service, `Use 739214 to sign in to ${brand}`],
    ]),
  )('%s gets nothing of %j', (service, text) => {
    expect(ask(service, text).verdict).not.toBe('accept');
  });
  test.each([
    ['telegram', 'Přihlašovací kód do Telegramu: 73921'],
    ['telegram', 'A Telegramba belépéshez a kód: 73921'],
    ['tinder', 'Kirjautumiskoodisi Tinderiin on 739214'],
    ['qorvex', 'Kod do logowania w Qorvexie: 739214'],
    ['discord', "Discord'a giriş kodunuz: 739214"],
    ['telegram', 'Код для входа в аккаунт Телеграма: 73921'],
  ])('%s is still known declined: %j', (service, text) => {
    expect(ask(service, text)).toMatchObject({ verdict: 'accept', rule: 'signature' });
  });
});

describe('a sender does not outrank whom the text names', () => {
  test.each([
    ['google', 'Google', 'Your Qorvexa code is 739214'],
    ['whatsapp', 'WhatsApp', 'Qorvexa: your code is 739214'],
    ['telegram', 'Telegram', '739214 is your Qorvexa login code'],
    ['viber', 'Viber', 'Код для входа в Корвекса: 739214'],
    ['uber', 'Uber', 'Your Bolt code is 7392'],
    ['vk', 'VK', 'VK: код 739214 для Avito'],
    ['vk', 'VK', 'VK: код 739214 для Корвекса'],
    ['whatsapp', 'WhatsApp', 'WhatsApp: 739214 is the code for Qorvexa'],
  ])('%s sends for another: %s %j', (service, sender, text) => {
    expect(ask(service, text, sender).verdict).not.toBe('accept');
  });
  test.each([
    ['google', 'Google', 'Your code is 739214. Do not share it'],
    ['uber', 'Uber', 'Your code is 7392. You can sign in with Facebook too'],
    ['vk', 'VK', 'VK: код 739214 для входа'],
    ['avito', 'VK', 'VK: код 739214 для Avito'],
    ['qorvexa', 'Google', 'Your Qorvexa code is 739214'],
  ])('%s gets what it is meant to from %s: %j', (service, sender, text) => {
    expect(ask(service, text, sender)).toMatchObject({ verdict: 'accept' });
  });
});

describe('a code of a bank for a purchase is not for the shop', () => {
  test.each([
    ['amazon', 'HSBCUK', '739214 is your code for £35.50 at AMAZON. HSBC'],
    ['amazon', '', '739214 is your code for £35.50 at AMAZON. HSBC'],
    ['uber', '', 'Kod 739214 do potwierdzenia platnosci 12,00 PLN UBER karta'],
    ['ebay', '', 'Code 739214: confirm EBAY €19.90'],
    ['netflix', 'ChaseUS', 'Your code is 739214 for NETFLIX'],
  ])('%s from %j: %j', (service, sender, text) => {
    expect(judge({ text, sender, service, onlyOrder: true, deny: DENIED_CATEGORIES })).toMatchObject({ verdict: 'reject', code: null });
  });
  test('nor where banks are allowed', () => {
    expect(ask('amazon', '739214 is your code for £35.50 at AMAZON. HSBC', 'HSBCUK').verdict).not.toBe('accept');
    expect(ask('uber', 'Kod 739214 do potwierdzenia platnosci 12,00 PLN UBER karta').verdict).not.toBe('accept');
  });
});

describe('a name in a footer or an advert signs nothing', () => {
  test.each([
    ['telegram', 'Join our Telegram channel! Qorvexa code 73921'],
    ['telegram', 'your code 73921. help in telegram @qorvexa_help'],
    ['instagram', 'Suivez-nous sur Instagram. Votre code : 73921'],
    ['whatsapp', 'Your code is 73921. Questions? WhatsApp +4915112345678'],
    ['facebook', 'Use 73921 to log in to Qorvexa with Facebook'],
    ['apple', 'Qorvexa: Sign in with Apple code 739214'],
    ['google', 'Get Qorvexa on Google Play. Code 739214'],
    ['vk', 'Подписывайтесь на нас в VK! Код Qorvexa: 739214'],
  ])('%s: %j', (service, text) => {
    expect(ask(service, text).verdict).not.toBe('accept');
  });
  test.each([
    ['telegram', 'Telegram code 73921. Join our channel!'],
    ['uber', 'Uber. Your code is 7392'],
    ['uber', 'Your code is 7392.\nUber'],
    ['discord', 'Someone wants to sign in to Discord. If it is you, the code is 739214'],
  ])('%s signs %j', (service, text) => {
    expect(ask(service, text)).toMatchObject({ verdict: 'accept', rule: 'signature' });
  });
});

describe('a name without a capital is a name', () => {
  test.each([
    'your code is 739214, welcome to qorvexa',
    'code 739214. qorvexa.',
    'your code: 739214 / qorvexa',
    'dein code ist 739214 (qorvexa)',
    "votre code est 739214, l'app qorvexa",
    'tu codigo es 739214. gracias por usar qorvexa',
    'kode 739214 toko qorvexa',
    'код 739214 корвекса',
    'OTP 739214 QORVEXA',
    'YOUR CODE IS 739214 FROM QORVEXA',
    'your code is 739214. help: @qorvexa_help',
  ])('%j', (text) => {
    expect(OTHERS.map((service) => ask(service, text).verdict)).toEqual(OTHERS.map(() => 'review'));
    if (/(?<!@)qorvexa(?!_)/i.test(text)) expect(ask('qorvexa', text)).toMatchObject({ verdict: 'accept', code: '739214' });
  });
  test.each([
    'your code is 739214. do not share it with anyone',
    'YOUR CODE IS 739214. DO NOT SHARE IT WITH ANYONE',
    'código 739214 para confirmar seu celular',
    'код 739214 никому его не говорите',
    'dein code ist 739214 (10 minuten)',
    'Your code is 7-3-9-2-1',
    'kode verifikasi 739214 jangan berikan kepada siapapun',
  ])('%j names nobody', (text) => {
    expect(ask('zorbla-shop', text)).toMatchObject({ verdict: 'accept', rule: 'brandless' });
  });
});

describe('a name in small letters', () => {
  const asked = (text: string, service: string) => judge({ text, sender: '', service, onlyOrder: true });
  test.each([
    'your telegram code is 48213',
    'your acmezon code is 48213',
    'ton code acmezon est 48213',
    'code for acmezon: 48213',
    'dein acmezon code lautet 48213',
    'tu codigo de acmezon es 48213',
    'ваш код от акмезон: 48213',
    'din acmezon-kod är 48213',
    'seu codigo acmezon: 48213',
    'log in to acmezon with code 48213',
    'acmezon code 48213',
    'use 48213 on acmezon to sign in',
    'acmezon kodunuz 48213',
    'twój kod acmezon to 48213',
  ])('%j is nobody else’s', (text) => {
    expect(asked(text, 'reddit').verdict).not.toBe('accept');
  });
  test.each([
    'your code is 48213',
    'votre code de connexion est 48213',
    'din engångskod är 48213',
    'ваш код для входа: 48213',
    'kodi juaj i verifikimit është 48213',
    'log in with code 48213',
    'use 48213 on the website to sign in',
  ])('%j has none', (text) => {
    expect(asked(text, 'reddit')).toMatchObject({ verdict: 'accept', rule: 'brandless', code: '48213' });
  });
  test('that begins like one of a payment service is not that service', () => {
    const deny = ['payment', 'bank'] as const;
    const said = (text: string) => judge({ text, sender: '', service: 'vippsy', onlyOrder: true, deny }).rule;
    expect([said('Vippsy: koden din er 440218'), said('Vipps: koden din er 440218')]).toEqual(['signature', 'denied:payment']);
  });
});
