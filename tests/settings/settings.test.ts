import { expect, test } from 'bun:test';
import { offerBoard } from '../../src/catalogue/board.ts';
import { setOffer } from '../../src/catalogue/offers.ts';
import { LIVE_SETTINGS } from '../../src/config/live.ts';
import { loadConfig } from '../../src/config.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { changeSetting } from '../../src/settings/changes.ts';
import { openSettings } from '../../src/settings/live.ts';
import { settingViews } from '../../src/settings/present.ts';
import { termsOf } from '../../src/settings/terms.ts';
import { SettingsPage } from '../../views/desk/settings.tsx';
import { markup } from '../../views/parts/text.tsx';
import { liveSettingPath, paths } from '../../views/paths.ts';
import { adminHouse } from '../support/admin-house.ts';
import { MINUTE_MS } from '../support/house.ts';

const KEY = 'orders.window_minutes';

function open() {
  const admin = adminHouse({ env: { SMSPIN_ORDERS_WINDOW_MINUTES: '15' } });
  const { house, post, settings } = admin;
  const set = (key: string, value: string, seen: string) => post(liveSettingPath(key), { value, seen });
  return { ...admin, set, terms: Object.assign(termsOf(settings.config, house.rules.current), { random: house.terms.random }) };
}

test('a kept window is that of the next order, is said with who and when, and goes back to the file’s', async () => {
  const { house, terms, set, post, get, audit, settings } = open();
  const anna = house.customer('anna@example.org');
  house.sim(1);
  house.offer('telegram', 40);
  expect((await set(KEY, '30', '15')).headers.get('location')).toContain('notice=setting-changed');
  const order = house.write((tx) => placeOrder(tx, terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  expect(order.expiresAtMs - order.createdAtMs).toBe(30 * MINUTE_MS);
  const page = await (await get(paths.liveSettings)).text();
  expect(page).toContain('set here, wins over the file');
  expect(page).toContain('The file says <span>15 minutes</span>');
  await post(liveSettingPath(KEY, 'undo'), { seen: '30' });
  expect([terms.windowMinutes, settings.file.orders.windowMinutes]).toEqual([15, 15]);
  expect(audit()).toEqual([
    { action: 'setting.change', target: KEY, detail: 'From 15 to 30.' },
    { action: 'setting.change', target: KEY, detail: 'From 30 to 15, as the file says.' },
  ]);
});

test('what is not allowed is refused with what would be right, and what somebody else changed is not overwritten', async () => {
  const { set, settings, audit } = open();
  const wrong = await set(KEY, 'soon', '15');
  expect([wrong.status, (await wrong.text()).includes('It must be a number of minutes from 0.05 to 1440.')]).toEqual([422, true]);
  await set(KEY, '30', '15');
  const stale = await set(KEY, '40', '15');
  expect([stale.status, (await stale.text()).includes('Somebody else changed it meanwhile')]).toEqual([409, true]);
  expect((await set(KEY, '30', '15')).headers.get('location')).toContain('setting-same');
  expect((await set('server.port', '1', '8080')).status).toBe(404);
  expect(settings.config.orders.windowMinutes).toBe(30);
  expect(audit()).toHaveLength(1);
});

test('sign-up is closed and opened at once', async () => {
  const { set, app } = open();
  const signUp = async () => (await (await app.handle(new Request('http://localhost/sign-up'))).text()).includes('Password');
  expect(await signUp()).toBe(true);
  await set('access.signup', 'invite', 'open');
  expect(await signUp()).toBe(false);
});

test('every setting takes its own value, holds it over a restart, and says what it must be', () => {
  const { house } = open();
  const file = loadConfig(null, {}, '/nonexistent');
  const samples: Record<string, string> = { 'access.signup': 'approval', 'access.allow': 'bank, health' };
  const operator = house.db.query<{ id: string }, []>("SELECT id FROM users WHERE role = 'operator'").get()?.id ?? '';
  const live = openSettings(house.db, file, { warn() {} });
  for (const setting of LIVE_SETTINGS) {
    const typed = samples[setting.key] ?? '7';
    const value = setting.parse(typed);
    expect(value).not.toBeNull();
    expect(setting.parse('certainly not')).toBeNull();
    const outcome = house.write((tx) => changeSetting(tx, live, { userId: operator, setting, value, seen: setting.typed(file) }));
    expect([setting.key, outcome, setting.typed(live.config)]).toEqual([setting.key, 'changed', typed]);
    expect(setting.effect.length).toBeGreaterThan(40);
  }
  const again = openSettings(house.db, file, { warn() {} });
  expect(again.config).toEqual(live.config);
  expect(again.file).toEqual(loadConfig(null, {}, '/nonexistent'));
  expect(house.db.query("SELECT value FROM settings WHERE key = 'low_balance_minor'").get()).toEqual({ value: '7' });
});

test('a kept value that is not allowed any more is logged, and the file’s holds', () => {
  const { house } = open();
  const operator = house.db.query<{ id: string }, []>("SELECT id FROM users WHERE role = 'operator'").get()?.id ?? '';
  house.db.run(`INSERT INTO setting_changes (key, value, user_id, at_ms) VALUES ('${KEY}', '99999', '${operator}', 1)`);
  const warned: unknown[] = [];
  const { config } = openSettings(house.db, loadConfig(null, {}, '/nonexistent'), { warn: (...said) => warned.push(said) });
  expect(config.orders.windowMinutes).toBe(20);
  expect(warned).toEqual([['setting_not_allowed', { key: KEY, allowed: 'a number of minutes from 0.05 to 1440' }]]);
});

test('a lower minimum price holds for the next price, and a change of rest is taken up by the stock', async () => {
  const { house, terms, set, settings } = open();
  let reread = 0;
  settings.onChange(() => reread++);
  await set('money.minimum_price', '50', '1');
  const price = () =>
    house.write((tx) => setOffer(tx, { country: 'gb', service: 'signal', carrier: '', priceMinor: 40, windowMinutes: null }, terms));
  expect(price).toThrow();
  await set('money.minimum_price', '40', '50');
  price();
  expect(reread).toBe(2);
});

test('the board of offers follows the window and the allowed kinds, as the order does', async () => {
  const { house, terms, set } = open();
  house.sim(1);
  house.offer('telegram', 40);
  house.db.run("INSERT INTO offers (country, service, price_minor, updated_at_ms) VALUES ('gb', 'paypal', 50, 1)");
  const board = offerBoard({ db: house.db, clock: house.clock, terms });
  const shown = () => {
    house.clock.pass(MINUTE_MS);
    return board.all().map(({ service, windowMinutes }) => `${service} ${windowMinutes}`);
  };
  expect(shown()).toEqual(['telegram 15']);
  await set(KEY, '30', '15');
  await set('access.allow', 'payment', '');
  expect(shown()).toEqual(['paypal 30', 'telegram 30']);
  expect(board.some({ service: 'telegram' }).map(({ windowMinutes }) => windowMinutes)).toEqual([30]);
  await set('access.allow', '', 'payment');
  expect(shown()).toEqual(['telegram 30']);
});

test('a read-only operator sees every setting and is offered no form', () => {
  const { house, settings } = open();
  const context = {
    path: paths.liveSettings,
    virtualBank: false,
    notice: null,
    reviewCount: 0,
    canSignUp: false,
    ticketCount: 0,
    alarmCount: 0,
    mailTrouble: null,
  };
  const forms = (isReadOnly: boolean): number => {
    const viewer = { id: 'usr_1', email: 'o@example.org', role: 'operator' as const, isReadOnly };
    const view = { nowMs: house.clock.ms, settings: settingViews(house.db, settings), refused: null };
    return markup(SettingsPage({ page: { ...context, viewer }, view })).split(`action="${paths.liveSettings}/`).length - 1;
  };
  expect([forms(false), forms(true)]).toEqual([LIVE_SETTINGS.length, 0]);
});
