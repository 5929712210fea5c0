import { ERROR, fromUcs2Hex, type Handler, info, OK, setFlag, setOne, ucs2Hex, unquoted, update } from './answer.ts';
import { powerOnSettings } from './settings.ts';

const CHARSETS = ['GSM', 'IRA', 'UCS2'];

/** As after power-on: echo, notification and error form are lost (V.250 6.1.1, 6.1.2), the radio is not. */
const reset: Handler = (modem) => {
  update(modem, { ...powerOnSettings(modem.dialect), radio: modem.settings.radio });
  return OK;
};

const accepted: Handler = () => OK;

/** The modem itself: its line, its character set, its errors, its power. */
export const GENERAL: Readonly<Record<string, Handler>> = {
  '': accepted,
  E: (modem, argument) => setFlag(argument, (on) => update(modem, { echo: on })),
  V: (modem, argument) => setFlag(argument, (on) => update(modem, { verbose: on })),
  // Result codes are never suppressed and call progress is nobody's concern here: the settings programs send are taken and change nothing.
  Q: (_, argument) => (argument === '' || argument === '0' ? OK : ERROR),
  X: accepted,
  S: accepted,
  H: accepted,
  '&D': accepted,
  '&C': accepted,
  '&K': accepted,
  Z: reset,
  '&F': reset,
  '+GCAP': () => info('+GCAP: +CGSM'),
  '+CGSN=': ({ imei }, argument) => (argument === '1' ? info(`+CGSN: "${imei}"`) : ERROR),
  '+CFUN?': ({ settings }) => info(`+CFUN: ${settings.radio}`),
  '+CFUN=?': () => info('+CFUN: (0,1,4),(0,1)'),
  '+CFUN=': (modem, argument) =>
    setOne(argument.replace(/,0$/, ''), [0, 1, 4], (radio) => {
      // Switching the radio on makes the network notice the modem again.
      if (radio === 1 && modem.settings.radio !== 1) modem.faults.turnOff('deaf');
      update(modem, { radio });
    }),
  '+CMEE?': ({ settings }) => info(`+CMEE: ${settings.errors}`),
  '+CMEE=?': () => info('+CMEE: (0-2)'),
  '+CMEE=': (modem, argument) => setOne(argument, [0, 1, 2] as const, (errors) => update(modem, { errors })),
  '+CSCS?': ({ settings }) => info(`+CSCS: "${settings.charset === 'UCS2' ? ucs2Hex('UCS2') : settings.charset}"`),
  '+CSCS=?': () => info(`+CSCS: (${CHARSETS.map((name) => `"${name}"`).join(',')})`),
  '+CSCS=': (modem, argument) => setOne(fromUcs2Hex(unquoted(argument)), CHARSETS, (charset) => update(modem, { charset })),
  '+CBC': () => info('+CBC: 0,100,4100'),
};
