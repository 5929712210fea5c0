import { ErrorCode } from '../at/finals.ts';
import { type CommandAnswer, failure, type Handler, info, NOT_ALLOWED, OK, parameters, setOne, unquoted, update } from './answer.ts';
import type { StorageName } from './dialect.ts';
import type { Emulator } from './emulator.ts';
import { listing, reading } from './listing.ts';
import { possibleValues } from './settings.ts';

const CENTRE = '+447700900995';
const NOTHING_TO_ACKNOWLEDGE = 340;
/** Sending is out of scope for good. */
const NO_SENDING: CommandAnswer = { ok: false, code: ErrorCode.notAllowed, always: true };

/** Messages (TS 27.005 3): settings, storages, reading, deleting. */
export const MESSAGES: Readonly<Record<string, Handler>> = {
  '+CMGF?': ({ settings }) => info(`+CMGF: ${settings.format}`),
  '+CMGF=?': () => info('+CMGF: (0)'),
  '+CMGF=': (modem, argument) => setOne(argument, [0], (format) => update(modem, { format })),
  '+CSMS?': ({ settings }) => info(`+CSMS: ${settings.service},1,1,1`),
  '+CSMS=?': ({ dialect }) => info(`+CSMS: ${dialect.servesPhase2Plus ? '(0,1)' : '(0)'}`),
  '+CSMS=': (modem, argument) =>
    setOne(argument, modem.dialect.servesPhase2Plus ? [0, 1] : [0], (service) => update(modem, { service }), ['+CSMS: 1,1,1']),
  '+CNMI?': ({ settings }) => info(`+CNMI: ${settings.notification.join(',')}`),
  '+CNMI=?': ({ dialect }) => info(`+CNMI: ${dialect.cnmi.test}`),
  '+CNMI=': setNotification,
  '+CNMA': (modem) => (modem.mailbox.acknowledge() ? OK : failure(NOTHING_TO_ACKNOWLEDGE)),
  '+CNMA=': (modem) => (modem.mailbox.acknowledge() ? OK : failure(NOTHING_TO_ACKNOWLEDGE)),
  '+CPMS=?': ({ dialect: { cpms } }) => {
    const group = (names: readonly string[]) => `(${names.map((name) => `"${name}"`).join(',')})`;
    const others = group(cpms.storages.filter((name) => name !== 'SR'));
    return info(`+CPMS: ${[group(cpms.storages), others, others].slice(0, cpms.groups || 3).join(',')}`);
  },
  '+CPMS?': (modem) => {
    const shown = modem.settings.storages.slice(0, modem.dialect.cpms.groups || 3);
    return info(`+CPMS: ${shown.map((name) => `"${name}",${fill(modem, name)}`).join(',')}`);
  },
  '+CPMS=': setStorages,
  '+CMGL': (modem) => listing(modem, 0),
  '+CMGL=': (modem, argument) => (/^[0-4]$/.test(argument) ? listing(modem, Number(argument)) : NOT_ALLOWED),
  '+CMGL=?': ({ dialect }) => (dialect.lists ? info('+CMGL: (0-4)') : NOT_ALLOWED),
  '+CMGR=': (modem, argument) => reading(modem, Number(argument)),
  '+CMGD=': remove,
  '+CMGD=?': (modem) => {
    const { dialect, storages, settings } = modem;
    const used = storages[settings.storages[0]].entries().map(([index]) => index);
    return info(`+CMGD: ${dialect.cmgdTest ?? `(${used.join(',')}),(0-4)`}`);
  },
  '+CMGS=': () => NO_SENDING,
  '+CMSS=': () => NO_SENDING,
  '+CMGW=': () => NO_SENDING,
  '+CSCA?': () => info(`+CSCA: "${CENTRE}",145`),
  '+CSCA=': () => OK,
  '+CSMP?': () => info('+CSMP: 17,167,0,0'),
  '+CSMP=': () => OK,
};

function setNotification(modem: Emulator, argument: string): CommandAnswer {
  const possible = possibleValues(modem.dialect.cnmi.accepts);
  const given = argument.split(',');
  if (given.length > possible.length || !given.every((value) => /^\d+$/.test(value))) return NOT_ALLOWED;
  const notification = possible.map((values, at) => Number(given[at] ?? values[0]));
  if (!possible.every((values, at) => values.includes(notification[at] ?? -1))) return NOT_ALLOWED;
  update(modem, { notification });
  return OK;
}

function setStorages(modem: Emulator, argument: string): CommandAnswer {
  const { storages, groups, needsAll } = modem.dialect.cpms;
  const names = argument.split(',').map(unquoted);
  const isStorage = (name: string): name is StorageName => storages.some((known) => known === name);
  if (names.length > 3 || (needsAll && names.length < 3) || !names.every(isStorage)) return NOT_ALLOWED;
  const [first = modem.settings.storages[0], second = modem.settings.storages[1], third = modem.settings.storages[2]] = names;
  // New messages never go where reports lie.
  if (third === 'SR') return NOT_ALLOWED;
  update(modem, { storages: [first, second, third] });
  return groups === 0
    ? OK
    : info(
        `+CPMS: ${modem.settings.storages
          .slice(0, groups)
          .map((name) => fill(modem, name))
          .join(',')}`,
      );
}

function fill(modem: Emulator, name: StorageName): string {
  const storage = modem.storages[name];
  return `${storage.used},${storage.capacity}`;
}

/** Single indices only; the flags that delete many at once are refused, so that a program relying on them shows up here. */
function remove(modem: Emulator, argument: string): CommandAnswer {
  const storage = modem.storages[modem.settings.storages[0]];
  const [index = '', flag = '0'] = parameters(argument);
  if (flag !== '0') return NOT_ALLOWED;
  if (!/^\d+$/.test(index) || !storage.isValid(Number(index))) return failure(ErrorCode.invalidIndex);
  storage.delete(Number(index));
  modem.onChange();
  return OK;
}
