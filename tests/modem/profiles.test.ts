import { describe, expect, test } from 'bun:test';
import { parseProfiles } from '../../src/modem/setup/profile-data.ts';
import { GENERIC_PROFILE, type ModemIdentity, PROFILES, profileOf } from '../../src/modem/setup/profiles.ts';

const who = (identity: Partial<ModemIdentity>): string =>
  profileOf({ manufacturer: null, model: null, firmware: null, usbId: null, ...identity }).name;

describe('the profile of a modem', () => {
  test.each<[Partial<ModemIdentity>, string]>([
    [{ manufacturer: 'Quectel', model: 'EC25' }, 'quectel'],
    [{ manufacturer: 'Quectel_Ltd', model: 'Quectel_M26' }, 'quectel-gsm'],
    [{ manufacturer: 'SIMCOM_Ltd', model: 'SIMCOM_SIM800L' }, 'simcom-sim800'],
    [{ manufacturer: 'SIMCOM_Ltd', model: 'SIMCOM_SIM600' }, 'simcom-sim600'],
    [{ manufacturer: 'SIMCOM INCORPORATED', model: 'SIMCOM_SIM7600E-H' }, 'simcom'],
    [{ manufacturer: 'SIMCOM_Ltd', model: 'SIMCOM_SIM7000E' }, 'simcom-sim7000'],
    [{ manufacturer: 'INCORPORATED', model: 'A7670E-FASE' }, 'simcom'],
    [{ manufacturer: 'huawei', model: 'E173' }, 'huawei'],
    [{ manufacturer: 'Huawei Technologies Co., Ltd.', model: 'MU736' }, 'huawei-xmm'],
    [{ manufacturer: 'HUAWEI', model: 'E3372-325' }, 'huawei-e3372-325'],
    [{ manufacturer: 'ZTE CORPORATION', model: 'MF667' }, 'zte'],
    [{ manufacturer: 'ZTE INCORPORATED', model: 'MF190' }, 'zte'],
    [{ manufacturer: 'Telit', model: 'LE910-EU1' }, 'telit'],
    [{ manufacturer: 'SIEMENS', model: 'MC35i' }, 'siemens-mc35'],
    [{ manufacturer: 'Cinterion', model: 'MC75i' }, 'cinterion'],
    [{ manufacturer: 'SIEMENS', model: 'TC65' }, 'cinterion'],
    [{ manufacturer: 'Sierra Wireless, Incorporated', model: 'MC7455' }, 'sierra'],
    [{ manufacturer: 'Novatel Wireless', model: 'E371' }, 'novatel'],
    [{ manufacturer: 'u-blox', model: 'SARA-U201' }, 'ublox'],
    [{ manufacturer: 'Fibocom', model: 'L850-GL' }, 'fibocom-xmm'],
    [{ manufacturer: 'Fibocom Wireless Inc.', model: 'NL678' }, 'fibocom'],
    [{ manufacturer: 'WAVECOM MODEM', model: 'MULTIBAND  900E  1800' }, 'wavecom'],
    [{ manufacturer: 'NEOWAY', model: 'M590' }, 'neoway'],
    [{ manufacturer: 'MediaTek Inc.' }, 'mediatek'],
    [{ manufacturer: 'Iridium', model: 'IRIDIUM 9600 Family SBD Transceiver' }, 'iridium'],
    [{ manufacturer: 'Dell Inc.', model: 'DW5821e Snapdragon X20 LTE', firmware: 'T77W968.F1.0.0.4' }, 'foxconn-t77w968'],
    [{ manufacturer: 'SMSPin', model: 'Virtual Modem' }, 'virtual'],
    [{ usbId: '2c7c:0125' }, 'quectel'],
    [{ usbId: '12D1:1506' }, 'huawei'],
    [{ usbId: '1e0e:9205' }, 'simcom-sim7000'],
    // What it says of itself counts before the id of the stick it sits in.
    [{ manufacturer: 'SIMCOM INCORPORATED', model: 'SIMCOM_SIM7600', usbId: '12d1:1506' }, 'simcom'],
    [{ manufacturer: 'huawei', model: 'E173', usbId: '1e0e:9001' }, 'huawei'],
    [{ manufacturer: 'QUALCOMM INCORPORATED', usbId: '19d2:0117' }, 'zte'],
    [{ manufacturer: 'Nobody', model: 'X1', usbId: 'dead:beef' }, 'generic'],
    [{}, 'generic'],
  ])('%j is %s', (identity, name) => {
    expect(who(identity)).toBe(name);
  });

  test('restarts each family in its own way', () => {
    const reset = (name: string) => PROFILES.find((profile) => profile.name === name)?.reset;
    expect(['huawei', 'simcom', 'telit', 'ublox', 'quectel', 'generic', 'iridium'].map(reset)).toEqual([
      'AT^RESET',
      'AT+CRESET',
      'AT#REBOOT',
      'AT+CFUN=16',
      'AT+CFUN=1,1',
      'AT+CFUN=1,1',
      null,
    ]);
  });

  test('says where each statement is from, and something about each family', () => {
    for (const { name, notes, init, announcementPorts } of PROFILES) {
      expect([name, notes.length > 0]).toEqual([name, true]);
      for (const { source } of [...notes, ...init, ...announcementPorts]) expect(source.length).toBeGreaterThan(3);
    }
    expect(PROFILES.at(-1)).toBe(GENERIC_PROFILE);
  });
});

