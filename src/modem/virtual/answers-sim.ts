import { ErrorCode } from '../at/finals.ts';
import { asSaid, type CommandAnswer, ERROR, failure, type Handler, info, OK, parameters, unquoted, update } from './answer.ts';
import { EF_MSISDN, fileContents } from './card-files.ts';
import type { Emulator } from './emulator.ts';

const INTERNATIONAL = 145;
const PHONEBOOKS = ['SM', 'ON'];
const OWN_NUMBERS = 'ON';
const PIN = /^\d{4,8}$/;
/** Why the card cannot be used now, as a +CME code; null when it can. `toOpen`: for what needs the PIN. */
export function simTrouble(modem: Emulator, { toOpen }: { toOpen: boolean }): number | null {
  if (modem.faults.isOn('sim_removed')) return ErrorCode.simNotInserted;
  if (modem.isSimBusy) return ErrorCode.simBusy;
  if (!toOpen || modem.sim.state === 'READY') return null;
  return modem.sim.state === 'SIM PIN' ? ErrorCode.simPinRequired : ErrorCode.simPukRequired;
}

/** The card: its lock, its identity, its files and its phone books. */
export const SIM: Readonly<Record<string, Handler>> = {
  '+CPIN?': queryPin,
  '+CPIN=?': () => OK,
  '+CPIN=': enterPin,
  '+CLCK=': (modem, argument) => {
    const [facility, mode] = parameters(argument);
    return facility === 'SC' && mode === '2' ? info(`+CLCK: ${modem.sim.asksForPin ? 1 : 0}`) : ERROR;
  },
  '+CLCK=?': () => info('+CLCK: ("SC")'),
  '+CIMI': ({ identity }) => info(identity.imsi),
  '+CNUM': (modem) => {
    const { dialect, identity } = modem;
    return dialect.ownNumber === 'cnum' ? info(`+CNUM: "","${asSaid(modem, identity.number)}",${INTERNATIONAL}`) : OK;
  },
  '+CPBS=?': () => info(`+CPBS: (${PHONEBOOKS.map((name) => `"${name}"`).join(',')})`),
  '+CPBS?': ({ settings }) => info(`+CPBS: "${settings.phonebook}",0,${settings.phonebook === OWN_NUMBERS ? 4 : 250}`),
  '+CPBS=': (modem, argument) => {
    const phonebook = unquoted(argument);
    if (!PHONEBOOKS.includes(phonebook)) return ERROR;
    update(modem, { phonebook });
    return OK;
  },
  '+CPBR=?': ({ settings }) => info(`+CPBR: (1-${settings.phonebook === OWN_NUMBERS ? 4 : 250}),40,14`),
  '+CPBR=': (modem, argument) => {
    const { dialect, settings, identity } = modem;
    const hasOwn = dialect.ownNumber === 'phonebook' && settings.phonebook === OWN_NUMBERS && parameters(argument)[0] === '1';
    return hasOwn ? info(`+CPBR: 1,"${identity.number}",${INTERNATIONAL},"${asSaid(modem, 'Own number')}"`) : OK;
  },
  '+CRSM=': readFile,
};

function queryPin(modem: Emulator): CommandAnswer {
  const trouble = simTrouble(modem, { toOpen: false });
  if (trouble !== null) return failure(trouble);
  const { state } = modem.sim;
  switch (modem.dialect.cpin) {
    case 'spaced':
      return info(`+CPIN: ${state}`);
    case 'tight':
      return info(`+CPIN:${state}`);
    case 'quoted':
      return info(`+CPIN: "${state}"`);
    case 'no_ok':
      return { ok: true, lines: [`+CPIN: ${state}`], endless: true };
  }
}

/** `"1234"`, or `"PUK","new PIN"` (TS 27.007 8.3). The card is busy for a while afterwards. */
function enterPin(modem: Emulator, argument: string): CommandAnswer {
  const trouble = simTrouble(modem, { toOpen: false });
  if (trouble !== null) return failure(trouble);
  const [first = '', second] = parameters(argument);
  const { sim } = modem;
  if (!PIN.test(first) || (second !== undefined && !PIN.test(second))) return failure(ErrorCode.incorrectPassword);
  if (sim.state === 'READY') return failure(3);
  if (sim.state === 'SIM PUK' && second === undefined) return failure(ErrorCode.simPukRequired);
  const isRight = second === undefined ? sim.enter(first) : sim.unblock(first, second);
  modem.onChange();
  if (!isRight) return failure(sim.state === 'SIM PUK' ? ErrorCode.simPukRequired : ErrorCode.incorrectPassword);
  modem.settleSim();
  return OK;
}

/** AT+CRSM=<command>,<file>,… (TS 27.007 8.18): 144,0 is success, 148,4 a file that is not there. */
function readFile(modem: Emulator, argument: string): CommandAnswer {
  const [command = 0, file = 0, , , octets = 0] = parameters(argument).map(Number);
  if (file === EF_MSISDN && modem.sim.state !== 'READY') return info('+CRSM: 152,4');
  const number = modem.dialect.ownNumber === 'msisdn' ? modem.identity.number : null;
  const data = fileContents({ iccid: modem.identity.iccid, number }, command, file, octets);
  if (data === null) return info('+CRSM: 148,4');
  return info(`+CRSM: 144,0,${modem.dialect.crsmQuoted ? `"${data}"` : data}`);
}
