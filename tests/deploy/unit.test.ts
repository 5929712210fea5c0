import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/tools.ts';

/** Directives of systemd 252 (systemd.unit(5), .service(5), .exec(5), .kill(5), .resource-control(5)) that a unit of ours may use, with what each takes. */
const flag = /^(yes|no)$/;
const span = /^(\d+|\d+(s|min|h)|infinity)$/;
const any = /^\S.*$/;
const KNOWN: Record<string, Record<string, RegExp>> = {
  Unit: { Description: any, Documentation: /^(https|file|man):/, After: any, Wants: any, StartLimitIntervalSec: span },
  Service: {
    ...{ Type: /^(exec|notify)$/, NotifyAccess: /^(main|all)$/, WatchdogSec: span, TimeoutStartSec: span, TimeoutStopSec: span },
    ...{
      User: /^[a-z]+$/,
      Group: /^[a-z]+$/,
      SupplementaryGroups: /^[a-z ]+$/,
      StateDirectory: /^[a-z]+$/,
      StateDirectoryMode: /^0[0-7]{3}$/,
    },
    ...{ WorkingDirectory: /^\//, Environment: /^[A-Z_]+=\S+$/, ExecStart: /^\//, Restart: /^(always|on-failure)$/, RestartSec: span },
    ...{ LimitNOFILE: /^\d+$/, UMask: /^0[0-7]{3}$/, ReadWritePaths: /^\// },
    ...{ CapabilityBoundingSet: /^$/, AmbientCapabilities: /^$/, ProtectSystem: /^strict$/, KeyringMode: /^private$/ },
    ...{ NoNewPrivileges: flag, ProtectHome: flag, PrivateTmp: flag, ProtectKernelModules: flag, ProtectKernelLogs: flag, RemoveIPC: flag },
    ...{ ProtectControlGroups: flag, ProtectHostname: flag, ProtectKernelTunables: flag, RestrictSUIDSGID: flag, RestrictNamespaces: flag },
    ...{ RestrictRealtime: flag, LockPersonality: flag, RestrictAddressFamilies: /^(AF_[A-Z0-9]+ ?)+$/ },
    ...{ SystemCallArchitectures: /^native$/, SystemCallFilter: /^@system-service$/, SystemCallErrorNumber: /^EPERM$/ },
  },
  Install: { WantedBy: /^[a-z-]+\.target$/ },
};

/** The settings of a unit file: [section, key, value]. */
function settingsOf(text: string): [string, string, string][] {
  let section = '';
  return text.split('\n').flatMap((line): [string, string, string][] => {
    if (line === '' || line.startsWith('#')) return [];
    const header = /^\[(\w+)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      section = header;
      return [];
    }
    const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    return [[section, key, value]];
  });
}

const unit = settingsOf(readFileSync(join(root, 'deploy/smspin.service'), 'utf8'));
const setting = (key: string): string | undefined => unit.find(([, one]) => one === key)?.[2];

test('each setting of the unit is one that systemd knows, in its section, with a value it takes', () => {
  const wrong = unit.filter(([section, key, value]) => !KNOWN[section]?.[key]?.test(value));
  expect(wrong).toEqual([]);
  expect(unit.length).toBeGreaterThan(35);
});

test('it runs as no root, its data is for its owner alone, and it may open modems that come later', () => {
  expect([setting('User'), setting('SupplementaryGroups'), setting('StateDirectoryMode')]).toEqual(['smspin', 'dialout', '0700']);
  expect(setting('Environment')).toBe(`SMSPIN_DATA_DIR=${setting('WorkingDirectory')}`);
  expect(`/var/lib/${setting('StateDirectory')}`).toBe(setting('WorkingDirectory') ?? '');
  for (const shuts of ['DevicePolicy', 'DeviceAllow', 'PrivateDevices', 'ProtectClock', 'MemoryDenyWriteExecute'])
    expect(setting(shuts)).toBeUndefined();
});

test('whatever ends it, it is started again, and its end may take longer than the promised five seconds', () => {
  expect([setting('Type'), setting('Restart'), setting('StartLimitIntervalSec')]).toEqual(['notify', 'always', '0']);
  expect(Number(setting('TimeoutStopSec'))).toBeGreaterThan(5);
  expect(Number(setting('WatchdogSec'))).toBeGreaterThanOrEqual(30);
});
