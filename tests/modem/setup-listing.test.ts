import { describe, expect, test } from 'bun:test';
import { checkHealth } from '../../src/modem/health.ts';
import { JobQueue } from '../../src/modem/inbox/jobs.ts';
import { listStorage, readIndex } from '../../src/modem/inbox/reading.ts';
import { Storages } from '../../src/modem/inbox/storages.ts';
import { GENERIC_PROFILE, PROFILES, type Profile } from '../../src/modem/setup/profiles.ts';
import { lonelyStatus, type Script, ScriptedModem } from './setup-line.ts';

const PDU = '0791448720003023040C914477000999990000622111024400000AE8329BFD4697D9EC37';
const LENGTH = PDU.length / 2 - 8;

interface Shape {
  /** The places where a message lies. */
  places: readonly number[];
  total?: number;
  /** What AT+CPMS says is used; the truth when left out. */
  counts?: number;
  /** Answers in the modem's place. */
  says?: Script;
}

/** A modem with messages at some places of SM; every other storage is refused. */
function holding({ places, total = 10, counts = places.length, says = () => null }: Shape): Script {
  return (command) => {
    const own = says(command);
    if (own !== null) return own;
    if (command === 'AT+CPMS?') return `+CPMS: "SM",${counts},${total},"SM",${counts},${total},"SM",${counts},${total}\nOK`;
    if (command.startsWith('AT+CPMS="SM"')) return `+CPMS: ${counts},${total},${counts},${total},${counts},${total}\nOK`;
    if (command.startsWith('AT+CPMS=')) return '+CMS ERROR: 302';
    if (command === 'AT+CMGL=4') return [...places.map((index) => `+CMGL: ${index},0,,${LENGTH}\n${PDU}`), 'OK'].join('\n');
    const index = /^AT\+CMGR=(\d+)$/.exec(command)?.[1];
    if (index !== undefined) return places.includes(Number(index)) ? `+CMGR: 0,,${LENGTH}\n${PDU}\nOK` : '+CMS ERROR: 321';
    return command === 'AT+CMGD=?' ? 'ERROR' : 'OK';
  };
}

async function open(shape: Shape, profile: Profile = GENERIC_PROFILE) {
  const modem = await ScriptedModem.open(holding(shape));
  const storages = new Storages(modem.channel, profile);
  expect(await storages.negotiate()).toBe(true);
  modem.commands.length = 0;
  const list = async () => {
    const outcome = await listStorage(modem.channel, storages, 'SM');
    return outcome.ok ? outcome.entries.map(({ index }) => index) : null;
  };
  return { modem, storages, list };
}

const refusing =
  (...answers: readonly (readonly [string, string])[]): Script =>
  (command) =>
    answers.find(([start]) => command.startsWith(start))?.[1] ?? null;

