import type { AlarmView, BankFilter, ModemView } from '../model.ts';

export type Level = 'good' | 'busy' | 'bad';

/** What a state means to the operator, and how serious it is. */
export const STATES: Record<ModemView['state'], { word: string; level: Level }> = {
  opening: { word: 'Opening', level: 'busy' },
  initialising: { word: 'Initialising', level: 'busy' },
  sim_missing: { word: 'No SIM', level: 'bad' },
  paused: { word: 'Out of service', level: 'busy' },
  pin_required: { word: 'PIN required', level: 'bad' },
  puk_required: { word: 'PUK required', level: 'bad' },
  sweeping: { word: 'Reading storage', level: 'busy' },
  ready: { word: 'Ready', level: 'good' },
  failed: { word: 'Failed', level: 'bad' },
  gone: { word: 'Unplugged', level: 'bad' },
};

export const REGISTRATIONS: Record<NonNullable<ModemView['registration']>, string> = {
  idle: 'not searching',
  home: 'home network',
  searching: 'searching',
  denied: 'registration denied',
  unknown: 'registration unknown',
  roaming: 'roaming',
};

/** What an alarm is called and what to do about it. */
const ALARMS: Record<string, { title: string; todo: string }> = {
  storage_filling: {
    title: 'Storage is filling',
    todo: 'It empties itself as soon as what lies there can be read. If it does not, look whether an alarm tells of a damaged message.',
  },
  storage_full: {
    title: 'Storage full',
    todo: 'No SMS can arrive. Reconnect the modem; if it stays full, read the history for what cannot be read.',
  },
  damaged_message: {
    title: 'Damaged message',
    todo: 'What can be read of it is kept. It is left where it lies for a day, or until the storage is crowded, in case it can be read better. Download the dialogue for a bug report.',
  },
  unlistable: {
    title: 'Messages cannot be listed',
    todo: 'The SIM is not sold meanwhile, and the listing is tried again by itself. Restart the modem; if that does not help, clean or replace the SIM.',
  },
  silent_announcements: {
    title: 'Announces nothing',
    todo: 'Messages are found by the sweep only, which is slower. Reconnect it; often a second port of the same modem is the one that speaks.',
  },
  denied: {
    title: 'Network refuses the SIM',
    todo: 'Is the SIM active, paid for and allowed in this country? Ask its carrier, or try another SIM.',
  },
  pin: {
    title: 'SIM asks for its PIN',
    todo: 'Open the page of the slot anew and type it there, once and right, or set it in the configuration under [[modems.sim]].',
  },
  puk: { title: 'SIM asks for its PUK', todo: 'Put the SIM into a phone and type the PUK there; it is never typed here.' },
  unplugging: { title: 'Keeps vanishing', todo: 'Look at power, cable and hub: a powered hub and a short cable mend most of these.' },
  unresponsive: { title: 'Had to be restarted', todo: 'Seldom it means nothing. If it comes again, unplug the modem for ten seconds.' },
  cloned_imei: { title: 'IMEI of another modem', todo: 'Two modems tell the same IMEI; a network may refuse both. Replace one of them.' },
  same_number: {
    title: 'Two SIMs with one number',
    todo: 'On its page, pause the one that is not in use any more, or correct its number; or take it out. Then the other is sold again.',
  },
  history: {
    title: 'The history cannot be written',
    todo: 'Orders and messages are written apart from it. Look at the disk: is there room, may SMSPin write to its data folder?',
  },
  history_thinning: {
    title: 'The history cannot be thinned',
    todo: 'It is tried again every hour; until then old entries stay. Look at the disk and at the log.',
  },
  deaf_watch: {
    title: 'The watch for deaf SIMs fails',
    todo: 'Until it works again no SIM that hears nothing is noticed. It is tried again every minute; the log has the reason.',
  },
  status_record: {
    title: 'The record of the status page cannot be written',
    todo: 'What was measured is kept in memory and written when the disk takes it again. Look at the disk: is there room?',
  },
  virtual_bank: {
    title: 'The virtual bank died',
    todo: 'It is started again by itself, and its messages are kept. If it dies again and again, the log has what it said.',
  },
  deaf: { title: 'Hears nothing', todo: 'On the page of its slot, switch its radio off and on, then send the number an SMS from a phone.' },
};

/** Title and advice of an alarm; a code of a newer modem room still gets words. */
export function alarmWords({ code }: Pick<AlarmView, 'code'>): { title: string; todo: string } {
  const known = Object.hasOwn(ALARMS, code) ? ALARMS[code] : undefined;
  return known ?? { title: 'Needs attention', todo: 'Read the history of the slot.' };
}

/** True when the modem can receive an SMS now. */
export function isWorking(modem: Pick<ModemView, 'state'>): boolean {
  return STATES[modem.state].level === 'good';
}

/** True when an operator should look at it. */
export function needsAttention(modem: Pick<ModemView, 'state' | 'alarms'>): boolean {
  return modem.alarms.length > 0 || STATES[modem.state].level === 'bad';
}

/** From so many modems on tiles are the better start. */
const TILES_FROM = 40;

/** The modems a filter leaves, and whether as tiles. */
export function filtered(modems: readonly ModemView[], filter: BankFilter): { shown: ModemView[]; tiles: boolean } {
  const keep = { all: () => true, attention: needsAttention, ready: isWorking }[filter.show];
  return { shown: modems.filter((modem) => keep(modem)), tiles: filter.tiles ?? modems.length >= TILES_FROM };
}

/** The parameters a filter has in an address. */
export function filterQuery(filter: BankFilter): { show: string | null; view: string | null } {
  return { show: filter.show === 'all' ? null : filter.show, view: filter.tiles === null ? null : filter.tiles ? 'tiles' : 'cards' };
}
