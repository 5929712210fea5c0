import type { Shadow } from './normalise.ts';
import { overlaps, type Span } from './phrases.ts';

/** What a stretch of a message is, other than a code. */
export type MaskKind =
  | 'url'
  | 'email'
  | 'amount'
  | 'percent'
  | 'number'
  | 'date'
  | 'time'
  | 'phone'
  | 'masked'
  | 'account'
  | 'unit'
  | 'app_hash'
  | 'reference'
  | 'service_code';

export interface Mask extends Span {
  kind: MaskKind;
}

const CURRENCY =
  "rs|inr|usd|eur|euros?|euro|gbp|rub|thb|bht|tzs|tsh|kes|ksh|ngn|sar|aed|egp|mzn|czk|pln|huf|ron|uah|kzt|vnd|idr|php|myr|rm|brl|mxn|ars|cny|rmb|hkd|twd|jpy|krw|chf|sek|nok|dkk|isk|sr|tl|rp|kc|zl|ft|lei|leva|лв|kr|rsd|дин|ден|mkd|leke|руб\\p{L}{0,4}|грн|гривень|тг|тенге|сум|сом|сомони|azn|manat|ლარი|amd|դրամ|byn|zar|ugx|rwf|ghs|gh|xof|fcfa|cfa|ariary|mga|birr|etb|ብር|mmk|kyats?|khr|lak|mnt|төгрөг|lkr|npr|bdt|tk|pkr|mad|dzd|tnd|iqd|jod|kwd|omr|qar|bhd|ils|nis|р|бала?|points?|pts|miles?|pounds?|dollars?|rupees?|pesos?|shillings?|shilingi|naira|rands?|forint|złotych|kronor|kroner|krónur|koron|lekë?|dinara?|kuna|ringgit|rupiah|dong|vnđ|đồng|đ|so'm";
const SIGN = '[$£€¥₹₽₺₩₫₦₴฿₱₸₾₼₪₡₲₵₭៛₮৳元円원塊块]';
const AFTER = `(?:${SIGN}|บาท|บ(?!\\p{L})|تومان|ریال|ریال|ر\\.س|جنیه|درهم|دینار|روپے|افغانی|شیکل|₪|ש"ח|ريال|ден|रुपये|रुपए|রুপি|টাকা|ரூபாய்|రూపాయలు|ರೂ|രൂപ|රුපියල්|ကျပ်|រៀល|ກີບ|(?:${CURRENCY})(?![\\p{L}\\d]))`;
const BEFORE = `(?:${SIGN}|人民币|rmb|(?<![\\p{L}])(?:${CURRENCY})\\.?|ரூ\\.?|రూ\\.?|রু|৳|रु\\.?|रू\\.?|රු\\.?)`;
const CALL =
  'call|phone|tel|telefon\\w*|hotline|dial|contact|text to|txt to|piga|hubungi|ligue|llame|llama|appelez|chiama|anruf\\w*|звонит\\w*|телефон\\w*|тел|ara\\w{0,5}|bilgi|致电|电话|電話|热线|热線|拨打|全国|โทร|ติดต่อ|اتصل|تماس|전화|문의';
const ACCOUNT =
  'account(?: number| no\\.?| id)?|acct|a\\/c|card(?: number| no\\.?)?|ending(?: in| with)?|konto|karta|karte|karti\\w*|kartiniz\\w*|conta|cuenta|compte|carte|carta|rekening|user|用户|账号|帐号|账户|账号 id|尾号|卡号|บัญชี|บช|(?<!ใช้|กรอก|ป้อน|ระบุ)หมายเลข|счет\\w*|карт\\w*|کارت|حساب';
const SEND =
  'text|txt|send|reply|wyslij|posli|poslite|envoyez|envoie|envie|enviar?|invia|sende\\w{0,3}|skicka|kirim|ketik|trimite|отправ\\p{L}*|пошлите|надішл\\p{L}*|изпрат\\p{L}*|pošalji\\w*|posalji\\w*|siusti|siuskite|saada|laheta';
/** A word of these scripts begins here; in others words are not apart. */
const WORD = '(?<![a-z\\u0370-\\u04ff])';
const REFERENCE =
  '(?:ref(?:erence|erensi)?|transaction(?: id)?|txn(?: id)?|trx|invoice|order(?: number| no\\.?| id)?|ticket(?: number)?|booking (?:id|no|number)|protocolo|protocol|case(?: number)?|flight(?: number)?|awb|อ้างอิง|รหัสอ้างอิง|参考|订单号?|订单编号|流水号|номер заказа|заказ)';

