import type { BankFilter, ModemView } from '../model.ts';

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
