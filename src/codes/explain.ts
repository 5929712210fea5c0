import { type Feature, type Features, WEIGHTS, type Weights } from './features.ts';

const WORDS: Record<Feature, string> = {
  strongKeyword: 'a word for one-time codes is near',
  weakKeyword: 'a word for codes or passwords is near',
  announced: 'that word leads straight to it',
  opensMessage: 'it opens the message that names it',
  stated: 'it opens the message, which says what it is',
  aloneOnLine: 'it has a line of its own',
  wholeMessage: 'it is the whole message',
  bareMessage: 'the message is it and a name',
  originBound: 'it is bound to a host on the last line',
  repeatedInLink: 'it comes again in a link',
  repeatedInText: 'it comes again',
  commanded: 'a word such as "enter" stands beside it',
  purposed: 'and what it is for',
  safety: 'the message warns against sharing',
  validity: 'the message says how long it is valid',
  lengthSix: 'six characters',
  lengthUsual: 'a usual length',
  lengthLong: 'long for a code',
  lengthThree: 'only three digits',
  mixed: 'letters and digits',
  slogan: 'a word with a number behind, as vouchers have',
  spelling: 'a word with a digit for a letter',
  lettersOnly: 'only letters',
  uneven: 'uneven groups',
  year: 'it may be a year',
  linked: 'a link carries it as its code',
  masked: 'it is an amount, a date, a telephone number, a link or a name',
  touched: 'a sign beside it makes it another number',
  antiKeyword: 'it is called a code of another kind, such as a voucher',
  againstStrong: 'the message also reads like another kind',
  againstWeak: 'the message reads like another kind: an offer, an account, a delivery, a booking',
  percent: 'the message speaks of per cent',
};

/** What was seen of a candidate, in plain words with the points it gave, the weightiest first. */
export function describeFeatures(features: Features, weights: Weights = WEIGHTS): { points: number; what: string }[] {
  const points = ([name, value]: [string, number]) => ({
    points: Math.round(weights[name as Feature] * value * 100) / 100,
    what: WORDS[name as Feature],
  });
  return Object.entries(features)
    .map(points)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
}
