import type { AtCommand, AtLine } from '../../src/modem/at/channel.ts';
import type { Random } from './random.ts';

/** A command and its sound answer; every information line carries the command's own number, with a check that no accident passes. */
export interface Exchange {
  number: number;
  command: AtCommand;
  answer: string[];
}

const CHECK = 9973;

/** An exchange of one of the shapes that a modem session uses. The same few commands over and over: answers of two fit either. */
export function makeExchange(number: number, timeoutMs: number, random: Random): Exchange {
  const [text, rest, answer] = random.pick(SHAPES)(number);
  return { number, command: { text: `${text};#${number}`, timeoutMs, ...rest }, answer };
}

/** The numbers of the commands whose answers these lines are, as far as that can still be read. */
export function numbersIn(lines: readonly AtLine[]): number[] {
  return lines.flatMap(({ text, pdu }) => [
    ...found(/T(\d+)x(\d+)T/g, text),
    ...found(/A{4}(\d{10})B{4}(\d{4})C{4}/g, pdu ?? ''),
    ...found(/^9{4}(\d{10})(\d{4})$/g, text),
  ]);
}

function found(pattern: RegExp, text: string): number[] {
  return [...text.matchAll(pattern)].flatMap(([, number, check]) => (Number(number) % CHECK === Number(check) ? [Number(number)] : []));
}

const tag = (number: number) => `T${number}x${number % CHECK}T`;
const digits = (number: number) => String(number).padStart(10, '0') + String(number % CHECK).padStart(4, '0');
const pdu = (number: number) => `0791448720003023AAAA${digits(number).slice(0, 10)}BBBB${digits(number).slice(10)}CCCC`;

type Shape = (number: number) => [text: string, rest: Omit<AtCommand, 'text' | 'timeoutMs'>, answer: string[]];

const SHAPES: readonly Shape[] = [
  (number) => ['AT+CSQ', { prefixes: ['+CSQ:'] }, [`+CSQ: ${tag(number)},99`, 'OK']],
  (number) => ['AT+CGSN', { prefixes: ['+CGSN:'], bare: /^\d{15,20}$/ }, [`9999${digits(number)}`, 'OK']],
  (number) => ['AT+CMGR=1', { prefixes: ['+CMGR:'], pdu: true }, [`+CMGR: 0,"${tag(number)}",25`, pdu(number), 'OK']],
  (number) => [
    'AT+CMGL=4',
    { prefixes: ['+CMGL:'], pdu: true },
    [1, 2, 3].flatMap((index) => [`+CMGL: ${index},1,"${tag(number)}",25`, pdu(number)]).concat('OK'),
  ],
  () => ['AT+CMGD=1', {}, ['OK']],
  () => ['AT+CMGR=2', { prefixes: ['+CMGR:'], pdu: true }, ['+CMS ERROR: 321']],
  () => ['AT+CNMI?', { prefixes: ['+CNMI:'] }, ['ERROR']],
];
