import type { Database } from 'bun:sqlite';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import type { Door } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { PublishedRules } from '../rules/published.ts';
import { changeRoutes } from './change-routes.tsx';
import { fileRoutes } from './file-routes.tsx';
import type { PriceDeps } from './planning.ts';
import { priceRoutes } from './price-routes.tsx';
import { priceRuleRoutes } from './rule-routes.tsx';
import type { PriceSchedule } from './schedule.ts';
import { serviceRoutes } from './service-routes.tsx';

export interface CatalogueDeps {
  db: Database;
  door: Door;
  clock: Clock;
  log: Log;
  guard: Guard;
  terms: PriceDeps['terms'];
  rules: PublishedRules;
  schedule: PriceSchedule;
}

/** `/admin/catalogue`: services and prices, for the operator. */
export function catalogueRoutes(deps: CatalogueDeps) {
  return new Elysia({ name: 'catalogue' })
    .use(serviceRoutes(deps))
    .use(priceRoutes(deps))
    .use(fileRoutes(deps))
    .use(priceRuleRoutes(deps))
    .use(changeRoutes(deps));
}
