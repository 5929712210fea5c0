import type { Dialect, StorageName } from './dialect.ts';

/** What a modem can be told, and forgets without power. */
export interface EmulatorSettings {
  echo: boolean;
  verbose: boolean;
  errors: 0 | 1 | 2;
  radio: number;
  /** 0 PDU mode, 1 text mode. */
  format: number;
  charset: string;
  service: number;
  /** <mode>,<mt>,<bm>,<ds>,<bfr> of AT+CNMI. */
  notification: number[];
  /** The storage for reading, writing and receiving (AT+CPMS). */
  storages: [StorageName, StorageName, StorageName];
  /** <n> of AT+CREG, AT+CGREG and AT+CEREG. */
  registration: Readonly<Record<string, number>>;
  /** <format> of AT+COPS: 0 and 1 names, 2 the network's number. */
  networkFormat: number;
  phonebook: string;
}

/** As after power-on, AT&F or ATZ. */
export function powerOnSettings({ atStart, cpms, cnmi }: Dialect): EmulatorSettings {
  return {
    echo: true,
    verbose: atStart.verbose,
    errors: atStart.errors,
    radio: 1,
    format: 0,
    charset: atStart.charset,
    service: 0,
    notification: firstAccepted(cnmi.accepts),
    storages: [cpms.atStart, cpms.atStart, cpms.atStart],
    registration: {},
    networkFormat: 0,
    phonebook: 'SM',
  };
}

/** The values in a notation as `(0-2),(0,2),(1)` (TS 27.007 5.3), one list for each parameter. */
export function possibleValues(notation: string): number[][] {
  return [...notation.matchAll(/\(([^)]*)\)/g)].map(([, group = '']) =>
    group.split(',').flatMap((item) => {
      const [first = 0, last = first] = item.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, step) => first + step);
    }),
  );
}

function firstAccepted(notation: string): number[] {
  return possibleValues(notation).map(([first = 0]) => first);
}