describe('listing a storage', () => {
  test('takes one command where AT+CMGL tells the truth', async () => {
    const { modem, list } = await open({ places: [1, 4] });
    expect(await list()).toEqual([1, 4]);
    expect(modem.commands).toEqual(['AT+CMGL=4']);
  });

  test.each(['ERROR', '+CMS ERROR: 303', '+CMS ERROR: 302', '+CME ERROR: 4', '+CME ERROR: operation not supported'])(
    'reads every place, the first and the last too, where AT+CMGL is answered %s',
    async (refusal) => {
      const { modem, list } = await open({ places: [0, 3, 10], says: refusing(['AT+CMGL', refusal]) });
      expect(await list()).toEqual([0, 3, 10]);
      expect(modem.sent('AT+CMGR').length).toBe(11);
    },
  );

  test.each(['+CMS ERROR: 314', '+CMS ERROR: 500', '+CME ERROR: 14'])('fails for now at %s', async (refusal) => {
    const { modem, list } = await open({ places: [1], says: refusing(['AT+CMGL', refusal]) });
    expect(await list()).toBeNull();
    expect(modem.sent('AT+CMGR')).toEqual([]);
  });

  test('reads the places that AT+CMGD=? names, and no other', async () => {
    const { modem, list } = await open({ places: [1, 7], says: refusing(['AT+CMGL', 'ERROR'], ['AT+CMGD=?', '+CMGD: (1,7),(0-4)\nOK']) });
    expect(await list()).toEqual([1, 7]);
    expect(modem.sent('AT+CMGR')).toEqual(['AT+CMGR=1', 'AT+CMGR=7']);
  });

  test.each(['+CMGD: (1-4095),(0-4)\nOK', '+CMGD: (1),(0-4)\nOK', '+CMGD: (),(0-4)\nOK'])(
    'trusts neither a range nor too short a list: %j',
    async (answer) => {
      const { modem, list } = await open({ places: [1, 7], says: refusing(['AT+CMGL', 'ERROR'], ['AT+CMGD=?', answer]) });
      expect(await list()).toEqual([1, 7]);
      expect(modem.sent('AT+CMGR').length).toBeLessThanOrEqual(12);
    },
  );

  test('looks place by place when the listing is empty and messages are counted, and remembers who was right', async () => {
    const liar = await open({ places: [2], says: refusing(['AT+CMGL', 'OK']) });
    expect([await liar.list(), await liar.list()]).toEqual([[2], [2]]);
    expect(liar.modem.sent('AT+CMGL').length).toBe(1);
    const miscounts = await open({ places: [], counts: 3 });
    expect([await miscounts.list(), await miscounts.list()]).toEqual([[], []]);
    expect([miscounts.modem.sent('AT+CMGL').length, miscounts.modem.sent('AT+CMGR').length]).toEqual([2, 11]);
  });

  test('believes an empty listing whose old count is out of date', async () => {
    let counted = 1;
    const says: Script = (command) => (command === 'AT+CPMS?' ? `+CPMS: "SM",${counted},10\nOK` : null);
    const { modem, list } = await open({ places: [], counts: 1, says });
    counted = 0;
    expect(await list()).toEqual([]);
    expect(modem.commands).toEqual(['AT+CMGL=4', 'AT+CPMS?']);
  });

  test('reads a damaged entry once more, listed or not', async () => {
    for (const [start, refusal] of [
      ['none', ''],
      ['AT+CMGL', 'ERROR'],
    ] as const) {
      let damaged = true;
      const says: Script = (command) => {
        if (command.startsWith(start)) return refusal;
        if (command === 'AT+CMGL=4') return `+CMGL: 1,0,,${LENGTH}\n${PDU.slice(2)}\nOK`;
        if (command !== 'AT+CMGR=1' || !damaged || start === 'none') return null;
        damaged = false;
        return `+CMGR: 0,,${LENGTH}\n${PDU.slice(2)}\nOK`;
      };
      const { modem, storages } = await open({ places: [1], says });
      const outcome = await listStorage(modem.channel, storages, 'SM');
      expect(outcome).toMatchObject({ ok: true, entries: [{ index: 1, pdu: PDU, length: LENGTH }] });
    }
  });

  test('selects the storage anew each time for a modem that lists what it remembers', async () => {
    const profile = PROFILES.find(({ name }) => name === 'foxconn-t77w968') ?? GENERIC_PROFILE;
    const both = refusing(['AT+CPMS="ME"', 'OK']);
    const { modem, storages } = await open({ places: [1], says: both }, profile);
    await listStorage(modem.channel, storages, 'SM');
    expect(modem.commands).toEqual(['AT+CPMS="ME","SM","SM"', 'AT+CPMS="SM","SM","SM"', 'AT+CMGL=4']);
    expect(storages.isSelected('SM')).toBe(true);
  });
});

