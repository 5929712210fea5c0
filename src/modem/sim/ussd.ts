import type { Clock } from '../../lib/clock.ts';
import { set } from '../at/commands.ts';
import type { Urc } from '../at/urc.ts';
import type { CardMemory, LearnedNumber } from '../memory.ts';
import { carrierOfImsi, numberInAnswer } from './carriers.ts';
import type { SendCommand } from './identify.ts';
import { decodeUssd, packUssd } from './ussd-text.ts';

export type UssdAnswer = Extract<Urc, { kind: 'ussd' }>;
/** How a modem wants and gives USSD text. */
export type UssdForm = 'plain' | 'packed';

/** The answers of the network, as they come: before the command's OK or after it, one or several. */
export class UssdAnswers {
  private readonly heard: UssdAnswer[] = [];
  private waiting: ((answer: UssdAnswer | null) => void) | null = null;

  /** The modem said `+CUSD:`. */
  add(answer: UssdAnswer): void {
    if (this.waiting === null) this.heard.splice(0, this.heard.length, ...this.heard.slice(1 - HEARD_MOST), answer);
    else this.waiting(answer);
  }

  /** What came for an earlier request, or for another card, is no answer to the next; who waits for one gets none. */
  clear(): void {
    this.heard.length = 0;
    this.waiting?.(null);
  }

  /** The next answer, or null when none comes in that time. One caller at a time. */
  next(withinMs: number): Promise<UssdAnswer | null> {
    const heard = this.heard.shift();
    if (heard !== undefined) return Promise.resolve(heard);
    return new Promise((resolve) => {
      const done = (answer: UssdAnswer | null): void => {
        clearTimeout(timer);
        this.waiting = null;
        resolve(answer);
      };
      const timer = setTimeout(() => done(null), withinMs);
      this.waiting = done;
    });
  }
}

export interface AskNumberDeps {
  /** The SIM's IMSI, or MCC and MNC alone: it tells the carrier. */
  imsi: string | null;
  iccid: string;
  memory: CardMemory;
  clock: Clock;
  /** Which form a model takes, kept by the caller for all modems of the bank; and the model of this one. */
  forms: Map<string, UssdForm>;
  model: string;
  /** The operator asks: a card that was asked within the last day is asked again. */
  demanded: boolean;
  /** How long the network may take; 60 s by default. */
  withinMs?: number;
}

export type AskedNumber = { ok: true; number: LearnedNumber } | { ok: false; detail: string };

/** Answers nobody asked for are kept only so many: a network may send them without end. */
const HEARD_MOST = 8;
const COMMAND_MS = 30_000;
const ANSWER_MS = 60_000;
/** How long a second answer may take after one without a number. */
const FOLLOWING_MS = 5_000;
const DAY_MS = 86_400_000;
/** <m> of TS 27.007 7.15. */
const Status = { done: 0, wantsReply: 1, ended: 2, otherClient: 3, notSupported: 4, timedOut: 5 } as const;
const REFUSALS: Record<number, string> = {
  [Status.otherClient]: 'another program on the card answered in its place',
  [Status.notSupported]: 'the network does not support the request',
  [Status.timedOut]: 'the network did not answer in its time',
};

/**
 * Asks the carrier for the SIM's own number by its USSD code (TS 22.090, AT+CUSD of TS 27.007 7.15) and keeps the answer. Not for a carrier
 * whose code is not known for sure, and not within a day after the card was asked before, unless the operator demands it. The request is
 * written down before it is sent. A session the network leaves open is ended; nothing is ever answered to a menu. Rejects when the
 * memory cannot be written.
 */
