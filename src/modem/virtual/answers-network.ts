import { decodeSeptets, encodeSeptets } from '../../gsm/alphabet.ts';
import { parseHex, toHex } from '../../gsm/octets.ts';
import { packSeptets, unpackSeptets } from '../../gsm/septets.ts';
import { asSaid, type CommandAnswer, ERROR, fromUcs2Hex, type Handler, info, OK, parameters, setOne, ucs2Hex, update } from './answer.ts';
import type { Emulator } from './emulator.ts';

const NAME = 'SMSPin Virtual';
/** MCC 001, MNC 01: the test network (TS 23.003). */
const NUMBER = '00101';
const USSD_AFTER_MS = 60;
const PLAIN = 15;
const UCS2 = 72;

/** <stat> of TS 27.007 7.2: 0 idle, 1 home, 2 searching, 3 denied. */
function registration({ settings, faults, isReachable }: Emulator): number {
  if (faults.isOn('denied')) return 3;
  if (settings.radio !== 1) return 0;
  return isReachable || faults.isOn('deaf') ? 1 : 2;
}

function registrationOf(name: string): Readonly<Record<string, Handler>> {
  return {
    [`+${name}?`]: (modem) => {
      const n = modem.settings.registration[name] ?? 0;
      const place = n === 2 && registration(modem) === 1 ? ',"00C3","0000BEEF",7' : '';
      return info(`+${name}: ${n},${registration(modem)}${place}`);
    },
    [`+${name}=?`]: () => info(`+${name}: (0-2)`),
    [`+${name}=`]: (modem, argument) =>
      setOne(argument, [0, 1, 2], (n) => update(modem, { registration: { ...modem.settings.registration, [name]: n } })),
  };
}

/** The network: registration, its name, its strength, and USSD. */
export const NETWORK: Readonly<Record<string, Handler>> = {
  ...registrationOf('CREG'),
  ...registrationOf('CGREG'),
  ...registrationOf('CEREG'),
  '+CSQ': (modem) => info(`+CSQ: ${registration(modem) === 1 ? 18 + (modem.identity.serial % 10) : 99},99`),
  '+CESQ': (modem) => info(registration(modem) === 1 ? '+CESQ: 99,99,255,255,20,50' : '+CESQ: 99,99,255,255,255,255'),
  '+CGATT?': (modem) => info(`+CGATT: ${registration(modem) === 1 ? 1 : 0}`),
  '+COPS?': (modem) => {
    const { networkFormat } = modem.settings;
    if (registration(modem) !== 1) return info('+COPS: 0');
    return info(`+COPS: 0,${networkFormat},"${networkFormat === 2 ? NUMBER : asSaid(modem, NAME)}",7`);
  },
  '+COPS=?': () => info(`+COPS: (2,"${NAME}","${NAME}","${NUMBER}",7),,(0-4),(0-2)`),
  '+COPS=': (modem, argument) => {
    const [mode = '', format = '0'] = parameters(argument);
    if (mode === '0') return OK;
    return mode === '3' ? setOne(format, [0, 1, 2], (networkFormat) => update(modem, { networkFormat })) : ERROR;
  },
  '+CUSD?': () => info('+CUSD: 0'),
  '+CUSD=?': () => info('+CUSD: (0-2)'),
  '+CUSD=': ussd,
};

/** TS 27.007 7.15. The code in the form the family wants; the answer comes by itself, before or after OK, in the family's form. */
function ussd(modem: Emulator, argument: string): CommandAnswer {
  const [mode = '', code = ''] = parameters(argument);
  if (code === '') return mode === '0' || mode === '1' || mode === '2' ? OK : ERROR;
  const { form, before } = modem.dialect.ussd;
  const asked = form === 'packed' ? unpacked(code) : fromUcs2Hex(code);
  if (form === 'packed' && asked === null) return ERROR;
  const text = /^[*#][*#0-9]*#$/.test(asked ?? '') ? `Your number is ${modem.identity.number}\r\nYour balance is 0.00` : null;
  const said = text === null ? '+CUSD: 4' : `+CUSD: 0,${inForm(modem, text)}`;
  return before ? info(said) : { ok: true, lines: [], later: [{ afterMs: USSD_AFTER_MS, text: `\r\n${said}\r\n` }] };
}

function inForm(modem: Emulator, text: string): string {
  const { form } = modem.dialect.ussd;
  if (form === 'ucs2') return `"${ucs2Hex(text)}",${UCS2}`;
  if (form === 'plain') return `"${asSaid(modem, text)}",${PLAIN}`;
  const septets = encodeSeptets(text)?.flat() ?? [];
  // A last octet with seven bits to spare would read as `@`: it is filled with CR (TS 23.038 6.1.2.3.1).
  const filled = septets.length % 8 === 7 ? [...septets, 0x0d] : septets;
  return `"${toHex(packSeptets(Uint8Array.from(filled)))}",${PLAIN}`;
}

function unpacked(hex: string): string | null {
  const { octets } = parseHex(hex);
  if (!/^([0-9A-F]{2})+$/i.test(hex)) return null;
  return decodeSeptets(unpackSeptets(octets, Math.floor((octets.length * 8) / 7))).replace(/[\r@]$/, '');
}
