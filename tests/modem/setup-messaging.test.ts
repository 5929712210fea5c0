import { describe, expect, test } from 'bun:test';
import { isStillSet, setUpMessaging } from '../../src/modem/setup/messaging.ts';
import { notificationLadder } from '../../src/modem/setup/notification.ts';
import { GENERIC_PROFILE, PROFILES, type Profile } from '../../src/modem/setup/profiles.ts';
import { repairAnnouncements } from '../../src/modem/setup/repair.ts';
import { type Script, ScriptedModem, scriptOf } from './setup-line.ts';

const GENERAL = ['2,1,0,0,0', '2,1', '1,1,0,0,0', '1,1', '3,1,0,0,0', '2,1,0,0,1'];

function profileNamed(name: string): Profile {
  const profile = PROFILES.find((candidate) => candidate.name === name);
  if (profile === undefined) throw new Error(`there is no profile ${name}`);
  return profile;
}

async function setUp(script: Script, profile: Profile = GENERIC_PROFILE) {
  const modem = await ScriptedModem.open(script);
  const messaging = await setUpMessaging(modem.channel, profile, 1);
  modem.channel.close();
  return { modem, messaging };
}

async function repair(script: Script, profile: Profile) {
  const modem = await ScriptedModem.open(script);
  const outcome = await repairAnnouncements(modem.channel, profile);
  modem.channel.close();
  return { modem, ...outcome };
}

describe('the values of AT+CNMI to try', () => {
  const ranges = (...groups: number[][]) => groups;

  test('are the general ones when the modem does not tell', () => {
    expect(notificationLadder(GENERIC_PROFILE, null)).toEqual(GENERAL);
  });

  test("begin with the family's own", () => {
    expect(notificationLadder(profileNamed('huawei'), null).slice(0, 2)).toEqual(['1,1,0,0,0', '1,1']);
    expect(notificationLadder(profileNamed('iridium'), null)[0]).toBe('2,1,0,0,1');
  });

  test.each<[string, number[][], string[]]>([
    ['MC75i', ranges([0, 1, 2, 3], [0, 1], [0, 2, 3], [0, 2], [1]), ['2,1', '1,1', '2,1,0,0,1']],
    ['mode 1 alone', ranges([0, 1], [0, 1], [0], [0], [0, 1]), ['1,1,0,0,0', '1,1']],
    ['broadcasts that cannot be off', ranges([2], [1], [2, 3], [1], [0]), ['2,1', '2,1,2,1,0']],
    ['no announcements at all', ranges([0, 1, 2], [0, 2], [0], [0], [0]), []],
  ])('are first what %s offers, then the others', (_name, offered, likely) => {
    const ladder = notificationLadder(GENERIC_PROFILE, offered);
    expect(ladder.slice(0, likely.length)).toEqual(likely);
    expect(ladder.toSorted()).toEqual([...new Set([...likely, ...GENERAL])].toSorted());
  });
});

