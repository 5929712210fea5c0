/** The keys of the configuration that may be changed while the server runs, each with what a change does. */
import type { Config } from '../config.ts';
import { ACCESS_KEYS } from './access.ts';
import { EXPORT_KEYS } from './exports.ts';
import type { Key } from './kinds.ts';
import { MONEY_KEYS } from './money.ts';
import { LIMIT_KEYS, ORDER_KEYS } from './orders.ts';

export interface LiveSetting {
  /** As in the file: `orders.window_minutes`. */
  key: string;
  label: string;
  /** What a change does, and to what it does nothing. */
  effect: string;
  /** `''` where the value says it itself. */
  unit: string;
  /** What is allowed, after "must be". */
  allowed: string;
  /** One of these, where there are few. */
  choices: readonly string[] | null;
  /** What somebody typed as JSON, or null when it is not allowed. */
  parse(typed: string): string | null;
  /** As it is typed. */
  typed(config: Config): string;
  /** A kept value as it would be typed, or null when this release does not allow it. */
  typedOf(json: string): string | null;
  /** Makes a kept value hold; false, and nothing changes, when this release does not allow it. */
  apply(config: Config, json: string): boolean;
  /** Makes the value of another configuration hold. */
  copy(from: Config, to: Config): void;
}

type About = Pick<LiveSetting, 'key' | 'label' | 'effect'> & { unit?: string; choices?: readonly string[] };

function live<T>(about: About, spec: Key<T>, get: (config: Config) => T, set: (config: Config, value: T) => void): LiveSetting {
  const typed = (value: T): string => (Array.isArray(value) ? value.join(', ') : String(value));
  const read = (json: string): T | undefined => spec.read(JSON.parse(json));
  return {
    ...{ unit: '', choices: null, allowed: spec.allowed.replace('a list of', 'any of'), ...about },
    parse(text) {
      const value = spec.read(spec.fromText(text.trim()));
      return value === undefined ? null : JSON.stringify(value);
    },
    typed: (config) => typed(get(config)),
    typedOf(json) {
      const value = read(json);
      return value === undefined ? null : typed(value);
    },
    apply(config, json) {
      const value = read(json);
      if (value === undefined) return false;
      set(config, value);
      return true;
    },
    copy: (from, to) => set(to, get(from)),
  };
}

type Numbers<S> = { [K in keyof S]: S[K] extends number ? K : never }[keyof S];

function number<S extends 'orders' | 'limits' | 'money' | 'exports'>(
  about: About & { unit: string },
  spec: Key<number>,
  section: S,
  name: Numbers<Config[S]> & keyof Config[S],
): LiveSetting {
  return live<number>(
    about,
    spec,
    (config) => Number(config[section][name]),
    (config, value) => {
      Object.assign(config[section], { [name]: value });
    },
  );
}

const NEW_ORDERS = 'Orders made from now on have it; open ones keep the window they were sold with.';

