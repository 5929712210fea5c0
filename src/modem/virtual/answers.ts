import { ErrorCode } from '../at/finals.ts';
import type { Emulator, EmulatorSettings, StorageName } from './emulator.ts';

/** What a command yields: information lines, or a +CME/+CMS code (null for a plain ERROR). */
export type CommandAnswer = { ok: true; lines: string[] } | { ok: false; code: number | null };

const OK: CommandAnswer = { ok: true, lines: [] };
const ERROR: CommandAnswer = { ok: false, code: null };
const NOT_ALLOWED: CommandAnswer = { ok: false, code: ErrorCode.notAllowed };
const info = (...lines: string[]): CommandAnswer => ({ ok: true, lines });

type Handler = (modem: Emulator, argument: string) => CommandAnswer;

/** Commands by their form: `+X` to act, `+X?` to ask, `+X=?` to ask what is possible, `+X=` to set (the argument is what follows). */
const HANDLERS: Record<string, Handler> = {
  '': () => OK,
  E: (modem, argument) => setFlag(argument, (on) => update(modem, { echo: on })),
  V: (modem, argument) => setFlag(argument, (on) => update(modem, { verbose: on })),
  Z: () => OK,
  I: () => info('SMSPin', 'Virtual Modem', 'Revision: 1'),
  '+CGMI': () => info('SMSPin'),
  '+CGMM': () => info('Virtual Modem'),
  '+CGMR': () => info('+CGMR: 1'),
  '+CGSN': (modem) => info(modem.imei),
  '+CIMI': (modem) => info(modem.identity.imsi),
  '+CCID': (modem) => info(`+CCID: ${modem.identity.iccid}`),
  '+QCCID': (modem) => info(`+QCCID: ${modem.identity.iccid}`),
  '+CNUM': (modem) => info(`+CNUM: "","${modem.identity.number}",145`),
  '+CPIN?': () => info('+CPIN: READY'),
  '+CSQ': (modem) => info(`+CSQ: ${18 + (modem.identity.serial % 10)},99`),
  '+CREG?': () => info('+CREG: 0,1'),
  '+CEREG?': () => info('+CEREG: 0,1'),
  '+CGREG?': () => info('+CGREG: 0,1'),
  '+COPS?': () => info('+COPS: 0,0,"SMSPin Virtual",7'),
  '+CFUN?': ({ settings }) => info(`+CFUN: ${settings.radio}`),
  '+CFUN=': (modem, argument) => setOne(argument, [0, 1, 4], (radio) => update(modem, { radio })),
  '+CMEE?': ({ settings }) => info(`+CMEE: ${settings.errors}`),
  '+CMEE=': (modem, argument) => setOne(argument, [0, 1, 2] as const, (errors) => update(modem, { errors })),
  '+CMGF?': ({ settings }) => info(`+CMGF: ${settings.format}`),
  '+CMGF=': (modem, argument) => setOne(argument, [0], (format) => update(modem, { format })),
  '+CSCS?': ({ settings }) => info(`+CSCS: "${settings.charset}"`),
  '+CSCS=': (modem, argument) => setOne(unquoted(argument), ['GSM', 'IRA', 'UCS2'], (charset) => update(modem, { charset })),
  '+CSMS?': ({ settings }) => info(`+CSMS: ${settings.service},1,1,1`),
  '+CSMS=': (modem, argument) => setOne(argument, [0], (service) => update(modem, { service }), ['+CSMS: 1,1,1']),
  '+CNMI?': ({ settings }) => info(`+CNMI: ${settings.notification.join(',')}`),
  '+CNMI=?': () => info('+CNMI: (0-2),(0,1),(0),(0),(0,1)'),
  '+CNMI=': setNotification,
  '+CPMS=?': () => info('+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")'),
  '+CPMS?': (modem) => info(`+CPMS: ${modem.settings.storages.map((name) => `"${name}",${fill(modem, name)}`).join(',')}`),
  '+CPMS=': setStorages,
  '+CMGL': (modem) => list(modem, 0),
  '+CMGL=': (modem, argument) => (/^[0-4]$/.test(argument) ? list(modem, Number(argument)) : NOT_ALLOWED),
  '+CMGR=': read,
  '+CMGD=': remove,
};

