import { describe, expect, test } from 'bun:test';
import { silentLog } from '../../src/lib/log.ts';
import { readCapabilities } from '../../src/modem/setup/capabilities.ts';
import { imeiIn, namesIn } from '../../src/modem/setup/identity.ts';
import { initialiseModem, readSimLock } from '../../src/modem/setup/initialise.ts';
import { GENERIC_PROFILE, PROFILES, type Profile } from '../../src/modem/setup/profiles.ts';
import { lonelyStatus, type Script, ScriptedModem, scriptOf } from './setup-line.ts';

const IMEI = '490154203237518';

function profileNamed(name: string): Profile {
  const profile = PROFILES.find((candidate) => candidate.name === name);
  if (profile === undefined) throw new Error(`there is no profile ${name}`);
  return profile;
}

async function initialise(script: Script, usbId: string | null = null) {
  const modem = await ScriptedModem.open(script);
  const status = lonelyStatus();
  const { profile } = await initialiseModem(modem.channel, status, silentLog, usbId);
  modem.channel.close();
  return { profile, snapshot: status.snapshot(), modem };
}

describe('initialising', () => {
  test('asks in the order that modems need, and touches no stored setting', async () => {
    const { modem, profile, snapshot } = await initialise(
      scriptOf({
        'AT+CGMI': 'Quectel\nOK',
        'AT+CGMM': 'EC25\nOK',
        'AT+CGMR': 'EC25EFAR06A01M4G\nOK',
        'AT+CGSN': `${IMEI}\nOK`,
        'AT+CFUN?': '+CFUN: 1\nOK',
        'AT+CSCS?': '+CSCS: "GSM"\nOK',
      }),
    );
    expect(modem.commands).toEqual(['ATE0', 'ATV1', 'AT+CMEE=1', 'AT+CGMI', 'AT+CGMM', 'AT+CGMR', 'AT+CGSN', 'AT+CFUN?', 'AT+CSCS?']);
    expect(profile.name).toBe('quectel');
    expect(snapshot).toMatchObject({ manufacturer: 'Quectel', model: 'EC25', imei: IMEI, profile: 'quectel', virtual: false });
  });

  test('takes texts for errors where numbers are refused', async () => {
    const { modem } = await initialise(scriptOf({ 'AT+CMEE=1': 'ERROR' }));
    expect(modem.sent('AT+CMEE')).toEqual(['AT+CMEE=1', 'AT+CMEE=2']);
  });

  test('goes on when everything is refused', async () => {
    const { profile, snapshot } = await initialise((command) => (command === 'AT' ? 'OK' : 'ERROR'), '1bc7:1201');
    expect(profile.name).toBe('telit');
    expect(snapshot).toMatchObject({ manufacturer: null, imei: null, profile: 'telit' });
  });

  test.each<[string, string, string[]]>([
    ['Nobody', '+CFUN: 4', ['AT+CFUN?', 'AT+CFUN=1']],
    ['Nobody', '+CFUN: 0', ['AT+CFUN?', 'AT+CFUN=1']],
    ['Nobody', '+CFUN: 1', ['AT+CFUN?']],
    ['WAVECOM MODEM', '+CFUN: 4', ['AT+CFUN?', 'AT+CFUN=1,0']],
    ['Iridium', '+CFUN: 0', []],
  ])('the radio of %s at %s', async (maker, mode, commands) => {
    const { modem } = await initialise(scriptOf({ 'AT+CGMI': `${maker}\nOK`, 'AT+CFUN?': `${mode}\nOK` }));
    expect(modem.sent('AT+CFUN')).toEqual(commands);
  });

  test("sends the family's own commands and minds no refusal", async () => {
    const zte = await initialise(scriptOf({ 'AT+CGMI': 'ZTE CORPORATION\nOK', 'AT+ZOPRT=5': 'ERROR' }));
    expect(zte.modem.sent('AT+ZOPRT', 'AT+CPMS')).toEqual(['AT+CPMS?', 'AT+ZOPRT=5']);
    const telit = await initialise(scriptOf({ 'AT+CGMI': 'Telit\nOK' }));
    expect(telit.modem.sent('AT#QSS')).toEqual(['AT#QSS=2']);
  });

  test.each<[string, Record<string, string>, string[]]>([
    ['GSM', { 'AT+CSCS?': '+CSCS: "GSM"\nOK' }, ['AT+CSCS?']],
    ['IRA', { 'AT+CSCS?': '+CSCS: "IRA"\nOK' }, ['AT+CSCS?']],
    ['UCS2', { 'AT+CSCS?': '+CSCS: "UCS2"\nOK' }, ['AT+CSCS?', 'AT+CSCS="GSM"']],
    ['UCS2 told in UCS2', { 'AT+CSCS?': '+CSCS: "0055004300530032"\nOK' }, ['AT+CSCS?', 'AT+CSCS="GSM"']],
    [
      'UCS2 that wants UCS2',
      { 'AT+CSCS?': '+CSCS: "0055004300530032"\nOK', 'AT+CSCS="GSM"': 'ERROR' },
      ['AT+CSCS?', 'AT+CSCS="GSM"', 'AT+CSCS="00470053004D"'],
    ],
    ['nothing', { 'AT+CSCS?': 'ERROR', 'AT+CSCS="GSM"': 'ERROR' }, ['AT+CSCS?', 'AT+CSCS="GSM"', 'AT+CSCS="IRA"']],
  ])('a modem that says %s of its character set', async (_name, answers, commands) => {
    const { modem } = await initialise(scriptOf(answers));
    expect(modem.sent('AT+CSCS')).toEqual(commands);
  });
});

