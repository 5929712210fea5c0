import { ErrorCode } from '../at/finals.ts';
import { type CommandAnswer, ERROR, failure, info } from './answer.ts';
import type { Emulator } from './emulator.ts';
import type { StoredPdu } from './storage.ts';

const ALL_MESSAGES = 4;
const READ = 1;
const NOTICES = ['^RSSI: 17', '+CREG: 1', 'RING', '+CIEV: 2,3'];

/** AT+CMGL (TS 27.005 4.1): the messages of one <stat>, or all, in the form of the family and with the faults that are on. */
export function listing(modem: Emulator, wanted: number): CommandAnswer {
  if (!modem.dialect.lists) return ERROR;
  const storage = modem.storages[modem.settings.storages[0]];
  const entries: string[] = [];
  for (const [index, message] of storage.entries()) {
    if (wanted !== ALL_MESSAGES && message.stat !== wanted) continue;
    entries.push(`+CMGL: ${index},${header(modem, message)}\r\n${pduLine(modem, message)}`);
    markRead(modem, message);
  }
  const free = storage.firstFree();
  const { filler } = modem.dialect;
  if (filler !== null && free !== null && wanted === ALL_MESSAGES) entries.push(`+CMGL: ${free},${READ},,0\r\n${filler}`);
  if (modem.faults.isOn('glued')) return info(...(entries.length === 0 ? [] : [entries.join('')]));
  return info(...(modem.faults.isOn('urc_inside') ? entries.flatMap((entry) => [entry, modem.random.pick(NOTICES)]) : entries));
}

/** AT+CMGR (TS 27.005 4.2) of one place. */
export function reading(modem: Emulator, index: number): CommandAnswer {
  const storage = modem.storages[modem.settings.storages[0]];
  const message = storage.isValid(index) ? storage.get(index) : undefined;
  if (message === undefined) return storage.isValid(index) ? emptyPlace(modem) : failure(ErrorCode.invalidIndex);
  const line = `+CMGR: ${header(modem, message)}\r\n${pduLine(modem, message)}`;
  markRead(modem, message);
  return info(line);
}

function emptyPlace({ dialect }: Emulator): CommandAnswer {
  if (dialect.emptyRead === 'error') return failure(ErrorCode.invalidIndex);
  return dialect.emptyRead === 'ok' ? info() : info('+CMGR: 0,,0\r\n');
}

/** <stat>,[<alpha>],<length>, as the family writes it. */
function header({ dialect }: Emulator, { stat, length, pdu }: StoredPdu): string {
  const { alpha, tail, countsServiceCentre } = dialect.header;
  return `${stat},${alpha},${countsServiceCentre ? pdu.length / 2 : length}${tail}`;
}

function pduLine(modem: Emulator, { pdu }: StoredPdu): string {
  return modem.faults.strikes('truncated') ? pdu.slice(0, -2 * modem.random.between(1, 4)) : pdu;
}

function markRead(modem: Emulator, message: StoredPdu): void {
  if (message.stat !== 0) return;
  message.stat = READ;
  modem.onChange();
}