describe('reading one message', () => {
  test.each<[string, string, object]>([
    ['there', `+CMGR: 0,,${LENGTH}\n${PDU}\nOK`, { ok: true, entry: { pdu: PDU } }],
    ['gone', '+CMS ERROR: 321', { ok: false, gone: true }],
    ['gone, told in words', '+CMS ERROR: Invalid memory index', { ok: false, gone: true }],
    ['gone, with nothing said', 'OK', { ok: false, gone: true }],
    ['gone, with an empty header', '+CMGR: 0,,0\nOK', { ok: false, gone: true }],
    ['not readable now', '+CMS ERROR: 314', { ok: false, gone: false }],
  ])('that is %s', async (_name, answer, expected) => {
    const { modem, storages } = await open({ places: [], says: (command) => (command === 'AT+CMGR=3' ? answer : null) });
    expect(await readIndex(modem.channel, storages, 'SM', 3)).toMatchObject(expected);
  });
});

describe('health', () => {
  async function health(answers: Record<string, string>, times = 1) {
    const says: Script = (command) => answers[command] ?? null;
    const { modem, storages } = await open({ places: [1], says });
    const status = lonelyStatus();
    for (let time = 0; time < times; time++) await checkHealth(modem.channel, new JobQueue(), storages, status);
    return { modem, snapshot: status.snapshot() };
  }

  test('tells signal, network, radio and fill', async () => {
    let numeric = false;
    const says: Script = (command) => {
      if (command.startsWith('AT+COPS=3,')) numeric = command.endsWith('2');
      return command === 'AT+COPS?' ? `+COPS: 0,${numeric ? '2,"26202"' : '0,"Vodafone.de"'},7\nOK` : null;
    };
    const all: Script = (command) => says(command) ?? refusing(['AT+CSQ', '+CSQ: 20,99\nOK'], ['AT+CREG?', '+CREG: 0,1\nOK'])(command);
    const { modem, storages } = await open({ places: [1], says: all });
    const status = lonelyStatus();
    await checkHealth(modem.channel, new JobQueue(), storages, status);
    expect(numeric).toBe(false);
    await checkHealth(modem.channel, new JobQueue(), storages, status);
    expect(status.snapshot()).toMatchObject({
      signalDbm: -73,
      registration: 'home',
      carrier: 'Vodafone.de',
      plmn: '26202',
      radio: '4G',
      storage: { name: 'SM', used: 1, total: 10 },
    });
    // Asked once, as the name stayed the same; and the modem gives names again.
    expect(modem.sent('AT+COPS=3')).toEqual(['AT+COPS=3,2', 'AT+COPS=3,0']);
  });

  test('asks for the level in the newer way where AT+CSQ knows none', async () => {
    const lte = await health({ 'AT+CSQ': '+CSQ: 99,99\nOK', 'AT+CESQ': '+CESQ: 99,99,255,255,20,51\nOK' });
    expect([lte.snapshot.signalDbm, lte.modem.sent('AT+CESQ').length]).toEqual([-90, 1]);
    const gsm = await health({ 'AT+CSQ': '+CSQ: 10,99\nOK' });
    expect([gsm.snapshot.signalDbm, gsm.modem.sent('AT+CESQ').length]).toEqual([-93, 0]);
  });

  test('asks for the name of a network that was told by its number, once', async () => {
    const { modem, snapshot } = await health({ 'AT+COPS?': '+COPS: 0,2,"26201",2\nOK' }, 2);
    expect(snapshot).toMatchObject({ carrier: '26201', plmn: '26201', radio: '3G' });
    expect(modem.sent('AT+COPS=3')).toEqual(['AT+COPS=3,0']);
  });

  test('knows no more than the modem tells', async () => {
    const says = Object.fromEntries(
      ['AT+CSQ', 'AT+CESQ', 'AT+COPS?', 'AT+CREG?', 'AT+CEREG?', 'AT+CGREG?'].map((command) => [command, 'ERROR']),
    );
    const { snapshot } = await health(says);
    expect(snapshot).toMatchObject({ signalDbm: null, registration: null, carrier: null, plmn: null, radio: null });
  });
});