describe('who a modem is', () => {
  test.each<[string, string | null]>([
    [IMEI, IMEI],
    [`+CGSN: "${IMEI}"`, IMEI],
    [`IMEI: ${IMEI}`, IMEI],
    ['49015420323751', IMEI],
    ['4901542032375101', IMEI],
    [`${IMEI}01`, IMEI],
    ['1234567890123', null],
    ['123456789012345678', null],
    ['', null],
  ])('the IMEI in %j is %j', (text, imei) => {
    expect(imeiIn(text)).toBe(imei);
  });

  test.each<[string, Record<string, string>, Record<string, string | null>]>([
    [
      'with prefixes and quotes',
      {
        'AT+CGMI': '+CGMI: "HUAWEI"\nOK',
        'AT+CGMM': '+CGMM: "E173"\nOK',
        'AT+CGMR': '+CGMR: 11.126.85\nOK',
        'AT+CGSN': `+CGSN: "${IMEI}"\nOK`,
      },
      { manufacturer: 'HUAWEI', model: 'E173', firmware: '11.126.85', imei: IMEI },
    ],
    [
      'among other lines',
      { 'AT+CGMI': '\nNEOWAY\nOK', 'AT+CGMM': '+CGMM: "GSM900","GSM1800","MODEL=M590"\nOK', 'AT+CGSN': `IMEI\n"${IMEI}"\nOK` },
      { manufacturer: 'NEOWAY', model: 'M590', imei: IMEI },
    ],
    ['with a label', { 'AT+CGMR': 'Revision:1418B04SIM800L24\nOK' }, { firmware: '1418B04SIM800L24' }],
    [
      'by the older commands',
      { 'AT+CGMI': 'ERROR', 'AT+GMI': 'Telit\nOK', 'AT+CGSN': 'ERROR', 'AT+GSN': `${IMEI}\nOK` },
      { manufacturer: 'Telit', imei: IMEI },
    ],
    [
      'by ATI, labelled',
      { ATI: `Manufacturer: huawei\nModel: E173\nRevision: 11.126.85\nIMEI: ${IMEI}\n+GCAP: +CGSM,+DS,+ES\nOK` },
      { manufacturer: 'huawei', model: 'E173', firmware: '11.126.85', imei: IMEI },
    ],
    [
      'by ATI, in order',
      { ATI: 'Quectel\nEC25\nRevision: EC25EFAR06\nOK' },
      { manufacturer: 'Quectel', model: 'EC25', firmware: 'EC25EFAR06' },
    ],
    ['by ATI that tells a number only', { ATI: '332\nOK' }, { manufacturer: null, model: null }],
  ])('is read %s', async (_name, answers, expected) => {
    const { snapshot } = await initialise(scriptOf(answers));
    expect(snapshot).toMatchObject(expected);
  });

  test('an answer to ATI without any name is none', () => {
    expect(namesIn([])).toEqual({ manufacturer: null, model: null, firmware: null, imei: null });
  });
});

