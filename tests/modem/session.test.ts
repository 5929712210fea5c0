import { describe, expect, test } from 'bun:test';
import type { ModemSession, SessionDeps } from '../../src/modem/session.ts';
import { virtualIdentity } from '../../src/modem/virtual/numbers.ts';
import { BenchLine, HELLO, HELLO_LENGTH, Recorder, startSession, until } from './bench.ts';

interface Bench {
  line: BenchLine;
  recorder: Recorder;
  session: ModemSession;
}

async function bench(
  prepare: (bench: { line: BenchLine; recorder: Recorder }) => void,
  changes: Partial<SessionDeps> = {},
): Promise<Bench> {
  const line = new BenchLine();
  const recorder = new Recorder();
  prepare({ line, recorder });
  return { line, recorder, session: startSession(line, recorder, changes) };
}

async function ready(
  prepare: (bench: { line: BenchLine; recorder: Recorder }) => void = () => {},
  changes: Partial<SessionDeps> = {},
): Promise<Bench> {
  const made = await bench(prepare, changes);
  await until('ready', () => made.recorder.isReady() && made.recorder.snapshot?.state === 'ready');
  return made;
}

const ICCID = virtualIdentity(0).iccid;

describe('setting up', () => {
  test('a modem is identified before its messages are read, and ready only after they are stored and deleted', async () => {
    const { line, recorder, session } = await ready(({ line }) => {
      for (let i = 0; i < 3; i++) line.deliver();
    });
    expect(recorder.events).toEqual([`identified ${ICCID}`, 'store sweep SM 1, sweep SM 2, sweep SM 3', `ready ${ICCID}`]);
    expect(line.held).toBe(0);
    expect(recorder.parts[0]).toMatchObject({
      iccid: ICCID,
      storage: 'SM',
      index: 1,
      pdu: HELLO,
      length: HELLO_LENGTH,
      stat: 0,
      how: 'sweep',
    });
    expect(recorder.sims[0]).toMatchObject({ number: '+447700900000', imsi: '001010000000001', virtual: true, manufacturer: 'SMSPin' });
    await session.stop('done');
    expect(recorder.events.at(-1)).toBe(`lost ${ICCID}: done`);
    expect(line.closed).toBe(true);
  });

  test('both storages are swept, and never deleted from by flags', async () => {
    const { line, session } = await ready(({ line }) => {
      line.emulator.storages.ME.add({ pdu: HELLO, length: HELLO_LENGTH, stat: 1 });
      line.deliver();
    });
    expect(line.held).toBe(0);
    const deletes = line.commands.filter((command) => command.startsWith('AT+CMGD'));
    expect(deletes).toEqual(['AT+CMGD=1', 'AT+CMGD=1']);
    expect(line.commands.filter((command) => /^AT(Z|&)/.test(command))).toEqual([]);
    await session.stop('done');
  });

  test.each([
    ['2,1,0,0,0', []],
    ['2,1', ['2,1,0,0,0']],
    ['1,1', ['2,1,0,0,0', '2,1', '1,1,0,0,0']],
    ['2,1,0,0,1', ['2,1,0,0,0', '2,1', '1,1,0,0,0', '1,1', '3,1,0,0,0']],
  ])('notification %s is found after the refused ones', async (accepted, refused) => {
    const { line, session } = await ready(({ line }) => {
      line.override = (command) => {
        if (command === 'AT+CNMI=?') return '\r\nERROR\r\n';
        if (command === 'AT+CNMI?') return `\r\n+CNMI: ${accepted}\r\n\r\nOK\r\n`;
        if (command.startsWith('AT+CNMI=')) return command === `AT+CNMI=${accepted}` ? '\r\nOK\r\n' : '\r\n+CMS ERROR: 303\r\n';
        return null;
      };
    });
    const tried = line.commands.filter((command) => /^AT\+CNMI=\d/.test(command)).map((command) => command.slice(8));
    expect(tried).toEqual([...refused, accepted]);
    await session.stop('done');
  });

  test('without CMGL each place is read by itself, place 0 included', async () => {
    const { line, recorder, session } = await ready(({ line }) => {
      line.deliver();
      line.override = (command) => (command.startsWith('AT+CMGL') ? '\r\nERROR\r\n' : null);
    });
    expect(line.commands).toContain('AT+CMGR=0');
    expect(recorder.parts.map((part) => part.index)).toEqual([1]);
    expect(line.held).toBe(0);
    await session.stop('done');
  });

  test('a missing SIM is reported and picked up when it comes', async () => {
    let inserted = false;
    const { line, recorder, session } = await bench(({ line }) => {
      line.override = (command) => (command === 'AT+CPIN?' && !inserted ? '\r\n+CME ERROR: 10\r\n' : null);
    });
    await until('missing', () => recorder.snapshot?.state === 'sim_missing');
    expect(recorder.snapshot?.detail).toBe('no SIM in the modem');
    inserted = true;
    line.say('\r\n+CPIN: READY\r\n');
    await until('ready', () => recorder.isReady());
    await session.stop('done');
  });

  test('a SIM that tells its ICCID in no known way is refused with a reason', async () => {
    const { recorder, session } = await bench(({ line }) => {
      line.override = (command) => (/CCID|CRSM/.test(command) ? '\r\nERROR\r\n' : null);
    });
    await until('failed', () => recorder.snapshot?.state === 'failed');
    expect(recorder.snapshot?.detail).toBe('the modem does not tell the ICCID of its SIM');
    expect(recorder.events).toEqual([]);
    await session.stop('done');
  });

  test('the ICCID is read from the card itself where no command tells it', async () => {
    const swapped = `${ICCID}F`.replace(/(.)(.)/g, '$2$1');
    const { recorder, session } = await ready(({ line }) => {
      line.override = (command) => {
        if (command.startsWith('AT+CRSM')) return `\r\n+CRSM: 144,0,"${swapped}"\r\n\r\nOK\r\n`;
        return /CCID/.test(command) ? '\r\nERROR\r\n' : null;
      };
    });
    expect(recorder.sims[0]?.iccid).toBe(ICCID);
    await session.stop('done');
  });

  test('something that does not answer like a modem ends the session', async () => {
    const { line, session, recorder } = await bench(({ line }) => {
      line.silent = true;
    });
    expect(await session.ended).toMatchObject({ reason: 'the modem does not answer', answered: false, served: false, mute: true });
    expect(line.closed).toBe(true);
    expect(recorder.events).toEqual([]);
  });
});

