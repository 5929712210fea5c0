import type { Config } from '../config.ts';
import { type Survey, survey } from '../modem/discovery/survey.ts';
import { describeHolder } from '../modem/line/holder.ts';
import { type Finding, fail, ok, warn } from './doctor-finding.ts';

/** The ports of the modems, as `smspin modem scan` sees them. Nothing is opened. */
export function lookAtModems({ modems }: Config): Finding[] {
  return modemFindings(survey(modems));
}

/** Pure. */
export function modemFindings({ ports, sticks, warnings }: Survey): Finding[] {
  const used = ports.filter((port) => port.used || port.probe);
  const findings = [
    ...used.flatMap(({ port, accessible, holder, next }): Finding[] => {
      if (accessible === false)
        return [
          fail(
            'modem port',
            `${port} may not be opened by this user.`,
            next ?? `Give it to the group dialout (smspin modem scan --udev prints the rule).`,
          ),
        ];
      if (holder !== null && !holder.isServer)
        return [fail('modem port', `${port} is held by ${describeHolder(holder)}.`, next ?? 'Stop that program.')];
      return next === null ? [] : [warn('modem port', `${port} is not ready to be used.`, next)];
    }),
    ...sticks.map(({ device, usbId, name, advice }) => warn('modem', `${name} (${usbId}, usb:${device}) shows no serial port.`, advice)),
    // ModemManager has a finding of its own.
    ...warnings.filter((one) => !one.includes('ModemManager')).map((one) => warn('modem port', one, 'smspin modem scan tells more.')),
  ];
  if (findings.length > 0) return findings;
  return used.length === 0
    ? [
        warn(
          'modem port',
          'There is no modem: the virtual bank stands in, or nothing is sold.',
          'Plug one in, or name its port in modems.ports; smspin modem scan says what is seen.',
        ),
      ]
    : [ok('modem port', `${used.length} ${used.length === 1 ? 'port is' : 'ports are'} there and can be used.`)];
}