const ALL_MESSAGES = 4;

/** Answers a command line without its `AT`. */
export function answer(modem: Emulator, line: string): CommandAnswer {
  const match = /^([EVZI])(\d?)$/i.exec(line) ?? /^([+^][A-Z]+(?:=\?|\?|=)?)(.*)$/is.exec(line) ?? (line === '' ? ['', '', ''] : null);
  const handler = match === null ? undefined : HANDLERS[(match[1] ?? '').toUpperCase()];
  return handler === undefined ? ERROR : handler(modem, (match?.[2] ?? '').trim());
}

function update(modem: Emulator, change: Partial<EmulatorSettings>): void {
  modem.settings = { ...modem.settings, ...change };
}

function setFlag(argument: string, apply: (on: boolean) => void): CommandAnswer {
  if (argument !== '' && argument !== '0' && argument !== '1') return ERROR;
  apply(argument === '1');
  return OK;
}

function setOne<T extends string | number>(
  argument: string,
  possible: readonly T[],
  apply: (value: T) => void,
  lines: string[] = [],
): CommandAnswer {
  const value = possible.find((candidate) => String(candidate) === argument);
  if (value === undefined) return ERROR;
  apply(value);
  return { ok: true, lines };
}

function setNotification(modem: Emulator, argument: string): CommandAnswer {
  const [mode = 0, mt = 0, bm = 0, ds = 0, bfr = 0, ...rest] = argument.split(',').map(Number);
  const fits = mode <= 2 && mt <= 1 && bm === 0 && ds === 0 && bfr <= 1 && rest.length === 0;
  if (!fits || ![mode, mt, bm, ds, bfr].every((value) => Number.isInteger(value) && value >= 0)) return NOT_ALLOWED;
  update(modem, { notification: [mode, mt, bm, ds, bfr] });
  return OK;
}

function setStorages(modem: Emulator, argument: string): CommandAnswer {
  const names = argument.split(',').map(unquoted);
  if (names.length > 3 || !names.every(isStorage)) return NOT_ALLOWED;
  const [first = 'SM', second = modem.settings.storages[1], third = modem.settings.storages[2]] = names;
  update(modem, { storages: [first, second, third] });
  return info(`+CPMS: ${modem.settings.storages.map((name) => fill(modem, name)).join(',')}`);
}

function isStorage(name: string): name is StorageName {
  return name === 'SM' || name === 'ME';
}

function fill(modem: Emulator, name: StorageName): string {
  const storage = modem.storages[name];
  return `${storage.used},${storage.capacity}`;
}

function list(modem: Emulator, wanted: number): CommandAnswer {
  const lines: string[] = [];
  for (const [index, message] of modem.storages[modem.settings.storages[0]].entries()) {
    if (wanted !== ALL_MESSAGES && message.stat !== wanted) continue;
    lines.push(`+CMGL: ${index},${message.stat},,${message.length}\r\n${message.pdu}`);
    markRead(modem, message);
  }
  return { ok: true, lines };
}

function read(modem: Emulator, argument: string): CommandAnswer {
  const storage = modem.storages[modem.settings.storages[0]];
  const index = Number(argument);
  const message = storage.isValid(index) ? storage.get(index) : undefined;
  if (message === undefined) return { ok: false, code: ErrorCode.invalidIndex };
  const line = `+CMGR: ${message.stat},,${message.length}\r\n${message.pdu}`;
  markRead(modem, message);
  return info(line);
}

function markRead(modem: Emulator, message: { stat: number }): void {
  if (message.stat !== 0) return;
  message.stat = 1;
  modem.onChange();
}

/** Single indices only; the flags that delete many at once are refused, so that a program relying on them shows up here. */
function remove(modem: Emulator, argument: string): CommandAnswer {
  const storage = modem.storages[modem.settings.storages[0]];
  const [index = '', flag = '0'] = argument.split(',');
  if (flag !== '0') return NOT_ALLOWED;
  if (!/^\d+$/.test(index) || !storage.isValid(Number(index))) return { ok: false, code: ErrorCode.invalidIndex };
  storage.delete(Number(index));
  modem.onChange();
  return OK;
}

function unquoted(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1');
}
