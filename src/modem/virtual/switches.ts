import type { Emulator } from './emulator.ts';
import type { FaultParameters } from './fault-set.ts';
import type { FaultName } from './faults.ts';
import { pictureNotice, statusReport } from './strangers.ts';

const PIN = '1234';
const OTHER_PIN = '9753';

/** Turns a fault of the modem, its card or its network on or off; what the modem says at once because of it. */
export function switchFault(modem: Emulator, name: FaultName, on: boolean, parameters: FaultParameters = {}): string {
  if (name === 'mms_push') return on ? announcePicture(modem) : '';
  if (on) modem.faults.turnOn(name, parameters);
  else modem.faults.turnOff(name);
  return said(modem, on ? begin(modem, name, parameters) : end(modem, name));
}

function begin(modem: Emulator, name: FaultName, parameters: FaultParameters): string {
  switch (name) {
    case 'silent':
      modem.urcPort = modem.dialect.urcPort?.wrong ?? null;
      return '';
    case 'wrong_storage':
      return misplacedReport(modem);
    case 'full':
      return modem.mailbox.fill();
    case 'denied':
      return registration(modem, 3);
    case 'sim_removed':
      return '\r\n+CPIN: NOT INSERTED\r\n';
    case 'pin':
    case 'wrong_pin':
      modem.sim.setPin(String(parameters['pin'] ?? (name === 'pin' ? PIN : OTHER_PIN)));
      modem.onChange();
      return '\r\n+CPIN: SIM PIN\r\n';
    default:
      return '';
  }
}

function end(modem: Emulator, name: FaultName): string {
  switch (name) {
    case 'silent':
      modem.urcPort = modem.dialect.urcPort?.right[0] ?? null;
      return '';
    case 'full':
      return modem.mailbox.unfill();
    case 'wrong_storage':
      modem.storages.SR.deleteForeign();
      modem.onChange();
      return '';
    case 'lost_part':
    case 'pushed':
      return modem.mailbox.releaseDue(true);
    case 'deaf':
      return modem.mailbox.release();
    case 'denied':
      return registration(modem, 1) + modem.mailbox.release();
    case 'sim_removed':
      modem.startSim();
      return `\r\n+CPIN: ${modem.sim.state}\r\n${modem.mailbox.release()}`;
    case 'pin':
    case 'wrong_pin':
      modem.sim.setPin(null);
      modem.onChange();
      return `\r\n+CPIN: READY\r\n${modem.mailbox.release()}`;
    default:
      return '';
  }
}

/** What comes out on this port of what it says. */
function said(modem: Emulator, text: string): string {
  return modem.announces ? text : '';
}

function registration(modem: Emulator, stat: number): string {
  return (modem.settings.registration['CREG'] ?? 0) > 0 ? `\r\n+CREG: ${stat}\r\n` : '';
}

/** A status report that lies in SR and is announced as if it lay on the SIM. */
function misplacedReport(modem: Emulator): string {
  const index = modem.dialect.cpms.storages.includes('SR') ? modem.storages.SR.add(statusReport()) : null;
  modem.onChange();
  return index === null ? '' : `\r\n+CDSI: "SM",${index}\r\n`;
}

function announcePicture(modem: Emulator): string {
  const receiving = modem.settings.storages[2];
  const index = modem.isReachable ? modem.storages[receiving].add(pictureNotice()) : null;
  modem.onChange();
  if (index === null || modem.settings.notification[1] === 0) return '';
  return said(modem, `\r\n+CMTI: "${receiving}",${index},"MMS PUSH",2,1\r\n`);
}