/**
 * Each pattern is tried over the folded text once, where the text has what it needs; none nests a repetition, so all are linear. `u` and `g` are added.
 */
const PATTERNS: readonly (readonly [kind: MaskKind, needs: string, source: string])[] = [
  ['email', '@', '[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{2,24}){1,4}'],
  ['url', '', '(?:https?://|www\\.)[^\\s<>"]{2,400}'],
  [
    'url',
    '.',
    '(?<![a-z0-9@.-])(?:[a-z0-9-]{1,40}\\.){1,3}(?:com|net|org|io|co|me|ru|cn|in|uk|de|fr|tr|id|th|vn|ly|gl|be|gov|edu|info|biz|app|dev|asia|int|com\\.tr)(?:/[^\\s<>"]{0,300})?(?![a-z0-9-])',
  ],
  ['url', '/', '(?<![a-z0-9@.-])(?:[a-z0-9-]{1,40}\\.){1,3}[a-z]{2,10}/[^\\s<>"]{0,300}'],
  ['masked', '', '[x*#•]{2,16}[-\\s]?\\d{2,8}|\\d{4,8}[x*•]{2,16}\\d{0,8}|(?<=[^*\\d])\\*\\d{3,6}(?![*\\d#])|(?<![a-z])x\\d{3,6}(?!\\d)'],
  ['service_code', '*', '\\*\\d{1,6}(?:\\*\\d{1,16}){0,4}#|\\*\\d{2,4}(?:\\*\\d{1,16}){1,4}'],
  ['date', '', '(?<!\\d)\\d{4}[-/.年]\\s?\\d{1,2}[-/.月]\\s?\\d{1,2}(?!\\d)日?'],
  ['date', '', '(?<!\\d)\\d{1,2}[/.]\\d{1,2}[/.](?:\\d{4}|\\d{2})(?!\\d)'],
  ['date', '/', '(?<!\\d)\\d{1,2}/\\d{1,2}(?![\\d/])'],
  ['date', '', '(?<!\\d)\\d{1,2}\\.?\\s(?:de\\s)?\\p{L}{3,12}\\.?,?\\s(?:de\\s)?(?:19|20)\\d\\d(?!\\d)'],
  ['time', ':', '(?<!\\d)\\d{1,2}:\\d{2}(?::\\d{2})?(?!\\d)'],
  ['amount', '', `${BEFORE}\\s?-?\\d[\\d.,]{0,18}(?!\\p{L}{1,6}\\d)`],
  // "Code 482913 EUR 48.20": the currency belongs to what follows it.
  ['amount', '', `(?<![\\p{L}\\d.,])\\d[\\d.,]{0,18}\\s?${AFTER}(?!\\s?\\d)`],
  // P450, N120, R450, K120: pesos, naira, rand and kwacha are written with their letter.
  ['amount', '', '(?<![\\p{L}\\d-])[pnrk]\\d{2,4}(?:\\.\\d\\d)?(?![\\p{L}\\d])'],
  ['percent', '', '(?:\\d[\\d.,]{0,12}\\s?[%٪]|[%٪]\\s?\\d{1,3}(?!\\d))'],
  [
    'number',
    '',
    '(?<![\\d.,])\\d{1,3}(?:[.,]\\d{3}){1,5}(?:[.,]\\d{1,2})?(?!\\d)|(?<![\\d.,])\\d{1,3}[.,]\\d{1,2}(?!\\d)|(?<![\\d.,])\\d{4,12}[.,]\\d{2}(?!\\d|\\s?(?:分|秒|小|min|hour))',
  ],
  ['phone', '+', '\\+\\d[\\d\\s().-]{6,18}\\d'],
  ['phone', '', '(?<![\\d-])(?:\\(?\\d{3}\\)?[\\s.-])\\d{3}[\\s.-]\\d{4}(?![\\d-])'],
  ['phone', '', '(?<![\\d-])0\\d{1,3}-\\d{3,4}-?\\d{3,4}(?![\\d-])|(?<!\\d)1?-?8\\d{2}-\\d{3}-\\d{4}(?!\\d)'],
  ['phone', '', '(?<![\\d-])0\\d{9}(?!\\d)'],
  // "Text WIN to 48201", "wyślij KOD na 7482", "4320'ye gönder": numbers to send to.
  ['phone', '', `${WORD}(?:${SEND})[^.!?\\n]{0,40}\\s(?:to|na|au|al|an|ao|till|til|ke|la|do|pa|nr|на|по|номер)\\s\\d{3,6}(?!\\d)`],
  ['phone', 'gonder', "(?<!\\d)\\d{3,6}'?(?:y?[ea])\\s[^.!?\\n]{0,16}gonder"],
  ['phone', '', `${WORD}(?:${CALL})[\\s.:：+]{0,3}\\d[\\d\\s-]{4,14}\\d`],
  ['phone', '', '(?<![\\d-])(?:13|14|15|16|17|18|19)\\d{9}(?!\\d)'],
  ['account', '', `${WORD}(?:${ACCOUNT})[\\s:：*.]{0,3}[a-z]?\\d{3,19}(?![\\d])`],
  ['reference', '', `${WORD}${REFERENCE}[\\s.:：=#]{0,4}(?:(?:code|no|id|number)[\\s.:：]{0,3})?(?=[a-z0-9-]{0,20}\\d)[a-z0-9-]{3,24}`],
  ['reference', '', '(?:\\bref\\b|อ้างอิง)[\\s.:=]{0,3}(?:code)?[\\s.:：]{0,3}[a-z0-9]{3,12}'],
  [
    'unit',
    '',
    '(?<![\\p{L}\\d])\\d{1,4}\\s?(?:gb|mb|kb|tb|min|mins|minutes?|sec|hrs?|hours?|days?|ppm|pm|am|km|kg|pts|points?|puan|adet|dk|分钟|分鐘|小时|秒|분|นาที|วัน|คะแนน|menit|dakika|мин\\w*|минут\\w*|дн\\w*|час\\w*)(?![\\p{L}\\d])',
  ],
  ['account', '', '(?<![\\d-])\\d{4}[-\\s]\\d{4}[-\\s]\\d{4}[-\\s]\\d{4}(?![\\d-])'],
];
const COMPILED = PATTERNS.map(([kind, needs, source]) => ({ kind, needs, pattern: new RegExp(source, 'gu') }));

