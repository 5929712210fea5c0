import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { AtChannel } from '../../src/modem/at/channel.ts';
import type { Urc } from '../../src/modem/at/urc.ts';
import { checkHealth } from '../../src/modem/health.ts';
import { JobQueue } from '../../src/modem/inbox/jobs.ts';
import { listStorage } from '../../src/modem/inbox/reading.ts';
import { readCapabilities } from '../../src/modem/setup/capabilities.ts';
import { initialiseModem, readSimLock } from '../../src/modem/setup/initialise.ts';
import { setUpMessaging } from '../../src/modem/setup/messaging.ts';
import { repairAnnouncements } from '../../src/modem/setup/repair.ts';
import type { Dialect } from '../../src/modem/virtual/dialect.ts';
import { DIALECTS } from '../../src/modem/virtual/dialects.ts';
import { Emulator } from '../../src/modem/virtual/emulator.ts';
import { virtualIdentity, virtualImei } from '../../src/modem/virtual/numbers.ts';
import { BenchLine, HELLO, HELLO_LENGTH, QUICK, until } from './bench.ts';
import { lonelyStatus } from './setup-line.ts';

// A modem that answers without an end costs seconds, and the machine may be busy.
setDefaultTimeout(20_000);

/** The profile each dialect is to be given, by what it says of itself alone. */
const PROFILE_OF: Readonly<Record<string, string>> = {
  generic: 'virtual',
  'quectel-ec25': 'quectel',
  'simcom-sim7600': 'simcom',
  'huawei-e3531': 'huawei',
  'zte-mf': 'zte',
  'sierra-mc7455': 'sierra',
  'fibocom-l6xx': 'fibocom',
  'simcom-sim800': 'simcom-sim800',
  'telit-le910': 'telit',
  'cinterion-mc35': 'siemens-mc35',
  'ublox-sara': 'ublox',
  wavecom: 'wavecom',
  'neoway-m590': 'neoway',
};

async function bringUp(dialect: Dialect) {
  const emulator = new Emulator({ identity: virtualIdentity(1), imei: virtualImei(1), dialect });
  const line = new BenchLine(emulator);
  const urcs: Urc[] = [];
  const events = { urc: (urc: Urc) => void urcs.push(urc), echo: () => {}, fault: () => {}, dead: () => {} };
  const channel = new AtChannel(line, systemClock, events, QUICK);
  expect(await channel.handshake()).toBe(true);
  const status = lonelyStatus();
  const { profile } = await initialiseModem(channel, status, silentLog);
  const lock = await readSimLock(channel, profile, 10);
  const messaging = await setUpMessaging(channel, profile, 10);
  if (!messaging.ok) throw new Error(messaging.detail);
  return { emulator, line, urcs, channel, status, profile, lock, ...messaging };
}

const announced = (urcs: readonly Urc[]) => urcs.filter(({ kind }) => kind === 'announced').length;

describe.each(DIALECTS.map((dialect) => [dialect.name, dialect] as const))('%s', (name, dialect) => {
  test('is set up, announces, and is read', async () => {
    const modem = await bringUp(dialect);
    const { emulator, line, channel, storages, status } = modem;
    expect([modem.profile.name, modem.lock]).toEqual([PROFILE_OF[name] ?? name, { state: 'ready' }]);
    expect(status.snapshot()).toMatchObject({ imei: virtualImei(1), profile: modem.profile.name });
    expect(modem.notifies).toBe(true);
    expect(storages.names).not.toContain('MT');
    expect(storages.names[0]).toBe(storages.receives);
    expect(emulator.settings).toMatchObject({ format: 0, echo: false, verbose: true });
    expect((await readCapabilities(channel)).notification.values?.length).toBe(5);

    line.deliver();
    await until('an announcement', () => announced(modem.urcs) > 0);
    const found = await listStorage(channel, storages, storages.receives);
    expect(found).toMatchObject({ ok: true, entries: [{ pdu: HELLO }] });
    await checkHealth(channel, new JobQueue(), storages, status);
    expect(status.snapshot()).toMatchObject({ registration: 'home' });
    expect(status.snapshot().signalDbm).toBeLessThan(0);
    expect(line.commands.filter((command) => /^AT(Z|&|\+IPR)/i.test(command))).toEqual([]);
    channel.close();
  });

  test('is brought to announce when another port got what it says', async () => {
    const { urcPort } = dialect;
    const modem = await bringUp(dialect);
    if (urcPort !== null) {
      modem.emulator.urcPort = typeof urcPort.wrong === 'string' ? urcPort.wrong : (urcPort.wrong[0] ?? null);
      modem.line.deliver();
      await modem.channel.send({ text: 'AT', timeoutMs: 1_000 });
      expect(announced(modem.urcs)).toBe(0);
    }
    const delivered = async () => {
      modem.line.deliver(HELLO, HELLO_LENGTH);
      // What was said before this answer has come by now.
      await modem.channel.send({ text: 'AT', timeoutMs: 1_000 });
      return announced(modem.urcs) > 0;
    };
    if (urcPort === null) expect(await repairAnnouncements(modem.channel, modem.profile)).toMatchObject({ changed: false });
    let heard = urcPort === null && (await delivered());
    for (let ports = 0; !heard && ports < 3; ports++) {
      expect(await repairAnnouncements(modem.channel, modem.profile)).toMatchObject({ changed: true });
      heard = await delivered();
    }
    expect(heard).toBe(true);
    modem.channel.close();
  });
});
