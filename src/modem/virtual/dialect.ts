/** The storages of TS 27.005 3.1 a virtual modem may have: SIM, modem, status reports. */
export type StorageName = 'SM' | 'ME' | 'SR';

/** Something the modem says by itself, a while after power-on. */
export interface BootLine {
  afterMs: number;
  text: string;
}

/** A command whose answer is a template: `{iccid}`, `{swapped}` (nibbles of EF-ICCID), `{imei}`, `{pin}`, `{puk}` (tries left). */
export interface Template {
  /** Without `AT`. */
  command: string;
  lines: readonly string[];
}

/** A setting that decides whether announcements come out on this port (makers' manuals; it outlives a restart). */
export interface UrcPort {
  /** The command up to the value, and what follows it: `+QURCCFG="urcport",` `"usbat"`. */
  set: string;
  query: string;
  answer: string;
  values: readonly string[];
  /** With these, announcements come out on our port. */
  right: readonly string[];
  wrong: string;
}

/** How one family of modems differs from the others in what it says and understands. */
export interface Dialect {
  name: string;
  identity: { cgmi: readonly string[]; cgmm: readonly string[]; cgmr: readonly string[]; cgsn: readonly string[]; ati: readonly string[] };
  /** The commands that tell the ICCID; AT+CRSM does in every dialect. */
  iccid: readonly Template[];
  /** The data of a +CRSM answer stands in quotes. */
  crsmQuoted: boolean;
  /** Where the SIM's own number can be read. */
  ownNumber: 'cnum' | 'phonebook' | 'msisdn';
  cpin: 'spaced' | 'tight' | 'quoted' | 'no_ok';
  pinTries: Template | null;
  /** What AT+CNMI=? says of <mode>,<mt>,<bm>,<ds>,<bfr>, and what is accepted: some say more than they do. */
  cnmi: { test: string; accepts: string };
  /** Groups of the answer to setting AT+CPMS (0: a bare OK), whether all three must be named, and which storages there are. */
  cpms: { groups: 0 | 1 | 2 | 3; needsAll: boolean; storages: readonly StorageName[]; atStart: StorageName; smCapacity: number };
  /** The number of a storage's first place. */
  indexBase: 0 | 1;
  header: { alpha: '' | '""'; tail: '' | ',0'; countsServiceCentre: boolean };
  /** What a free place looks like in a listing, or null when it is left out. */
  filler: string | null;
  /** AT+CMGL exists. */
  lists: boolean;
  /** What AT+CMGR says of a free place: an error, nothing, or an empty header. */
  emptyRead: 'error' | 'ok' | 'empty_header';
  /** The answer to AT+CMGD=?; null: the places in use. */
  cmgdTest: string | null;
  /** `{storage}` and `{index}` in the announcement of a stored message. */
  cmti: string;
  fullNotice: string | null;
  servesPhase2Plus: boolean;
  atStart: { charset: 'GSM' | 'IRA' | 'UCS2'; verbose: boolean; errors: 0 | 1 | 2 };
  unknownCommand: string;
  ussd: { form: 'plain' | 'packed' | 'ucs2'; before: boolean };
  urcPort: UrcPort | null;
  /** Commands that restart it. */
  resets: readonly string[];
  boot: { lines: readonly BootLine[]; takesMs: number; hangsUp: boolean };
  simBusyMs: number;
  /** Said over and over while somebody talks to it; `untilCommand` ends it. */
  flood: { lines: readonly string[]; everyMs: number; untilCommand: string | null } | null;
}

/** A dialect by what it does not share with the generic one. */
export type Family = Partial<Dialect> & Pick<Dialect, 'name' | 'identity'>;

/** A well-behaved modem after the standards; every other dialect is described by how it differs. */
export const GENERIC: Dialect = {
  name: 'generic',
  identity: {
    cgmi: ['SMSPin'],
    cgmm: ['Virtual Modem'],
    cgmr: ['+CGMR: 1'],
    cgsn: ['{imei}'],
    ati: ['SMSPin', 'Virtual Modem', 'Revision: 1'],
  },
  iccid: [
    { command: '+CCID', lines: ['+CCID: {iccid}'] },
    { command: '+QCCID', lines: ['+QCCID: {iccid}'] },
  ],
  crsmQuoted: true,
  ownNumber: 'cnum',
  cpin: 'spaced',
  pinTries: { command: '+CPINR', lines: ['+CPINR: SIM PIN,{pin},3', '+CPINR: SIM PUK,{puk},10'] },
  cnmi: { test: '(0-2),(0,1),(0),(0),(0,1)', accepts: '(0-2),(0,1),(0),(0),(0,1)' },
  cpms: { groups: 3, needsAll: false, storages: ['SM', 'ME'], atStart: 'SM', smCapacity: 20 },
  indexBase: 1,
  header: { alpha: '', tail: '', countsServiceCentre: false },
  filler: null,
  lists: true,
  emptyRead: 'error',
  cmgdTest: null,
  cmti: '"{storage}",{index}',
  fullNotice: null,
  servesPhase2Plus: false,
  atStart: { charset: 'GSM', verbose: true, errors: 0 },
  unknownCommand: 'ERROR',
  ussd: { form: 'plain', before: false },
  urcPort: null,
  resets: ['+CFUN=1,1'],
  boot: { lines: [], takesMs: 200, hangsUp: false },
  simBusyMs: 0,
  flood: null,
};
