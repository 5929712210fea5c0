import type { AtCommand } from './channel.ts';

/** The commands this room sends, with the longest time a modem may take for each (makers' manuals; the slow ones are slow by design). */

const BRIEF_MS = 3_000;
const PDU_READ_MS = 10_000;
const STORE_SETTING_MS = 10_000;
const DELETE_MS = 25_000;
const LISTING_MS = 120_000;
const SIM_MS = 15_000;
const RADIO_MS = 30_000;
const NETWORK_NAME_MS = 20_000;

/** A setting without an answer beyond OK. */
export const set = (text: string, timeoutMs = BRIEF_MS): AtCommand => ({ text, timeoutMs });

/** A query answered by one line with the command's own prefix, as `AT+CSQ` by `+CSQ: …`. */
export function query(text: string, timeoutMs = BRIEF_MS, bare?: RegExp): AtCommand {
  const prefix = `${text.replace(/^AT/, '').replace(/[=?].*$/, '')}:`;
  return bare === undefined ? { text, timeoutMs, prefixes: [prefix] } : { text, timeoutMs, prefixes: [prefix], bare };
}

export const listMessages: AtCommand = { text: 'AT+CMGL=4', timeoutMs: LISTING_MS, prefixes: ['+CMGL:'], pdu: true };

export const readMessage = (index: number): AtCommand => ({
  text: `AT+CMGR=${index}`,
  timeoutMs: PDU_READ_MS,
  prefixes: ['+CMGR:'],
  pdu: true,
});

/** Always one index, never the flags 1–4: those would hit messages that came after the listing. */
export const deleteMessage = (index: number): AtCommand => set(`AT+CMGD=${index}`, DELETE_MS);

export const queryStorages = query('AT+CPMS?', STORE_SETTING_MS);
export const setStorages = (storages: readonly string[]): AtCommand =>
  query(`AT+CPMS=${storages.map((name) => `"${name}"`).join(',')}`, STORE_SETTING_MS);

export const setNotification = (values: string): AtCommand => set(`AT+CNMI=${values}`, STORE_SETTING_MS);
export const queryNotification = query('AT+CNMI?', STORE_SETTING_MS);
export const queryFormat = query('AT+CMGF?', STORE_SETTING_MS);
export const acknowledge = set('AT+CNMA', STORE_SETTING_MS);

export const queryPin = query('AT+CPIN?', SIM_MS);
export const enterPin = (pin: string): AtCommand => set(`AT+CPIN="${pin}"`, SIM_MS);
export const queryRadio = query('AT+CFUN?', SIM_MS);
export const radioOn = set('AT+CFUN=1', RADIO_MS);

export const querySignal = query('AT+CSQ');
export const queryNetworkName = query('AT+COPS?', NETWORK_NAME_MS);
export const REGISTRATION_QUERIES: readonly AtCommand[] = [query('AT+CREG?'), query('AT+CEREG?'), query('AT+CGREG?')];

const TEXT_LINE = /./;
export const identityQueries = {
  manufacturer: query('AT+CGMI', BRIEF_MS, TEXT_LINE),
  model: query('AT+CGMM', BRIEF_MS, TEXT_LINE),
  firmware: query('AT+CGMR', BRIEF_MS, TEXT_LINE),
} as const;

const IMEI_LINE = /^"?\d{14,17}"?$/;
export const IMEI_QUERIES: readonly AtCommand[] = [
  query('AT+CGSN', BRIEF_MS, IMEI_LINE),
  query('AT+CGSN=1', BRIEF_MS, IMEI_LINE),
  query('AT+GSN', BRIEF_MS, IMEI_LINE),
];

const ICCID_LINE = /^"?[0-9A-Fa-f]{18,22}"?$/;
export const ICCID_QUERIES: readonly AtCommand[] = [
  query('AT+CCID', SIM_MS, ICCID_LINE),
  query('AT+QCCID', SIM_MS, ICCID_LINE),
  query('AT+ICCID', SIM_MS, ICCID_LINE),
  query('AT+CICCID', SIM_MS, ICCID_LINE),
  query('AT^ICCID?', SIM_MS, ICCID_LINE),
  // READ BINARY of EF-ICCID (2FE2, TS 51.011 10.1.1), which every card has.
  query('AT+CRSM=176,12258,0,0,10', SIM_MS),
];
export const queryImsi = query('AT+CIMI', SIM_MS, /^"?\d{6,15}"?$/);
export const queryOwnNumber = query('AT+CNUM', SIM_MS);