describe('profiles that are wrong', () => {
  const generic = { name: 'generic', maker: 'any', matches: [] };
  const some = { name: 'some', maker: 'Some', matches: [{ manufacturer: 'some' }] };
  const broken = (change: Record<string, unknown>) => [{ ...some, ...change }, generic];

  test.each<[string, unknown, string]>([
    ['no list', { profiles: [] }, 'profiles: must be a list with at least one profile'],
    ['an empty list', [], 'profiles: must be a list with at least one profile'],
    ['no object', ['quectel'], 'profiles[0]: "quectel" is wrong; it must be an object'],
    ['a bad name', broken({ name: 'So me' }), 'profiles[0].name: "So me" is wrong; it must be lower-case words joined by hyphens'],
    ['an unknown field', broken({ resets: 'AT' }), 'profiles[0]: unknown field "resets"; known are name, maker,'],
    ['no maker', broken({ maker: undefined }), 'profiles "some".maker: nothing is wrong; it must be a text that is not empty'],
    ['an empty match', broken({ matches: [{}] }), 'profiles "some".matches[0]: names nothing; give manufacturer, model, firmware or usb'],
    ['no match', broken({ matches: [] }), 'profiles "some".matches: is empty, so that no modem would ever have it'],
    ['a bad pattern', broken({ matches: [{ model: '(' }] }), 'profiles "some".matches[0].model: "(" is no regular expression'],
    [
      'a bad USB id',
      broken({ matches: [{ usb: ['12D1:*'] }] }),
      'profiles "some".matches[0].usb[0]: "12D1:*" is wrong; it must be vvvv:pppp',
    ],
    [
      'pushed messages',
      broken({ notifications: ['2,2,0,0,0'] }),
      'profiles "some".notifications[0]: "2,2,0,0,0" is wrong; it must be <mode>,1',
    ],
    ['an unknown storage', broken({ storages: ['XX'] }), 'profiles "some".storages[0]: "XX" is wrong; it must be SM, ME or MT'],
    ['a storage twice', broken({ storages: ['SM', 'SM'] }), 'profiles "some".storages: must name each storage once, and at least one'],
    [
      'MT beside SM',
      broken({ storages: ['SM', 'MT'] }),
      'profiles "some".storages: MT is SM and ME together and may not stand beside them',
    ],
    ['a flag that is none', broken({ cpmsNeedsAll: 1 }), 'profiles "some".cpmsNeedsAll: 1 is wrong; it must be true or false'],
    ['a listing', broken({ listing: 'all' }), 'profiles "some".listing: "all" is wrong; it must be "cmgl" or "each"'],
    [
      'a long pause',
      broken({ commandGapMs: 5000 }),
      'profiles "some".commandGapMs: 5000 is wrong; it must be a whole number from 0 to 1000',
    ],
    ['no command', broken({ reset: 'REBOOT' }), 'profiles "some".reset: "REBOOT" is wrong; it must be a command that begins with AT'],
    ['advice without source', broken({ init: [{ command: 'AT', reason: 'x' }] }), 'profiles "some".init[0].source: nothing is wrong;'],
    [
      'a port without settings',
      broken({ announcementPorts: [{ query: null, right: null, set: [], reason: 'x', source: 'y' }] }),
      'profiles "some".announcementPorts[0].set: must name at least one command',
    ],
    ['a name twice', [some, some, generic], 'profiles: the name "some" is used twice; each profile has its own'],
    ['no profile for all others', [some], 'profiles: the last one must match nothing: it is for all other modems'],
  ])('%s', (_name, data, complaint) => {
    expect(() => parseProfiles(data)).toThrow(complaint);
  });

  test.each(['ATZ', 'AT&F', 'AT&W', 'AT+IPR=115200', 'AT+CMGS=10', 'AT+CMGD=1,4', 'AT+CPIN="1"', 'AT+EGMR=1,7,"1"', 'ATD123'])(
    '%s is in no profile',
    (command) => {
      expect(() => parseProfiles(broken({ init: [{ command, reason: 'x', source: 'y' }] }))).toThrow('is never sent');
    },
  );
});