/** The 11 characters by which Android finds the app a message is for (SMS Retriever). They stand last, after a space or line end. */
const APP_HASH = /(?<=\s)[A-Za-z0-9+/]{11}\s*$/;

/** Stretches of a message that are known to be something else than a code. They may overlap. */
export function findMasks(shadow: Shadow): Mask[] {
  const masks: Mask[] = [];
  const { search } = shadow;
  for (const { kind, needs, pattern } of COMPILED) {
    if (!search.includes(needs)) continue;
    // `matchAll` would make a copy of the pattern for each text.
    pattern.lastIndex = 0;
    for (let match = pattern.exec(search); match !== null; match = pattern.exec(search)) {
      masks.push({ kind, start: match.index, end: match.index + match[0].length });
    }
  }
  masks.push(...findShortDates(shadow.text));
  const hash = APP_HASH.exec(shadow.text);
  const mixed = hash && /[A-Z]/.test(hash[0]) && /[a-z]/.test(hash[0]);
  if (hash && ((mixed && !/^[A-Z][a-z]+\s*$/.test(hash[0])) || /[+/]/.test(hash[0])))
    masks.push({ kind: 'app_hash', start: hash.index, end: shadow.text.length });
  return masks;
}

/** `d-d-d` is a date only when it can be one: `1-1-01` is, `12-34-56` is not. */
function findShortDates(text: string): Mask[] {
  const dates: Mask[] = [];
  for (const match of text.matchAll(/(?<![\d-])(\d{1,2})-(\d{1,2})-(\d{4}|\d{2})(?![\d-])/g)) {
    const [whole, first = '', second = ''] = match;
    const [a, b] = [Number(first), Number(second)];
    const possible = a >= 1 && b >= 1 && ((a <= 31 && b <= 12) || (a <= 12 && b <= 31));
    if (possible) dates.push({ kind: 'date', start: match.index, end: match.index + whole.length });
  }
  return dates;
}

/** The kinds of the masks a span lies in or crosses. */
export function kindsAt(masks: readonly Mask[], span: Span): Set<MaskKind> {
  return new Set(masks.filter((mask) => overlaps(mask, span)).map((mask) => mask.kind));
}