describe('live', () => {
  test('an announced message is read on the turn of its announcement, stored, then deleted', async () => {
    const { line, recorder, session } = await ready();
    line.commands.length = 0;
    line.deliver();
    await until('stored and deleted', () => recorder.parts.length === 1 && line.held === 0);
    expect(line.commands.filter((command) => /CMG[RD]|CPMS=/.test(command))).toEqual(['AT+CMGR=1', 'AT+CMGD=1']);
    expect(recorder.parts[0]).toMatchObject({ how: 'urc', storage: 'SM', index: 1, pdu: HELLO });
    expect(recorder.snapshot).toMatchObject({ partsByUrc: 1, partsBySweep: 0, errors: 0 });
    await session.stop('done');
  });

  test('a commit that takes its time does not hold up the next message, and nothing is deleted before', async () => {
    const gate = Promise.withResolvers<void>();
    const { line, recorder, session } = await ready();
    let asked = 0;
    recorder.beforeStore = () => {
      asked++;
      return gate.promise;
    };
    line.deliver();
    line.deliver();
    await until('both read', () => asked === 2);
    expect(line.held).toBe(2);
    let isRead = false;
    void session.readNow().then((outcome) => {
      isRead = outcome;
    });
    await Bun.sleep(30);
    expect(isRead).toBe(false);
    expect(line.commands.filter((command) => command.startsWith('AT+CMGD'))).toEqual([]);
    gate.resolve();
    await until('deleted', () => line.held === 0);
    await until('read', () => isRead);
    await session.stop('done');
  });

  test('what could not be stored stays on the modem and comes with the next sweep', async () => {
    const { line, recorder, session } = await ready();
    let refusals = 1;
    recorder.beforeStore = async () => {
      if (refusals-- > 0) throw new Error('the disk is full');
    };
    line.deliver();
    await until('refused', () => refusals === 0);
    await Bun.sleep(30);
    expect(recorder.parts).toEqual([]);
    expect(line.held).toBe(1);
    expect(recorder.snapshot?.errors).toBe(1);
    expect(await session.readNow()).toBe(true);
    expect(recorder.parts.map((part) => part.how)).toEqual(['sweep']);
    await until('deleted', () => line.held === 0);
    await session.stop('done');
  });

  test('an announcement inside a listing is read after it', async () => {
    let listed = false;
    const { line, recorder, session } = await ready(({ line }) => {
      line.override = (command) => {
        if (listed || !command.startsWith('AT+CMGL')) return null;
        listed = true;
        const { announcement } = line.emulator.deliver(HELLO, HELLO_LENGTH);
        return `\r\n+CMGL: 7,1,,${HELLO_LENGTH}\r\n${announcement}${HELLO}\r\n\r\nOK\r\n`;
      };
    });
    // The next storage's listing may show the announced message once more; a second reading changes nothing.
    const places = () => new Set(recorder.parts.map((part) => `${part.storage} ${part.index}`));
    await until('both', () => places().size === 2);
    expect(recorder.parts.map((part) => `${part.how} ${part.storage} ${part.index}`)).toContain('urc SM 1');
    expect(places()).toEqual(new Set(['ME 7', 'SM 1']));
    await until('deleted', () => line.held === 0);
    await session.stop('done');
  });

  test.each([['+CMTI: ,-1'], ['+CMTI: 0,111'], ['+CMTI: "SM",-1'], ['+CMTI: "XX",4']])(
    'the useless place of %s leads to a sweep',
    async (announcement) => {
      const { line, recorder, session } = await ready();
      line.emulator.storages.SM.add({ pdu: HELLO, length: HELLO_LENGTH, stat: 0 });
      line.say(`\r\n${announcement}\r\n`);
      await until('swept', () => recorder.parts.length === 1);
      expect(recorder.parts[0]?.how).toBe('sweep');
      await session.stop('done');
    },
  );

  test('a message announced in the other storage is read there', async () => {
    const { line, recorder, session } = await ready();
    line.emulator.storages.ME.add({ pdu: HELLO, length: HELLO_LENGTH, stat: 0 });
    line.say('\r\n+CMTI: "ME",1,"MMS PUSH",2,1\r\n');
    await until('read', () => recorder.parts.length === 1 && line.held === 0);
    expect(recorder.parts[0]).toMatchObject({ storage: 'ME', index: 1, how: 'urc' });
    line.deliver();
    await until('the usual storage again', () => recorder.parts.length === 2 && line.held === 0);
    await session.stop('done');
  });

  test('a message pushed whole is stored, also when the first try fails', async () => {
    const { line, recorder, session } = await ready();
    let refusals = 1;
    recorder.beforeStore = async () => {
      if (refusals-- > 0) throw new Error('busy');
    };
    line.say(`\r\n+CMT: ,${HELLO_LENGTH}\r\n\r\n${HELLO}\r\n`);
    await until('stored', () => recorder.parts.length === 1);
    expect(recorder.parts[0]).toMatchObject({ how: 'direct', storage: null, index: null, pdu: HELLO, length: HELLO_LENGTH });
    expect(line.commands).not.toContain('AT+CNMA');
    await session.stop('done');
  });

  test('a pushed message is acknowledged after its commit where the modem insists on it', async () => {
    const { line, recorder, session } = await ready(({ line }) => {
      line.override = (command) => {
        if (command.startsWith('AT+CSMS?')) return '\r\n+CSMS: 1,1,1,1\r\n\r\nOK\r\n';
        return command === 'AT+CNMA' ? '\r\nOK\r\n' : null;
      };
    });
    line.say(`\r\n+CMT: ,${HELLO_LENGTH}\r\n${HELLO}\r\n`);
    await until('acknowledged', () => line.commands.includes('AT+CNMA'));
    expect(recorder.parts.length).toBe(1);
    await session.stop('done');
  });

  test('noise on the line that is gone at the second reading does no harm', async () => {
    let noisy = true;
    const { line, recorder, session } = await ready(({ line }) => {
      line.deliver();
      line.override = (command) => {
        if (!noisy || !command.startsWith('AT+CMGL') || line.emulator.settings.storages[0] !== 'SM') return null;
        noisy = false;
        return `\r\n+CMGL: 1,0,,${HELLO_LENGTH}\r\n${HELLO.slice(0, 20)}??${HELLO.slice(22)}\r\n\r\nOK\r\n`;
      };
    });
    expect(recorder.parts).toMatchObject([{ pdu: HELLO, length: HELLO_LENGTH, stat: 0 }]);
    expect(line.held).toBe(0);
    await session.stop('done');
  });

  test('messages this side once wrote are stored and left alone while there is room', async () => {
    const { line, recorder, session } = await ready(({ line }) => {
      line.emulator.storages.SM.add({ pdu: HELLO, length: HELLO_LENGTH, stat: 3 });
    });
    expect(recorder.parts.map((part) => part.stat)).toEqual([3]);
    expect(line.held).toBe(1);
    await session.stop('done');
  });

  test('a delete refused because the place is empty is no fault', async () => {
    const { line, recorder, session } = await ready(({ line }) => {
      line.override = (command) => (command.startsWith('AT+CMGD') ? '\r\n+CMS ERROR: 321\r\n' : null);
    });
    line.deliver();
    await until('deleted', () => line.commands.includes('AT+CMGD=1'));
    await Bun.sleep(20);
    expect(recorder.snapshot?.errors).toBe(0);
    await session.stop('done');
  });

  test('a place taken again by a new message is not deleted on the strength of the old one', async () => {
    const gate = Promise.withResolvers<void>();
    const { line, recorder, session } = await ready();
    recorder.beforeStore = () => gate.promise;
    line.deliver();
    await until('read', () => line.commands.includes('AT+CMGR=1'));
    const other = `${HELLO.slice(0, -2)}38`;
    line.emulator.storages.SM.delete(1);
    line.deliver(other);
    await until('read again', () => line.commands.filter((command) => command === 'AT+CMGR=1').length === 2);
    gate.resolve();
    await until('both stored, one delete', () => recorder.parts.length === 2 && line.held === 0);
    expect(recorder.parts.map((part) => part.pdu)).toEqual([HELLO, other]);
    expect(line.commands.filter((command) => command.startsWith('AT+CMGD'))).toEqual(['AT+CMGD=1']);
    await session.stop('done');
  });
});

