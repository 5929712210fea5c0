import { decodeSeptets, ESCAPE } from './alphabet.ts';
import type { DecodedPdu } from './deliver.ts';
import { concatOctets } from './octets.ts';
import { decodeUcs2 } from './userdata.ts';

/** Stands where parts are missing, so that digits on both sides never read as one number. */
export const GAP = '…';

/**
 * The text of a long message from its parts, given in the order of their sequence numbers; one part alone is a message too.
 *
 * Parts may be missing: each gap, also at the start and the end, shows as `…`. Neighbouring UCS2 parts are joined as octets before they
 * are decoded, so a surrogate pair split between them survives; neighbouring septet parts are joined when the first ends in an escape and
 * both use the same tables. Parts without text (8 bit data) add nothing.
 */
export function joinText(parts: readonly DecodedPdu[]): string {
  let text = '';
  let run: DecodedPdu[] = [];
  let due = 1;
  for (const part of parts) {
    const seq = part.concat?.seq ?? due;
    const previous = run.at(-1);
    const neighbours = seq === due;
    if (previous && !(neighbours && belongTogether(previous, part))) {
      text += decodeRun(run);
      run = [];
    }
    if (!neighbours) text += GAP;
    run.push(part);
    due = seq + 1;
  }
  text += decodeRun(run);
  const total = parts.at(-1)?.concat?.total ?? 0;
  return due <= total ? text + GAP : text;
}

function belongTogether(first: DecodedPdu, second: DecodedPdu): boolean {
  if (first.coding !== second.coding) return false;
  if (first.coding === 'ucs2') return true;
  const sameTables = first.language.locking === second.language.locking && first.language.single === second.language.single;
  return first.coding === 'gsm7' && sameTables && first.septets?.at(-1) === ESCAPE;
}

function decodeRun(run: readonly DecodedPdu[]): string {
  const [first] = run;
  if (first === undefined) return '';
  if (run.length === 1) return first.text ?? '';
  if (first.coding === 'ucs2') return decodeUcs2(concatOctets(...run.map((part) => wholeUnits(part.userData.subarray(part.headerOctets)))));
  return decodeSeptets(concatOctets(...run.map((part) => part.septets ?? new Uint8Array())), first.language);
}

/** A part with half a unit at its end must not shift the units of the next, nor may a byte order mark of its own stand inside the text. */
function wholeUnits(octets: Uint8Array): Uint8Array {
  const start = octets[0] === 0xfe && octets[1] === 0xff ? 2 : 0;
  return octets.subarray(start, octets.length - (octets.length % 2));
}
