/** What can be made to go wrong with a virtual modem, its line, its SIM or its network: one row per fault, for people and for programs. */
export interface Fault {
  name: FaultName;
  /** A few words, for a button. */
  label: string;
  /** What then happens, in a sentence. */
  hint: string;
  /** Happens once and is over; otherwise a switch that stays until it is turned off. */
  momentary: boolean;
}

const ROWS = [
  ['unplug', 'Unplug', 'The modem is pulled out of its socket until it is put back.', false],
  ['freeze', 'Freeze', 'The modem hears and says nothing; when thawed, everything comes out late.', false],
  ['reboot', 'Reboot', 'The modem restarts, forgets its settings and says so in its own words.', true],
  ['late', 'Late answer', 'The next answer comes only after the reader has given up waiting for it.', true],
  ['stray_final', 'Final result too many', 'Now and then the modem says OK or ERROR once more than it was asked.', false],
  ['noise', 'Line noise', 'Random octets appear between and inside the lines.', false],
  ['echo', 'Echo', 'The modem repeats every command, whatever it was told.', false],
  ['garbage_open', 'Leftovers', 'Leftover octets and half a line lie on the line whenever a reader starts.', false],
  ['slow_9600', 'Serial line at 9600', 'A real serial line at 9600 baud: slow, and garbage at any other rate.', false],
  ['slow_115200', 'Serial line at 115200', 'A real serial line at 115200 baud: garbage at any other rate.', false],
  ['silent', 'No announcements', 'New messages are stored but announced on another port.', false],
  ['no_index', 'No index', 'Announcements do not say where the message lies.', false],
  ['wrong_storage', 'Wrong storage', 'Announcements name a storage in which the message does not lie.', false],
  ['mms_push', 'MMS notice', 'A picture message is announced, in the long form some modems use.', true],
  ['pushed', 'Pushed messages', 'Messages are handed over in the announcement instead of being stored first.', false],
  ['urc_inside', 'Notices in listings', 'Notices of other kinds break into the listing of messages.', false],
  ['glued', 'Glued lines', 'The next header of a listing sticks to the end of the line before it.', false],
  ['truncated', 'Cut lines', 'Message lines lose their last octets.', false],
  ['duplicate', 'Delivered twice', 'The network delivers every message twice, by different service centres.', false],
  ['reorder', 'Parts out of order', 'The parts of a long message come in any order.', false],
  ['lost_part', 'Missing part', 'One part of a long message comes much later than the others.', false],
  ['full', 'Storage full', 'Other messages fill the storage; new ones wait in the network.', false],
  ['deaf', 'Deaf', 'Registered, but the network delivers nothing until the radio is switched off and on.', false],
  ['denied', 'Registration denied', 'The network refuses the SIM; messages wait.', false],
  ['sim_removed', 'SIM removed', 'The SIM is out of its holder until it is put back.', false],
  ['pin', 'PIN asked', 'The SIM asks for its PIN, which is 1234.', false],
  ['wrong_pin', 'Other PIN', 'The SIM asks for a PIN that is not the configured one: 9753.', false],
] as const satisfies readonly (readonly [string, string, string, boolean])[];

export type FaultName = (typeof ROWS)[number][0];

/** Every fault there is, in the order they are shown. */
export const FAULTS: readonly Fault[] = ROWS.map(([name, label, hint, momentary]) => ({ name, label, hint, momentary }));

/** The fault of that name, or null. */
export function faultNamed(name: unknown): Fault | null {
  return FAULTS.find((fault) => fault.name === name) ?? null;
}
