import type { Config } from '../config.ts';
import { systemRandom } from '../lib/ids.ts';
import type { RentalTerms } from '../rentals/rentals.ts';
import type { PublishedRules } from '../rules/published.ts';

/** What the operations need of the configuration, each value as it is when it is read: some change while running, so terms are handed on whole and never spread. */
export function termsOf(config: Config, rules: PublishedRules['current']): RentalTerms {
  const { money, orders, access, rentals, limits } = config;
  return {
    currency: money.currency,
    get minimumPriceMinor() {
      return money.minimumPriceMinor;
    },
    get windowMinutes() {
      return orders.windowMinutes;
    },
    get quarantineMinutes() {
      return orders.quarantineMinutes;
    },
    get reuseDays() {
      return orders.reuseDays;
    },
    get cancelAfterSeconds() {
      return orders.cancelAfterSeconds;
    },
    get extendMinutes() {
      return orders.extendMinutes;
    },
    get outageExtendMinutes() {
      return orders.outageExtendMinutes;
    },
    get allow() {
      return access.allow;
    },
    ...{ limits, waitingPlacesMax: orders.waitingPlacesMax, waitingHoursMax: orders.waitingHoursMax },
    rules,
    ...rentals,
    random: systemRandom,
  };
}
