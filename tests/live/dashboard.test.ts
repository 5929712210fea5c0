import { expect, test } from 'bun:test';
import { DashboardChannel, TABS_OF_CUSTOMER_MAX } from '../../src/dashboard/channel.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openHub } from '../../src/live/hub.ts';
import type { Socket } from '../../src/live/socket.ts';
import { makeHouse } from '../support/house.ts';

class Tab implements Socket {
  sent = 0;
  code: number | null = null;
  send(text: string): number {
    this.sent++;
    return text.length;
  }
  close(code: number): void {
    this.code = code;
  }
  terminate(): void {}
  getBufferedAmount(): number {
    return 0;
  }
}

function setUp() {
  const { db, clock } = makeHouse();
  const hub = openHub(db, silentLog);
  const channel = new DashboardChannel(
    hub,
    () => 'html',
    clock.nowMs,
    () => {},
  );
  const open = (userId: string): Tab => {
    const tab = new Tab();
    channel.open(userId, tab, () => true);
    return tab;
  };
  return { hub, channel, open };
}

test('one tab too many of a customer is told so and shown nothing; with one closed there is room again', () => {
  const { channel, open } = setUp();
  const tabs = Array.from({ length: TABS_OF_CUSTOMER_MAX }, () => open('anna'));
  expect(tabs.every(({ code, sent }) => code === null && sent === 1)).toBe(true);
  expect(open('anna')).toMatchObject({ code: 4429, sent: 0 });
  expect(open('ben')).toMatchObject({ code: null, sent: 1 });
  expect(channel.size).toBe(TABS_OF_CUSTOMER_MAX + 1);
  channel.close('anna', tabs[0] ?? new Tab());
  expect(open('anna').code).toBeNull();
});

test('when the server stops, every tab is told to come back, and so is who comes now', () => {
  const { hub, channel, open } = setUp();
  const tabs = ['anna', 'anna', 'ben'].map(open);
  hub.close();
  expect([...tabs, open('anna')].map(({ code }) => code)).toEqual([1001, 1001, 1001, 1001]);
  expect(channel.size).toBe(0);
});