describe('setting up messages', () => {
  test('asks, then sets', async () => {
    const { modem, messaging } = await setUp(
      scriptOf({
        'AT+CSCS?': '+CSCS: "GSM"\nOK',
        'AT+CSMS?': '+CSMS: 0,1,1,1\nOK',
        'AT+CPMS=?': '+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")\nOK',
        'AT+CNMI=?': '+CNMI: (0-2),(0,1),(0),(0),(0,1)\nOK',
        'AT+CNMI?': '+CNMI: 2,1,0,0,0\nOK',
      }),
    );
    expect(messaging).toMatchObject({ ok: true, notification: '2,1,0,0,0', notifies: true, acknowledges: false });
    expect(modem.commands).toEqual([
      ...['AT+CSCS?', 'AT+CMGF=0', 'AT+CSMS?', 'AT+CPMS=?', 'AT+CPMS="SM","SM","SM"', 'AT+CPMS="ME","SM","SM"', 'AT+CPMS="SM","SM","SM"'],
      ...['AT+CPMS?', 'AT+CNMI=?', 'AT+CNMI=2,1,0,0,0', 'AT+CNMI?'],
    ]);
  });

  test('waits for a message part that is loading', async () => {
    const busy = '+CMS ERROR: 515';
    const { modem, messaging } = await setUp(scriptOf({ 'AT+CMGF=0': [busy, busy, 'OK'], 'AT+CPMS="SM","SM","SM"': [busy, 'OK'] }));
    expect(messaging.ok).toBe(true);
    expect(modem.sent('AT+CMGF').length).toBe(3);
  });

  test('gives up a modem without PDU mode or storage', async () => {
    expect((await setUp(scriptOf({ 'AT+CMGF=0': 'ERROR' }))).messaging).toEqual({
      ok: false,
      detail: 'the modem refuses PDU mode (AT+CMGF=0)',
    });
    const { messaging } = await setUp((command) => (command.startsWith('AT+CPMS') ? 'ERROR' : 'OK'));
    expect(messaging).toEqual({ ok: false, detail: 'the modem offers no message storage (AT+CPMS)' });
  });

  test.each<[string, readonly string[], boolean, string[]]>([
    ['0', ['+CSMS: 0,1,1,1\nOK'], false, ['AT+CSMS?']],
    ['1 that can be left', ['+CSMS: 1,1,1,1\nOK', '+CSMS: 0,1,1,1\nOK'], false, ['AT+CSMS?', 'AT+CSMS=0', 'AT+CSMS?']],
    ['1 that cannot', ['+CSMS: 1,1,1,1\nOK'], true, ['AT+CSMS?', 'AT+CSMS=0', 'AT+CSMS?']],
    ['nothing', ['ERROR'], false, ['AT+CSMS?']],
  ])('a message service of %s', async (_name, answers, acknowledges, commands) => {
    const { modem, messaging } = await setUp(scriptOf({ 'AT+CSMS?': answers }));
    expect(messaging).toMatchObject({ ok: true, acknowledges });
    expect(modem.sent('AT+CSMS')).toEqual(commands);
  });

  test('goes down the ladder until a value is accepted and kept', async () => {
    const said = { 'AT+CNMI=?': '+CNMI: (0-3),(0-3),(0,2,3),(0-2),(0,1)\nOK', 'AT+CNMI=2,1,0,0,0': '+CMS ERROR: 303' };
    const kept = ['+CNMI: 2,0,0,0,0\nOK', '+CNMI: 1,1,0,0,0\nOK'];
    const { modem, messaging } = await setUp(scriptOf({ ...said, 'AT+CNMI?': kept }));
    expect(messaging).toMatchObject({ notification: '1,1,0,0,0', notifies: true });
    expect(modem.sent('AT+CNMI=')).toEqual(['AT+CNMI=?', 'AT+CNMI=2,1,0,0,0', 'AT+CNMI=2,1', 'AT+CNMI=1,1,0,0,0']);
  });

  test('says when nothing was accepted, after everything was tried', async () => {
    const { modem, messaging } = await setUp((command) => (command.startsWith('AT+CNMI') ? 'ERROR' : 'OK'));
    expect(messaging).toMatchObject({ ok: true, notification: null, notifies: false });
    expect(modem.sent('AT+CNMI=')).toEqual(['AT+CNMI=?', ...GENERAL.map((values) => `AT+CNMI=${values}`)]);
  });
});

describe('the storages', () => {
  async function negotiate(answers: Record<string, string>, profile: Profile = GENERIC_PROFILE) {
    const { modem, messaging } = await setUp(scriptOf(answers), profile);
    return { modem, storages: messaging.ok ? messaging.storages : null };
  }

  test.each<[string, Record<string, string>, string[], string]>([
    ['both', {}, ['SM', 'ME'], 'SM'],
    ['SM alone', { 'AT+CPMS="ME","SM","SM"': 'ERROR', 'AT+CPMS="ME"': 'ERROR' }, ['SM'], 'SM'],
    ['ME alone', { 'AT+CPMS="SM","SM","SM"': 'ERROR', 'AT+CPMS="SM","SM"': 'ERROR', 'AT+CPMS="SM"': 'ERROR' }, ['ME'], 'ME'],
    ['ME that may not receive', { 'AT+CPMS=?': '+CPMS: ("ME","SM","MT"),("ME","SM","MT"),("SM","MT")\nOK' }, ['SM', 'ME'], 'SM'],
    ['SM that may not receive', { 'AT+CPMS=?': '+CPMS: ("ME","SM"),("ME","SM"),("ME")\nOK' }, ['ME', 'SM'], 'ME'],
  ])('%s', async (_name, answers, names, receives) => {
    const { storages } = await negotiate(answers);
    expect([storages?.names, storages?.receives]).toEqual([names, receives]);
  });

  test('MT is taken only where there is nothing else', async () => {
    const { storages, modem } = await negotiate({});
    expect(storages?.names).not.toContain('MT');
    expect(modem.sent('AT+CPMS="MT"')).toEqual([]);
    const answers: Record<string, string> = {};
    for (const name of ['SM', 'ME']) {
      for (const places of [1, 2, 3]) answers[`AT+CPMS=${Array.from({ length: places }, () => `"${name}"`).join(',')}`] = 'ERROR';
    }
    expect((await negotiate(answers)).storages?.names).toEqual(['MT']);
  });

  test('a modem that wants all three named is never asked with fewer', async () => {
    const script: Script = (command) => (/^AT\+CPMS="ME"/.test(command) ? 'ERROR' : 'OK');
    const { modem } = await setUp(script, profileNamed('huawei-e3372-325'));
    expect(modem.sent('AT+CPMS="').every((command) => command.split(',').length === 3)).toBe(true);
  });

  test.each<[string, number | null]>([
    ['+CPMS: 3,20,3,20,3,20\nOK', 3],
    ['+CPMS: 3,20,3,20\nOK', 3],
    ['+CPMS: "SM",3,20,"SM",3,20,"SM",3,20\nOK', 3],
    ['OK', null],
  ])('the fill in %j', async (answer, used) => {
    const { storages } = await negotiate({ 'AT+CPMS="SM","SM","SM"': answer });
    expect(storages?.receiveFill()?.used ?? null).toBe(used);
  });
});

