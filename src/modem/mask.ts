/** Commands whose arguments hold a PIN, PUK or network password (TS 27.007 7.4, 7.5, 8.3; makers' forms). */
const SECRET_COMMAND = /(AT)?([+^#*](?:CPIN2?|CLCK|CPWD|EPIN|PIN)=)(?!\?)(.*)$/is;
/** Each quoted text, and each run of digits outside of quotes, that could be the secret: the facility before it is not. */
const SECRET_ARGUMENT = /"[^"]*"?|\d{3,}/g;
/** Names a lock (`SC`, `P2` …), not a secret (TS 27.007 7.4). */
const FACILITY = /^"?[A-Z][A-Z0-9]"?$/;
/** A line of an SMS in PDU mode: nothing but whole octets of hex, more of them than an IMSI, IMEI or ICCID has. */
const PDU_LINE = /^(?:[0-9A-Fa-f]{2}){12,}$/;
/** A long run of hex inside a line: a header with its PDU glued on, or an answer to AT+CRSM. */
const PDU_INSIDE = /[0-9A-Fa-f]{32,}/g;
/** What carries the text of a person or of the network: any part of its quoted text may be a code. */
const CARRIES_TEXT = /^[+^]?(H?CMT|H?CMGR|CMGL|CDS|CBM|CUSD|CUSATP)\b/i;
/** Some give the network's text without quotes. */
const NETWORK_TEXT = /^\+?CUSD\b/i;
/** A network answer as hex: UCS-2, or septets packed (TS 27.007 7.15, makers' ways). */
const HEX_ANSWER = /^(\+CUSD:[^"]*")([0-9A-Fa-f]{8,})("?)/i;
const CODE = /(?<!\d)\d(?:[ -]?\d){3,7}(?!\d)/g;

/**
 * A line of a modem's dialogue as people may see it: PINs and passwords are `****`, a PDU (TS 27.005 3.1) is told by its length alone, and in
 * the texts of messages and network answers runs of 4 to 8 digits are `****`. Everything else stays. One line or several; pure.
 */
export function maskDialogue(text: string): string {
  return text
    .split('\n')
    .map((line, at) => maskLine(line, at > 0 && CARRIES_TEXT.test(text)))
    .join('\n');
}

/** `continues`: the line belongs to a quoted text that began on an earlier line. */
function maskLine(line: string, continues: boolean): string {
  const trimmed = line.trim();
  if (PDU_LINE.test(trimmed)) return octetsOf(trimmed);
  const secret = SECRET_COMMAND.exec(line);
  if (secret !== null) return line.slice(0, secret.index) + (secret[1] ?? '') + (secret[2] ?? '') + maskArguments(secret[3] ?? '');
  const short = line
    .replace(HEX_ANSWER, (_whole, before, hex, after) => `${before}<hex, ${Math.ceil(hex.length / 2)} octets>${after}`)
    .replace(PDU_INSIDE, octetsOf);
  if (continues || NETWORK_TEXT.test(trimmed)) return short.replace(CODE, '****');
  return CARRIES_TEXT.test(trimmed) ? maskQuoted(short) : short;
}

function maskArguments(text: string): string {
  return text.replace(SECRET_ARGUMENT, (argument) => {
    if (FACILITY.test(argument)) return argument;
    return argument.startsWith('"') ? '"****"' : '****';
  });
}

/** Only what stands in quotes, also in quotes that never close; a number of the sender is no code, and longer. */
function maskQuoted(line: string): string {
  return line.replace(/"[^"]*"?/g, (quoted) => quoted.replace(CODE, '****'));
}

function octetsOf(hex: string): string {
  return `<PDU, ${Math.ceil(hex.length / 2)} octets>`;
}
