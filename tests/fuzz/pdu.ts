import { asJson } from '../../src/cli/pdu.ts';
import { type DecodedPdu, decodePdu } from '../../src/gsm/deliver.ts';
import { fingerprint } from '../../src/gsm/fingerprint.ts';
import { joinText } from '../../src/gsm/join.ts';
import { toHex } from '../../src/gsm/octets.ts';
import { makePool, mutated } from './pdu-pool.ts';
import { Random } from './random.ts';

export interface PduReport {
  count: number;
  /** How often what came out: `sound`, `flagged`, `text with error`, `error`. */
  outcomes: Record<string, number>;
  seconds: number;
  slowestMs: number;
  slowest: string;
  /** What must never be, with the line that did it. Empty when all is well. */
  violations: string[];
}

const MOST_VIOLATIONS = 20;
const WINDOW = 6;
/** No PDU has more characters than this: 255 septets, each at most one UTF-16 unit (an escape takes two), or as many UCS2 octets. */
const MOST_CHARACTERS = 255;

/** Decodes, prints, fingerprints and joins `count` damaged PDUs. */
export function fuzzPdus(count: number, seed: number): PduReport {
  const random = new Random(seed);
  const pool = makePool(random);
  const report: PduReport = { count, outcomes: {}, seconds: 0, slowestMs: 0, slowest: '', violations: [] };
  const latest: DecodedPdu[] = [];
  const startedAtMs = performance.now();
  for (let i = 0; i < count; i++) {
    const line = lineOf(random, mutated(random, pool));
    const beganAtMs = performance.now();
    let complaint: string | null;
    try {
      const pdu = tryLine(random, line, latest);
      const outcome = outcomeOf(pdu);
      report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1;
      complaint = whatIsWrong(pdu, line);
    } catch (thrown) {
      complaint = `threw ${String(thrown)}`;
    }
    const tookMs = performance.now() - beganAtMs;
    if (tookMs > report.slowestMs) Object.assign(report, { slowestMs: tookMs, slowest: line });
    if (complaint !== null && report.violations.length < MOST_VIOLATIONS) report.violations.push(`${complaint}: ${line}`);
  }
  report.seconds = (performance.now() - startedAtMs) / 1000;
  return report;
}

/** As hex, sometimes with a character that is none or half an octet. */
function lineOf(random: Random, octets: Uint8Array): string {
  const hex = toHex(octets);
  if (!random.chance(0.03)) return hex;
  const at = random.below(hex.length + 1);
  return hex.slice(0, at) + random.pick(['', 'G', ' ', '\u0000', 'é', '0', 'x']) + hex.slice(at + 1);
}

function tryLine(random: Random, line: string, latest: DecodedPdu[]): DecodedPdu {
  const smsc = random.pick(['present', 'present', 'absent', 'auto'] as const);
  const length = random.chance(0.5) ? null : random.below(180);
  const pdu = decodePdu(line, { smsc, length });
  JSON.stringify(asJson(pdu));
  fingerprint('8988303000000000001', line, { smsc, length });
  latest.push(pdu);
  if (latest.length > WINDOW) latest.shift();
  const joined = joinText(latest.toSorted((a, b) => (a.concat?.seq ?? 0) - (b.concat?.seq ?? 0)));
  if (!joined.isWellFormed()) throw new Error('a joined text with half a surrogate pair');
  return pdu;
}

function outcomeOf(pdu: DecodedPdu): string {
  if (pdu.error !== null) return pdu.text === null ? 'error' : 'text with error';
  return pdu.flags.length > 0 ? 'flagged' : 'sound';
}

function whatIsWrong(pdu: DecodedPdu, line: string): string | null {
  const octets = line.length / 2 + 1;
  if ((pdu.error !== null) !== pdu.errors.length > 0 && pdu.error !== null) return 'an error without its place';
  if (pdu.errors.some(({ field, octet, message }) => field === '' || message === '' || !(octet >= 0 && octet <= octets)))
    return 'an error with a place outside of the PDU';
  if (pdu.text !== null && (!pdu.text.isWellFormed() || pdu.text.length > MOST_CHARACTERS)) return 'an impossible text';
  if (pdu.concat !== null && !(pdu.concat.seq >= 1 && pdu.concat.seq <= pdu.concat.total)) return 'an impossible part';
  if (pdu.scts !== null && Number.isNaN(Date.parse(pdu.scts))) return 'an impossible time';
  return null;
}