describe('the lock of the SIM', () => {
  async function lockWith(
    answer: string | readonly (string | null)[] | null,
    profile: Profile = GENERIC_PROFILE,
    more: Record<string, string | string[]> = {},
  ) {
    const modem = await ScriptedModem.open(scriptOf({ 'AT+CPIN?': answer, ...more }));
    const lock = await readSimLock(modem.channel, profile, 1);
    modem.channel.close();
    return { ...lock, modem };
  }

  test.each<[string, string, string]>([
    ['+CPIN: READY\nOK', 'ready', ''],
    ['+CPIN:READY\nOK', 'ready', ''],
    ['+CPIN: "READY"\nOK', 'ready', ''],
    ['+CPIN: SIM PIN2\nOK', 'ready', ''],
    ['+CPIN: SIM PUK2\nOK', 'ready', ''],
    ['+CME ERROR: 17', 'ready', ''],
    ['+CPIN: SIM PIN\nOK', 'pin_required', 'the SIM asks for its PIN'],
    ['+CPIN: "SIM PUK"\nOK', 'puk_required', 'the SIM asks for its PUK'],
    ['+CME ERROR: 11', 'pin_required', 'the SIM asks for its PIN'],
    ['+CME ERROR: SIM PIN required', 'pin_required', 'the SIM asks for its PIN'],
    ['+CME ERROR: (U)SIM PUK required', 'puk_required', 'the SIM asks for its PUK'],
    ['+CPIN: NOT INSERTED\nOK', 'sim_missing', 'no SIM in the modem'],
    ['+CPIN: NOT READY\nOK', 'sim_missing', 'no SIM in the modem'],
    ['+CME ERROR: 10', 'sim_missing', 'no SIM in the modem'],
    ['+CME ERROR: 13', 'failed', 'the SIM does not work (+CME ERROR: 13)'],
    ['+CPIN: PH-SIM PIN\nOK', 'failed', 'the modem takes only the SIM it was sold with (PH-SIM PIN); it needs its unlock code'],
    ['+CPIN: PH-NET PIN\nOK', 'failed', "the modem takes only one carrier's SIMs (PH-NET PIN); it needs its unlock code"],
    [
      '+CPIN: PH-NETSUB PUK\nOK',
      'failed',
      "the modem takes only SIMs of a part of one carrier's network (PH-NETSUB PUK); it needs its unlock code",
    ],
    ['+CPIN: PH-SP PIN\nOK', 'failed', "the modem takes only one provider's SIMs (PH-SP PIN); it needs its unlock code"],
    ['+CPIN: PH-CORP PIN\nOK', 'failed', "the modem takes only one company's SIMs (PH-CORP PIN); it needs its unlock code"],
    ['+CPIN: BLOCKED\nOK', 'failed', 'the modem is locked (BLOCKED); it needs its unlock code'],
    ['+CME ERROR: 5', 'failed', 'the modem takes only the SIM it was sold with (PH-SIM PIN); it needs its unlock code'],
    ['+CME ERROR: 40', 'failed', "the modem takes only one carrier's SIMs (PH-NET PIN); it needs its unlock code"],
    ['OK', 'failed', 'the modem does not tell the state of its SIM'],
    ['ERROR', 'sim_missing', 'the modem cannot read a SIM (ERROR)'],
  ])('%j is %s', async (answer, state, detail) => {
    const lock = await lockWith(answer);
    expect<string>(lock.state).toBe(state);
    if ('detail' in lock) expect(lock.detail).toBe(detail);
  });

  test('a busy SIM is asked again for a minute at most', async () => {
    const patient = await lockWith(['+CME ERROR: 14', '+CME ERROR: SIM busy', '+CME ERROR: 515', '+CPIN: READY\nOK']);
    expect([patient.state, patient.modem.commands.length]).toEqual(['ready', 4]);
    const never = await lockWith('+CME ERROR: 14');
    expect([never.state, never.modem.commands.length]).toEqual(['failed', 30]);
  });

  test('a card that is starting is asked a few times', async () => {
    const starting = await lockWith(['+CPIN: NOT READY\nOK', '+CPIN: NOT READY\nOK', '+CPIN: READY\nOK']);
    expect([starting.state, starting.modem.commands.length]).toEqual(['ready', 3]);
  });

  test('an answer without its end counts (Wavecom)', async () => {
    const lock = await lockWith('+CPIN: SIM PIN', profileNamed('wavecom'));
    expect(lock).toMatchObject({ state: 'pin_required' });
    expect(lock.modem.sent('AT+CPIN')).toEqual(['AT+CPIN?']);
  });

  test('READY that comes too early is waited out (Telit)', async () => {
    const telit = profileNamed('telit');
    const early = await lockWith('+CPIN: READY\nOK', telit, { 'AT#QSS?': ['#QSS: 2,1\nOK', '#QSS: 2,2\nOK', '#QSS: 2,3\nOK'] });
    expect([early.state, early.modem.sent('AT#QSS').length]).toEqual(['ready', 3]);
    expect((await lockWith('+CPIN: READY\nOK', telit, { 'AT#QSS?': '#QSS: 1,1\nOK' })).state).toBe('ready');
    expect((await lockWith('+CPIN: READY\nOK', telit, { 'AT#QSS?': 'ERROR' })).state).toBe('ready');
    const never = await lockWith('+CPIN: READY\nOK', telit, { 'AT#QSS?': '#QSS: 2,2\nOK' });
    expect(never).toMatchObject({ state: 'failed', detail: 'the SIM is unlocked but stays unreadable' });
  });

  test('a line that is gone is told', async () => {
    const modem = await ScriptedModem.open(() => 'OK');
    modem.channel.close();
    expect(await readSimLock(modem.channel)).toEqual({ state: 'closed' });
  });
});