describe('disturbances', () => {
  test.each([
    ['RDY', (line: BenchLine) => line.say('\r\nRDY\r\n')],
    ['a returning echo', (line: BenchLine) => line.deliver()],
  ])('a restart shown by %s is followed by a new set-up and a sweep', async (_name, show) => {
    const { line, recorder, session } = await ready();
    line.emulator.restart();
    line.emulator.settings.notification = [2, 1, 0, 0, 0];
    show(line);
    await until('ready again', () => recorder.isReady(2));
    expect(recorder.events.some((event) => event.startsWith(`lost ${ICCID}: the modem restarted`))).toBe(true);
    expect(line.emulator.settings).toMatchObject({ echo: false, notification: [2, 1, 0, 0, 0] });
    line.deliver();
    await until('all stored', () => line.held === 0);
    await session.stop('done');
  });

  test('the boot lines some modems repeat for ever do not restart a modem that kept its settings', async () => {
    const { line, recorder, session } = await ready();
    for (let i = 0; i < 5; i++) line.say('\r\n^BOOT:20952548,0,0,0,72\r\n');
    await Bun.sleep(50);
    line.deliver();
    await until('stored', () => recorder.parts.length === 1);
    expect(recorder.events.filter((event) => event.startsWith('lost'))).toEqual([]);
    await session.stop('done');
  });

  test('settings lost in silence are found at the next sweep', async () => {
    const { line, recorder, session } = await ready(() => {}, { sweepSeconds: 0.3 });
    line.emulator.settings.notification = [0, 0, 0, 0, 0];
    await until('ready again', () => recorder.isReady(2));
    expect(recorder.events).toContain(`lost ${ICCID}: the modem lost its settings`);
    expect(line.emulator.settings.notification).toEqual([2, 1, 0, 0, 0]);
    await session.stop('done');
  });

  test.each([[true], [false]])('a swapped SIM is lost and the new one identified (told by the modem: %p)', async (told) => {
    const { line, recorder, session } = await ready(() => {}, { sweepSeconds: 0.3 });
    line.emulator.storages.ME.add({ pdu: HELLO, length: HELLO_LENGTH, stat: 0 });
    const next = virtualIdentity(1);
    line.emulator.insertSim(next);
    if (told) line.say('\r\n+CPIN: NOT INSERTED\r\n');
    await until('ready again', () => recorder.isReady(2));
    expect(recorder.events.filter((event) => !event.startsWith('store'))).toEqual([
      `identified ${ICCID}`,
      `ready ${ICCID}`,
      `lost ${ICCID}: ${told ? 'the SIM was removed or changed' : 'the SIM was swapped'}`,
      `identified ${next.iccid}`,
      `ready ${next.iccid}`,
    ]);
    // What lay in the modem's own storage may have come for the one card or the other.
    expect(recorder.parts).toMatchObject([{ storage: 'ME', iccid: null }]);
    await session.stop('done');
  });

  test('garbage before and between does not disturb', async () => {
    const { line, recorder, session } = await ready(({ line }) => {
      line.say('\u0000\u0000\u00ff\u00fe+CMGL: garbage\r\n\r\nERROR\r\n');
    });
    line.say('\r\n^RSSI: 21\r\n+CREG: 1\r\n\u0000xyz\r\n\r\n');
    line.deliver();
    await until('stored', () => recorder.parts.length === 1 && line.held === 0);
    await session.stop('done');
  });

  test('a pulled-out modem ends the session with a reason, and its SIM is lost', async () => {
    const { line, recorder, session } = await ready();
    line.hangUp();
    expect(await session.ended).toMatchObject({ reason: 'pulled out', answered: true, served: true, mute: false });
    expect(recorder.events.at(-1)).toBe(`lost ${ICCID}: pulled out`);
    expect(await session.readNow()).toBe(false);
  });

  test('on stopping, what was read is still stored, and nothing is deleted', async () => {
    const gate = Promise.withResolvers<void>();
    const { line, recorder, session } = await ready();
    let asked = false;
    recorder.beforeStore = () => {
      asked = true;
      return gate.promise;
    };
    line.deliver();
    await until('read', () => asked);
    const stopped = session.stop('closing');
    await Bun.sleep(20);
    expect(recorder.parts).toEqual([]);
    gate.resolve();
    await stopped;
    expect(recorder.events.slice(-2)).toEqual(['store urc SM 1', `lost ${ICCID}: closing`]);
    expect(line.held).toBe(1);
  });

  test('the hooks stand between reading, storing and deleting', async () => {
    const { line, recorder, session } = await bench(() => {});
    await session.stop('done');
    expect(line.closed).toBe(true);
    expect(recorder.events.filter((event) => event.startsWith('ready'))).toEqual([]);
    const order: string[] = [];
    const second = new BenchLine();
    const recorded = new Recorder();
    const hooks = {
      afterRead: () => void order.push('read'),
      afterCommit: () => void order.push(`stored ${recorded.parts.length} held ${second.held}`),
    };
    const running = startSession(second, recorded, { hooks });
    await until('ready', () => recorded.isReady());
    second.deliver();
    await until('deleted', () => recorded.parts.length === 1 && second.held === 0);
    expect(order).toEqual(['read', 'stored 1 held 1']);
    await running.stop('done');
  });
});