export const LIVE_SETTINGS: readonly LiveSetting[] = [
  number(
    {
      key: 'orders.window_minutes',
      label: 'Window',
      unit: 'minutes',
      effect: `How long a customer waits for the SMS before the money goes back, where the price says nothing else. ${NEW_ORDERS}`,
    },
    ORDER_KEYS.window_minutes,
    ...(['orders', 'windowMinutes'] as const),
  ),
  number(
    {
      key: 'orders.cancel_after_seconds',
      label: 'Cancel after',
      unit: 'seconds',
      effect: 'How long a customer must wait before an order can be canceled; 0: at once. Orders made from now on have it.',
    },
    ORDER_KEYS.cancel_after_seconds,
    ...(['orders', 'cancelAfterSeconds'] as const),
  ),
  number(
    {
      key: 'orders.extend_minutes',
      label: 'Extension of a window',
      unit: 'minutes',
      effect:
        'By how much a customer may have the window of an open order extended, once and free; 0: not offered. Holds for open orders too.',
    },
    ORDER_KEYS.extend_minutes,
    ...(['orders', 'extendMinutes'] as const),
  ),
  number(
    {
      key: 'orders.outage_extend_minutes',
      label: 'Wait for a lost modem',
      unit: 'minutes',
      effect: 'How long a window waits for a modem that is away before the money goes back; 0: it does not. Holds for open orders too.',
    },
    ORDER_KEYS.outage_extend_minutes,
    ...(['orders', 'outageExtendMinutes'] as const),
  ),
  number(
    {
      key: 'orders.quarantine_minutes',
      label: 'Rest of a SIM',
      unit: 'minutes',
      effect:
        'How long a SIM rests between customers of the same service. Stock changes at once: a longer rest takes SIMs off sale that were sold lately. A shorter one lets late codes reach the next person.',
    },
    ORDER_KEYS.quarantine_minutes,
    ...(['orders', 'quarantineMinutes'] as const),
  ),
  number(
    {
      key: 'orders.reuse_days',
      label: 'Reuse of a number',
      unit: 'days',
      effect:
        'For how long a number on which a service’s code arrived is not sold for that service again, except to the same customer. Stock changes at once; 0 sells used numbers.',
    },
    ORDER_KEYS.reuse_days,
    ...(['orders', 'reuseDays'] as const),
  ),
  number(
    {
      key: 'limits.open_orders',
      label: 'Open orders of an account',
      unit: 'orders',
      effect:
        'How many orders an account may have open at once; 0: no limit. One more is refused as limit_reached and costs nothing; what is open stays. A customer’s own limit wins.',
    },
    LIMIT_KEYS.open_orders,
    ...(['limits', 'openOrders'] as const),
  ),
  number(
    {
      key: 'limits.orders_a_day',
      label: 'Orders of an account in 24 hours',
      unit: 'orders',
      effect:
        'How many orders an account may make in any 24 hours, however they end; 0: no limit. One more is refused as limit_reached. A customer’s own limit wins.',
    },
    LIMIT_KEYS.orders_a_day,
    ...(['limits', 'ordersADay'] as const),
  ),
  number(
    {
      key: 'money.minimum_price',
      label: 'Minimum price',
      unit: 'minor units',
      effect:
        'No price can be set below it from now on, by hand, file or rule. Prices that are cheaper already stay until they are changed.',
    },
    MONEY_KEYS.minimum_price,
    ...(['money', 'minimumPriceMinor'] as const),
  ),
  number(
    {
      key: 'money.low_balance',
      label: 'Mark of a low balance',
      unit: 'minor units',
      effect: 'Below it a balance is marked as low, for customers who chose no mark of their own; 0: for none.',
    },
    MONEY_KEYS.low_balance,
    ...(['money', 'lowBalanceMinor'] as const),
  ),
  live(
    {
      key: 'access.signup',
      label: 'Sign-up',
      choices: ['open', 'invite', 'approval'],
      effect:
        'open: everybody may make an account. approval: who signs up waits until you let them in. invite: only you make accounts. Accounts that exist, and who waits, stay as they are.',
    },
    ACCESS_KEYS.signup,
    (config) => config.access.signup,
    (config, value) => {
      config.access.signup = value;
    },
  ),
  live(
    {
      key: 'access.allow',
      label: 'Allowed although refused by default',
      effect:
        'Services and messages of these kinds are refused unless named here, separated by commas; empty: all are refused. Holds for orders and messages from now on; what is taken out is not sold any more, and open orders of it receive nothing.',
    },
    ACCESS_KEYS.allow,
    (config) => config.access.allow,
    (config, value) => {
      config.access.allow = value;
    },
  ),
  number(
    {
      key: 'exports.keep_hours',
      label: 'Keep exports',
      unit: 'hours',
      effect:
        'For how long a customer can fetch a file of orders, messages or money before it is deleted. Files asked for from now on have it.',
    },
    EXPORT_KEYS.keep_hours,
    ...(['exports', 'keepHours'] as const),
  ),
];