describe('what a modem can do', () => {
  test('is read from what it says, and nothing is set', async () => {
    const modem = await ScriptedModem.open(
      scriptOf({
        'AT+CNMI=?': '+CNMI: (0-3),(0,1),(0,2,3),(0,2),(1)\nOK',
        'AT+CPMS=?': '+CPMS: ("ME","SM","MT"),("ME","SM","MT"),("SM","MT")\nOK',
        'AT+CSCS=?': '+CSCS: ("GSM","UCS2")\nOK',
        'AT+CSMS=?': '+CSMS: (0,1)\nOK',
        'AT+CMGL=?': 'ERROR',
      }),
    );
    expect(await readCapabilities(modem.channel)).toEqual({
      notification: { raw: '+CNMI: (0-3),(0,1),(0,2,3),(0,2),(1)', values: [[0, 1, 2, 3], [0, 1], [0, 2, 3], [0, 2], [1]] },
      storages: {
        raw: '+CPMS: ("ME","SM","MT"),("ME","SM","MT"),("SM","MT")',
        values: [
          ['ME', 'SM', 'MT'],
          ['ME', 'SM', 'MT'],
          ['SM', 'MT'],
        ],
      },
      charsets: { raw: '+CSCS: ("GSM","UCS2")', values: ['GSM', 'UCS2'] },
      services: { raw: '+CSMS: (0,1)', values: [0, 1] },
      listing: { raw: null, values: null },
    });
    expect(modem.commands.every((command) => command.endsWith('=?'))).toBe(true);
    modem.channel.close();
  });

  test.each<[string, string[][] | null]>([
    ['+CPMS: ("SM","BM","SR"),("SM")', [['SM', 'BM', 'SR'], ['SM']]],
    ['+CPMS: ("SM"),("SM"),("SM")', [['SM'], ['SM'], ['SM']]],
    [
      '+CPMS: (("SM","ME"),("SM","ME"))',
      [
        ['SM', 'ME'],
        ['SM', 'ME'],
      ],
    ],
    ['+CPMS: "SM","ME"', [['SM', 'ME']]],
    ['+CPMS: (SM,ME),(SM)', [['SM', 'ME'], ['SM']]],
    ['+CPMS: (1-3)', null],
    ['', null],
  ])('the storages in %j', async (line, values) => {
    const modem = await ScriptedModem.open(scriptOf({ 'AT+CPMS=?': line === '' ? 'OK' : `${line}\nOK` }));
    expect((await readCapabilities(modem.channel)).storages.values).toEqual(values);
    modem.channel.close();
  });

  test.each<[string, number[][] | null]>([
    ['+CNMI: (0,1,2),(0,1),(0,2),(0),(0)', [[0, 1, 2], [0, 1], [0, 2], [0], [0]]],
    ['+CNMI: 2,(0-1),(0),(0-2),(0,1)', [[2], [0, 1], [0], [0, 1, 2], [0, 1]]],
    ['+CNMI: (0-2),(x)', null],
    ['+CNMI: (5-2)', null],
  ])('the notifications in %j', async (line, values) => {
    const modem = await ScriptedModem.open(scriptOf({ 'AT+CNMI=?': `${line}\nOK` }));
    expect((await readCapabilities(modem.channel)).notification.values).toEqual(values);
    modem.channel.close();
  });
});
