/** What an operator can do with a slot by one button. */
export interface SlotVerb {
  name: 'pause' | 'resume' | 'reconnect' | 'reset' | 'radio' | 'number';
  label: string;
  /** What happens, in words; what interrupts is asked for twice. */
  hint: string;
  interrupts: boolean;
}

export const SLOT_VERBS: readonly SlotVerb[] = [
  {
    name: 'pause',
    label: 'Take out of service',
    hint: 'Closes the port and leaves the modem alone until you put it back: open orders of its SIM wait. For swapping cards or cables.',
    interrupts: true,
  },
  { name: 'resume', label: 'Put back into service', hint: 'Opens the port again and reads what came meanwhile.', interrupts: false },
  {
    name: 'reconnect',
    label: 'Reconnect',
    hint: 'Closes and opens the port and sets the modem up anew. Takes a few seconds; nothing is lost.',
    interrupts: true,
  },
  {
    name: 'reset',
    label: 'Restart the modem',
    hint: 'The modem itself starts anew and registers again. Takes up to a minute; the network keeps messages that come meanwhile.',
    interrupts: true,
  },
  {
    name: 'radio',
    label: 'Radio off and on',
    hint: 'The modem leaves the network and registers again. Mends modems that are registered and hear nothing.',
    interrupts: true,
  },
  {
    name: 'number',
    label: 'Ask the network for the number',
    hint: 'By the carrier’s USSD code, as one dials it on a phone. Some carriers charge for it.',
    interrupts: false,
  },
];
