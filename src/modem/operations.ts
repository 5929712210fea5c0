import { messageOf } from '../lib/log.ts';
import type { ConsoleAnswer, Outcome } from './actions.ts';
import type { AtChannel } from './at/channel.ts';
import { set } from './at/commands.ts';
import { consoleCommand } from './console.ts';
import type { SessionDeps } from './session-deps.ts';
import { readSimLock } from './setup/initialise.ts';
import type { Profile } from './setup/profiles.ts';
import type { IccidReader } from './sim/identify.ts';
import { enterPinByHand, type TypedPin } from './sim/pin.ts';
import { askNumberByUssd, type UssdAnswer, UssdAnswers } from './sim/ussd.ts';
import type { SimIdentity } from './source.ts';

export interface OperationDeps extends Pick<SessionDeps, 'slot' | 'status' | 'memory' | 'mayReset' | 'log' | 'clock' | 'ussdForms'> {
  channel: AtChannel;
  reader: IccidReader;
  profile(): Profile;
  /** Restarts the modem once nothing is being read from it. */
  reset(reason: string): void;
  /** The SIM that is read now, or null. */
  sim(): SimIdentity | null;
  /** Sets the modem up anew at once: a lock may be open now, or its radio off. */
  setUpAgain(reason: string): void;
}

/** What an operator may ask of a modem whose port is open. None rejects. */
export interface Operations {
  reset(): Promise<Outcome>;
  toggleRadio(): Promise<Outcome>;
  enterPin(typed: TypedPin): Promise<Outcome>;
  /** `demanded`: a person asks, so also a card whose carrier was asked a moment ago. */
  askNumber(demanded: boolean): Promise<Outcome>;
  command(text: string): Promise<ConsoleAnswer>;
  /** The modem said `+CUSD:`. */
  ussd(answer: UssdAnswer): void;
  /** The SIM's time is over: no answer that comes now is about it. */
  simLost(): void;
}

const RADIO_OFF_MS = 15_000;
const RADIO_ON_MS = 30_000;
const RADIO_PAUSE_MS = 2_000;

export function operationsOf(deps: OperationDeps): Operations {
  const { channel, status } = deps;
  const answers = new UssdAnswers();
  let asking = false;
  let commanding = false;
  return {
    ussd: (answer) => answers.add(answer),
    simLost: () => answers.clear(),

    async reset() {
      if (deps.profile().reset === null) return no('This family of modems has no command to restart it: unplug it and plug it in again.');
      const permission = deps.mayReset();
      if (!permission.ok) return no(`Not restarted: ${permission.detail}.`);
      deps.reset('the operator wants it');
      return yes('The modem is being restarted; it takes up to a minute until it is ready again.');
    },

    async toggleRadio() {
      const off = await channel.send(set('AT+CFUN=4', RADIO_OFF_MS));
      // No answer is no refusal: the radio may be off.
      if (!off.ok && off.kind !== 'timeout') return no(`The modem does not switch its radio off (${textOf(off)}).`);
      await Bun.sleep(RADIO_PAUSE_MS);
      let on = await channel.send(set('AT+CFUN=1', RADIO_ON_MS));
      if (!on.ok) {
        await Bun.sleep(RADIO_PAUSE_MS);
        on = await channel.send(set('AT+CFUN=1', RADIO_ON_MS));
      }
      status.happened('repaired', on.ok ? 'radio switched off and on' : `radio switched off, and not on again (${textOf(on)})`);
      // The set-up switches it on, or shows that it cannot be.
      if (!on.ok) deps.setUpAgain('its radio does not come back');
      return on.ok
        ? yes('The radio was off and is on again.')
        : no(`The radio is off and does not come back (${textOf(on)}); restart the modem.`);
    },

    async enterPin(typed) {
      try {
        const sent = (iccid: string) => status.happened('pin_sent', `a PIN typed by the operator was sent to ${iccid}`);
        const outcome = await enterPinByHand(channel, deps.reader, typed, deps.memory, sent, () => readSimLock(channel, deps.profile()));
        if (outcome.ok) deps.setUpAgain('the PIN was entered');
        return outcome;
      } catch (thrown) {
        deps.log.error('modem.pin_not_recorded', { slot: deps.slot, error: messageOf(thrown) });
        return no('Nothing was sent: the attempt could not be written down first, and an uncounted one could lock the card.');
      }
    },

    async askNumber(demanded) {
      const sim = deps.sim();
      if (sim === null) return no('No SIM is being read there now.');
      if (asking) return no('The network is being asked already; its answer takes up to a minute.');
      asking = true;
      const { iccid, imsi } = sim;
      const { memory, clock, ussdForms: forms } = deps;
      const model = status.snapshot().model ?? deps.profile().name;
      try {
        const asked = await askNumberByUssd((command) => channel.send(command), answers, {
          ...{ imsi, iccid, memory, clock, forms, model, demanded },
        });
        if (!asked.ok) return no(`The number is not known: ${asked.detail}.`);
        const { number } = asked.number;
        status.happened('number_learned', `the network told the number ${number}`);
        if (deps.sim()?.iccid === iccid) status.update({ number });
        return yes(`The network says the number is ${number}.`);
      } catch (thrown) {
        deps.log.error('modem.number_not_kept', { slot: deps.slot, error: messageOf(thrown) });
        return no(`The number could not be asked for or kept: ${messageOf(thrown)}.`);
      } finally {
        asking = false;
      }
    },

    async command(typed) {
      const checked = consoleCommand(typed);
      if (!checked.ok) return checked;
      if (commanding) return { ok: false, detail: 'Another command is under way on this modem; wait for its answer.' };
      commanding = true;
      const result = await channel.send(checked.command);
      commanding = false;
      if (result.ok) return { ok: true, lines: result.lines.map((line) => line.text), final: 'OK' };
      if (result.kind === 'error') return { ok: true, lines: [], final: result.text };
      const waited = `no answer within ${checked.command.timeoutMs / 1000} s`;
      return { ok: false, detail: result.kind === 'closed' ? 'The port was closed.' : `The modem gave ${waited}.` };
    },
  };
}

function textOf(failure: { kind: 'error'; text: string } | { kind: 'timeout' | 'closed' }): string {
  if (failure.kind === 'error') return failure.text;
  return failure.kind === 'timeout' ? 'no answer' : 'the port was closed';
}

function yes(detail: string): Outcome {
  return { ok: true, detail };
}

function no(detail: string): Outcome {
  return { ok: false, detail };
}
