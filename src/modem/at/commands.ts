import type { AtCommand } from './channel.ts';

/** The commands this room sends, with the longest time a modem may take for each (makers' manuals; the slow ones are slow by design). */

const BRIEF_MS = 3_000;
const PDU_READ_MS = 10_000;
const STORE_SETTING_MS = 10_000;
const DELETE_MS = 25_000;
const LISTING_MS = 120_000;
export const SIM_MS = 15_000;
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
export const queryCharset = query('AT+CSCS?');
export const queryService = query('AT+CSMS?');
/** Which message places are in use, by some modems; which there are, by others (TS 27.005 3.5.4). */
export const queryPlaces = query('AT+CMGD=?', STORE_SETTING_MS);
export const capabilityQueries = {
  notification: query('AT+CNMI=?', STORE_SETTING_MS),
  storages: query('AT+CPMS=?', STORE_SETTING_MS),
  charsets: query('AT+CSCS=?'),
  services: query('AT+CSMS=?'),
  listing: query('AT+CMGL=?'),
} as const;
export const acknowledge = set('AT+CNMA', STORE_SETTING_MS);

export const queryPin = query('AT+CPIN?', SIM_MS);
/** For modems that answer and never end the answer: waiting longer brings nothing. */
export const queryPinBriefly = query('AT+CPIN?', BRIEF_MS);
export const enterPin = (pin: string): AtCommand => set(`AT+CPIN="${pin}"`, SIM_MS);
export const queryRadio = query('AT+CFUN?', SIM_MS);
export const radioOn = (command: string): AtCommand => set(command, RADIO_MS);

export const querySignal = query('AT+CSQ');
export const queryExtendedSignal = query('AT+CESQ');
/** How AT+COPS? names the network: 0 by its long name, 2 by MCC and MNC (TS 27.007 7.3). */
export const nameNetworkBy = (format: 0 | 2): AtCommand => set(`AT+COPS=3,${format}`, NETWORK_NAME_MS);
export const queryNetworkName = query('AT+COPS?', NETWORK_NAME_MS);
export const REGISTRATION_QUERIES: readonly AtCommand[] = [query('AT+CREG?'), query('AT+CEREG?'), query('AT+CGREG?')];

const TEXT_LINE = /./;
/** Who made it, what it is, what runs on it (TS 27.007 5.1–5.3), with the older forms of V.250 after them. */
export const identityQueries = {
  manufacturer: [query('AT+CGMI', BRIEF_MS, TEXT_LINE), query('AT+GMI', BRIEF_MS, TEXT_LINE)],
  model: [query('AT+CGMM', BRIEF_MS, TEXT_LINE), query('AT+GMM', BRIEF_MS, TEXT_LINE)],
  firmware: [query('AT+CGMR', BRIEF_MS, TEXT_LINE), query('AT+GMR', BRIEF_MS, TEXT_LINE)],
  everything: { text: 'ATI', timeoutMs: BRIEF_MS, bare: TEXT_LINE },
} as const;

const IMEI_LINE = /^(IMEI\b\W*)?"?\d{14,17}\b/i;
export const IMEI_QUERIES: readonly AtCommand[] = [
  query('AT+CGSN', BRIEF_MS, IMEI_LINE),
  query('AT+CGSN=1', BRIEF_MS, IMEI_LINE),
  query('AT+GSN', BRIEF_MS, IMEI_LINE),
];

export const queryImsi = query('AT+CIMI', SIM_MS, /^"?\d{6,15}"?$/);