describe('settings that are looked at again', () => {
  test.each<[string | undefined, string | undefined, boolean, boolean]>([
    ['+CMGF: 0', '+CNMI: 2,1,0,0,0', true, true],
    [undefined, undefined, true, true],
    ['+CMGF: 1', '+CNMI: 2,1,0,0,0', true, false],
    ['+CMGF: 0', '+CNMI: 2,0,0,0,0', true, false],
    ['+CMGF: 0', '+CNMI: 2,0,0,0,0', false, true],
    ['+CMGF: 1', '+CNMI: 2,0,0,0,0', false, false],
  ])('%j and %j where it notifies: %j', (format, notification, notifies, expected) => {
    expect(isStillSet(format, notification, notifies)).toBe(expected);
  });
});

describe('announcements that never come', () => {
  const announcing = { 'AT+CNMI?': '+CNMI: 2,1,0,0,0\nOK' };
  const port = (name: string) => `+QURCCFG: "urcport","${name}"\nOK`;
  const PORT = 'AT+QURCCFG="urcport"';

  test.each<[string, Record<string, string>, string[], boolean]>([
    ['all ports at once', { [PORT]: port('usbat') }, [`${PORT},"all"`], true],
    [
      'the next port where there is no "all"',
      { [PORT]: port('usbat'), [`${PORT},"all"`]: 'ERROR' },
      [`${PORT},"all"`, `${PORT},"uart1"`],
      true,
    ],
    [
      'the first again after the last',
      { [PORT]: port('usbmodem'), [`${PORT},"all"`]: 'ERROR' },
      [`${PORT},"all"`, `${PORT},"usbat"`],
      true,
    ],
    ['nothing where all is right', { [PORT]: port('all') }, [], false],
  ])('are sent to %s (Quectel)', async (_name, answers, commands, changed) => {
    const { modem, changed: did } = await repair(scriptOf({ ...announcing, ...answers }), profileNamed('quectel'));
    expect(did).toBe(changed);
    expect(modem.sent(`${PORT},`)).toEqual(commands);
    expect(modem.sent('AT+CNMI=').length > 0).toBe(changed);
  });

  test('are switched on and moved to the other port (Huawei)', async () => {
    const answers = { ...announcing, 'AT^CURC?': '^CURC: 0\nOK', 'AT^PORTSEL?': '^PORTSEL: 1\nOK' };
    const { modem, changed, detail } = await repair(scriptOf(answers), profileNamed('huawei'));
    expect([changed, modem.sent('AT^CURC=', 'AT^PORTSEL=')]).toEqual([true, ['AT^CURC=1', 'AT^PORTSEL=0']]);
    expect(detail).toStartWith('set AT^CURC=1 (announcements may be switched off as a whole), AT^PORTSEL=0 (');
  });

  test('are asked for again when the modem forgot them', async () => {
    const { changed, detail } = await repair(scriptOf({ 'AT+CNMI?': ['+CNMI: 0,0,0,0,0\nOK', '+CNMI: 2,1,0,0,0\nOK'] }), GENERIC_PROFILE);
    expect([changed, detail]).toEqual([true, 'set AT+CNMI=2,1,0,0,0 (announcements were off)']);
  });

  test('are left as they are when nothing can be done, and that is said', async () => {
    expect(await repair(scriptOf(announcing), GENERIC_PROFILE)).toMatchObject({
      changed: false,
      detail: 'nothing to change: no port setting is known for this modem',
    });
    expect(await repair(scriptOf({ ...announcing, 'AT+CATR?': '+CATR: 0,0\nOK' }), profileNamed('simcom'))).toMatchObject({
      changed: false,
      detail: 'nothing to change: the settings are right already',
    });
    expect(await repair(scriptOf({ ...announcing, 'AT+CATR?': 'ERROR', 'AT+CATR=0': 'ERROR' }), profileNamed('simcom'))).toMatchObject({
      changed: false,
      detail: 'nothing changed; refused: AT+CATR=0',
    });
  });
});
