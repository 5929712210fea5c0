import { afterEach, expect, test } from 'bun:test';
import { BankChannel } from '../../src/admin/bank-channel.ts';
import { silentLog } from '../../src/lib/log.ts';
import { pushBank, pushBankChanges } from '../../views/admin/bank-push.tsx';
import { filtered } from '../../views/admin/states.ts';
import type { BankFilter, ModemView } from '../../views/model.ts';
import { until } from '../support/client.ts';
import { bankView, modemView } from '../views/sample.ts';

const ALL: BankFilter = { show: 'all', tiles: null };
const alarm = { code: 'denied', text: 'The network refuses it.', sinceMs: 0 };
const modem = (n: number, changes: Partial<ModemView> = {}) => modemView({ slot: `slot${n}`, number: `+44770090000${n}`, ...changes });
const targets = (html: string) => [...html.matchAll(/<hx-partial hx-target="#([\w-]+)"/g)].map(([, id]) => id);

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

test('only the modems that changed are pushed, and the head when its counts did', () => {
  const before = bankView({ modems: [modem(1), modem(2), modem(3)] });
  const change = (changes: Partial<ModemView>) => bankView({ modems: [modem(1), modem(2, changes), modem(3)] });
  expect(pushBankChanges(before, bankView({ modems: [modem(1), modem(2), modem(3)] }))).toBe('');
  expect(targets(pushBankChanges(before, change({ partsByUrc: 99 })))).toEqual(['modem-slot2']);
  expect(targets(pushBankChanges(before, change({ alarms: [alarm] })))).toEqual(['modem-slot2', 'bank-head']);
  const counted = bankView({ modems: before.modems, counts: { ...before.counts, stored: 13 } });
  expect(targets(pushBankChanges(before, counted))).toEqual(['bank-counts']);
  const troubled = bankView({ modems: before.modems, troubles: [{ code: 'history', text: 'disk full', sinceMs: before.nowMs }] });
  expect(targets(pushBankChanges(before, troubled))).toEqual(['bank-troubles']);
  expect(pushBankChanges(before, troubled)).toContain('The history cannot be written');
});

test('time that goes by is a change only where it is told', () => {
  const lastMessageAtMs = bankView().nowMs - 60_000;
  const at = (ms: number) => ({
    ...bankView({ modems: [modem(1, { lastMessageAtMs }), modem(2, { lastMessageAtMs: null })] }),
    nowMs: bankView().nowMs + ms,
  });
  expect(pushBankChanges(at(0), at(59_000))).toBe('');
  expect(targets(pushBankChanges(at(0), at(60_000)))).toEqual(['modem-slot1']);
});

test('everything is pushed when other modems are shown than before, or another way', () => {
  const before = bankView({ modems: [modem(1), modem(2)] });
  for (const modems of [[modem(1)], [modem(2), modem(1)], [modem(1), modem(2), modem(3)]])
    expect(targets(pushBankChanges(before, bankView({ modems })))).toEqual(['bank']);
  const attention = { ...before, filter: { show: 'attention' as const, tiles: null } };
  expect(targets(pushBankChanges(attention, { ...attention, modems: [modem(1, { alarms: [alarm] }), modem(2)] }))).toEqual(['bank']);
  expect(pushBank(before)).toContain('data-show="attention"');
});

test.each([
  [{ show: 'all', tiles: null }, ['slot1', 'slot2', 'slot3', 'slot4'], false],
  [{ show: 'attention', tiles: true }, ['slot2', 'slot3'], true],
  [{ show: 'ready', tiles: false }, ['slot1', 'slot3'], false],
] as [BankFilter, string[], boolean][])('the filter %j leaves %j', (filter, slots, tiles) => {
  const modems = [modem(1), modem(2, { state: 'gone' }), modem(3, { alarms: [alarm] }), modem(4, { state: 'opening' })];
  const left = filtered(modems, filter);
  expect(left.shown.map((one) => one.slot)).toEqual(slots);
  expect(left.tiles).toBe(tiles);
});

test('many modems are tiles unless somebody wants cards', () => {
  const modems = Array.from({ length: 40 }, (_, n) => modem(n));
  expect(filtered(modems, ALL).tiles).toBe(true);
  expect(filtered(modems.slice(1), ALL).tiles).toBe(false);
  expect(filtered(modems, { ...ALL, tiles: false }).tiles).toBe(false);
});

function open() {
  let modems = [modem(1)];
  let looks = 0;
  const channel = new BankChannel({
    view: (filter) => {
      looks++;
      return { ...bankView({ modems }), filter };
    },
    log: silentLog,
    lookEveryMs: 5,
  });
  const tab = () => {
    const sent: string[] = [];
    const closed: number[] = [];
    const one = { send: (html: string) => void sent.push(html), close: (code: number) => void closed.push(code), sent, closed };
    ended.push(() => channel.close(one));
    return one;
  };
  const change = (changes: Partial<ModemView>) => {
    modems = [modem(1, changes)];
  };
  return { channel, tab, change, looks: () => looks };
}

test('a tab is brought up to date when it opens and told of each change once', async () => {
  const { channel, tab, change } = open();
  const [one, two] = [tab(), tab()];
  channel.open(one, ALL, () => true);
  expect(targets(one.sent[0] ?? '')).toEqual(['bank']);
  change({ partsByUrc: 77 });
  channel.open(two, ALL, () => true);
  expect(two.sent[0]).toContain('77 / 1');
  expect(one.sent.map(targets)).toEqual([['bank'], ['modem-slot1']]);
  change({ partsByUrc: 78 });
  await until(() => two.sent.some((html) => html.includes('78 / 1')), 'the change is pushed');
  expect(one.sent.filter((html) => html.includes('78 / 1'))).toHaveLength(1);
});

test('a tab whose session ended is closed and shown nothing more', async () => {
  const { channel, tab, change } = open();
  const one = tab();
  let mayRead = true;
  channel.open(one, ALL, () => mayRead);
  mayRead = false;
  change({ partsByUrc: 77 });
  await until(() => one.closed.length > 0, 'it is closed');
  expect(one.closed[0]).toBe(1008);
  expect(one.sent).toHaveLength(1);
});

test('nobody looks at the bank while no page is open; an open one gets signs of life', async () => {
  const { channel, tab, looks } = open();
  const one = tab();
  channel.open(one, ALL, () => true);
  await until(() => one.sent.some((html) => html.startsWith('{"nowMs":')), 'a heartbeat');
  channel.close(one);
  const then = looks();
  const another = open();
  const other = another.tab();
  another.channel.open(other, ALL, () => true);
  await until(() => another.looks() > 20, 'time goes by');
  expect(looks()).toBe(then);
});
