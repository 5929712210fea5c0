const TELEMATIC_GROUP = 0x40;

/**
 * What a protocol identifier asks of the receiver (TS 23.040 9.2.3.9), as flags: `type_0` (silent: acknowledged and shown to nobody),
 * `replace_type_1` … `replace_type_7` (takes the place of the message with the same type and sender), `return_call`, `me_download`,
 * `sim_download` (for the modem or the SIM). None for all others: interworking and values without a meaning are read as plain messages.
 */
export function protocolFlags(pid: number): string[] {
  const asked = pid - TELEMATIC_GROUP;
  if (asked >= 1 && asked <= 7) return [`replace_type_${asked}`];
  const flag = FLAGS.get(pid);
  return flag === undefined ? [] : [flag];
}

const FLAGS: ReadonlyMap<number, string> = new Map([
  [0x40, 'type_0'],
  [0x5f, 'return_call'],
  [0x7d, 'me_download'],
  [0x7e, 'me_download'],
  [0x7f, 'sim_download'],
]);