export async function askNumberByUssd(send: SendCommand, answers: UssdAnswers, deps: AskNumberDeps): Promise<AskedNumber> {
  const { memory, iccid, clock, demanded } = deps;
  const carrier = carrierOfImsi(deps.imsi);
  if (carrier === null) return no(`no code is known by which the carrier of this SIM (${networkOf(deps.imsi)}) tells its number`);
  const askedAtMs = memory.ussdAskedAtMs(iccid);
  if (!demanded && askedAtMs !== null && clock.nowMs() - askedAtMs < DAY_MS) return no('the carrier was asked less than a day ago');
  await memory.ussdAsked(iccid);
  answers.clear();
  const request = await ask(send, carrier.code, deps);
  if (!request.ok) return request;
  const text = await answerTo(send, answers, {
    packed: request.form === 'packed',
    withinMs: deps.withinMs ?? ANSWER_MS,
    clock,
    isEnough: (said) => numberInAnswer(carrier, said) !== null,
  });
  if (!text.ok) return text;
  const number = numberInAnswer(carrier, text.said);
  if (number === null) return no(`the answer of ${carrier.name} to ${carrier.code} holds no number of the expected form`);
  const learned: LearnedNumber = { number, source: 'ussd' };
  await memory.numberLearned(iccid, learned);
  return { ok: true, number: learned };
}

function no(detail: string): { ok: false; detail: string } {
  return { ok: false, detail };
}

function networkOf(imsi: string | null): string {
  return imsi === null ? 'its IMSI is not known' : `MCC ${imsi.slice(0, 3)}`;
}

/** Sends the code in the form this model takes; plainly first, since a modem that wants hex refuses that, while others would send hex as it is. */
async function ask(
  send: SendCommand,
  code: string,
  { forms, model }: AskNumberDeps,
): Promise<{ ok: true; form: UssdForm } | { ok: false; detail: string }> {
  const known = forms.get(model);
  for (const form of known === undefined ? (['plain', 'packed'] as const) : [known]) {
    const text = form === 'plain' ? code : packUssd(code);
    if (text === null) continue;
    const result = await send(set(`AT+CUSD=1,"${text}",15`, COMMAND_MS));
    if (result === null) return no('the SIM is not there any more');
    if (result.ok) {
      forms.set(model, form);
      return { ok: true, form };
    }
    if (result.kind !== 'error') return no(result.kind === 'timeout' ? 'the modem did not answer' : 'the port was closed');
  }
  return no('the modem refuses USSD requests');
}

interface Listening {
  packed: boolean;
  withinMs: number;
  clock: Clock;
  isEnough(said: string): boolean;
}

/** All that the network says to the request, as one text; ends when it is enough, when the session is over, or when the time is up. */
async function answerTo(
  send: SendCommand,
  answers: UssdAnswers,
  { packed, withinMs, clock, isEnough }: Listening,
): Promise<{ ok: true; said: string } | { ok: false; detail: string }> {
  let endMs = clock.monotonicMs() + withinMs;
  let said = '';
  for (;;) {
    const answer = await answers.next(Math.max(endMs - clock.monotonicMs(), 0));
    if (answer === null) {
      if (said === '') await endSession(send);
      return said === '' ? no(`no answer came within ${Math.round(withinMs / 1000)} s`) : { ok: true, said };
    }
    if (answer.text !== null) said = `${said}${said === '' ? '' : '\n'}${decodeUssd(answer.text, answer.dcs, packed)}`;
    const refusal = REFUSALS[answer.status ?? Status.done];
    if (refusal !== undefined && said === '') return no(refusal);
    if (answer.status === Status.wantsReply) await endSession(send);
    if (isEnough(said) || (answer.status !== null && answer.status !== Status.done)) {
      return said === '' ? no('the network ended the request without an answer') : { ok: true, said };
    }
    // Something was said, perhaps that the answer follows; without a text it was but an echo of the request.
    if (said !== '') endMs = Math.min(endMs, clock.monotonicMs() + FOLLOWING_MS);
  }
}

async function endSession(send: SendCommand): Promise<void> {
  await send(set('AT+CUSD=2', COMMAND_MS));
}
