import { rfc3339 } from '../lib/clock.ts';
import { csvRecord } from './csv.ts';
import type { Column, ExportFormat } from './kinds.ts';

export type Cell = string | number | null;

/** How a file of a format is written. */
export interface Encoder {
  /** What stands before the first row. */
  readonly head: string;
  row(cells: readonly Cell[]): string;
}

/** U+FEFF at the start tells a spreadsheet that the file is UTF-8. */
const BOM = '\ufeff';

/** CSV (RFC 4180, with a header line) or JSON, one object a line (NDJSON); both are UTF-8. A byte order mark is for CSV alone: JSON may have none (RFC 8259 8.1). */
export function encoderOf(format: ExportFormat, columns: readonly Column[], bom: boolean): Encoder {
  const names = columns.map(({ name }) => name);
  const shown = (cells: readonly Cell[]): Cell[] =>
    cells.map((cell, i) => (columns[i]?.type === 'time' && typeof cell === 'number' ? rfc3339(cell) : cell));
  if (format === 'csv') return { head: (bom ? BOM : '') + csvRecord(names), row: (cells) => csvRecord(shown(cells)) };
  return {
    head: '',
    row: (cells) => `${JSON.stringify(Object.fromEntries(shown(cells).map((cell, i) => [names[i], cell])))}\n`,
  };
}
