import { expect, test } from 'bun:test';
import { offerBoard } from '../../src/catalogue/board.ts';
import { LIVE_SETTINGS } from '../../src/config/live.ts';
import { loadConfig } from '../../src/config.ts';
import { termsOf } from '../../src/settings/terms.ts';
import { openStock } from '../../src/stock/stock.ts';
import { makeHouse } from '../support/house.ts';

test('the offers at hand are those of the configuration as it holds, also after it was changed while running', () => {
  const house = makeHouse();
  const { db, clock } = house;
  const config = loadConfig(null, {}, '/nowhere');
  const terms = termsOf(config, house.rules.current);
  const board = offerBoard({ db, clock, terms: Object.assign(terms, { stock: openStock(db, terms) }) });
  const set = (key: string, value: string): void => {
    const setting = LIVE_SETTINGS.find((one) => one.key === key);
    expect(setting?.apply(config, setting.parse(value) ?? '')).toBe(true);
  };
  const shown = () => {
    clock.pass(1000);
    const all = board.all().map(({ service, windowMinutes }) => [service, windowMinutes]);
    expect(board.some({ country: 'gb' }).map(({ service, windowMinutes }) => [service, windowMinutes])).toEqual(all);
    return all;
  };
  house.offer('telegram', 45);
  house.offer('uber', 45, { windowMinutes: 7 });
  expect(shown()).toEqual([
    ['telegram', 20],
    ['uber', 7],
  ]);
  set('orders.window_minutes', '30');
  expect(shown()).toEqual([
    ['telegram', 30],
    ['uber', 7],
  ]);
  db.run("INSERT INTO offers (country, service, carrier, price_minor, updated_at_ms) VALUES ('gb', 'paypal', '', 45, 0)");
  set('access.allow', 'payment');
  expect(shown().map(([service]) => service)).toEqual(['paypal', 'telegram', 'uber']);
  set('access.allow', '');
  expect(shown().map(([service]) => service)).toEqual(['telegram', 'uber']);
});
