import type { Database } from 'bun:sqlite';
import { type AnyElysia, Elysia } from 'elysia';
import { paths } from '../views/paths.ts';
import { ProblemPage } from '../views/problem.tsx';
import { apiAccess } from './accounts/api-access.ts';
import { guard as makeGuard, sessionToken } from './accounts/guard.ts';
import { keyRoutes } from './accounts/key-routes.tsx';
import { resetRoutes } from './accounts/reset-routes.tsx';
import { accountRoutes } from './accounts/routes.tsx';
import { sessionUser } from './accounts/sessions.ts';
import { overviewRoutes } from './admin/overview-routes.tsx';
import { retiredRoutes } from './admin/retired-routes.tsx';
import { reviewRoutes } from './admin/review-routes.tsx';
import { adminRoutes, type BankControl, type HouseCounts } from './admin/routes.tsx';
import { supportAdminRoutes } from './admin/support-routes.tsx';
import { alarmApi } from './alarms/api-routes.ts';
import { alarmRoutes } from './alarms/routes.tsx';
import { catalogueRoutes } from './catalogue/admin-routes.ts';
import { offerBoard } from './catalogue/board.ts';
import { IMPORT_OCTETS_MAX } from './catalogue/file-routes.tsx';
import { offerRoutes } from './catalogue/routes.tsx';
import type { PriceSchedule } from './catalogue/schedule.ts';
import { customerRoutes } from './customers/routes.tsx';
import { dashboardRoutes } from './dashboard/routes.tsx';
import { houseSecret } from './db/secret.ts';
import type { Door } from './db/write.ts';
import { auditRoutes } from './desk/audit-routes.tsx';
import { ledgerDeskRoutes } from './desk/ledger-routes.tsx';
import { deskRoutes } from './desk/routes.tsx';
import type { Pushes } from './evidence/pushes.ts';
import { evidenceRoutes } from './evidence/routes.tsx';
import { downloadRoutes } from './exports/download-routes.tsx';
import { exportPageRoutes } from './exports/page-routes.tsx';
import type { ExportsRoom } from './exports/room.ts';
import { exportRoutes } from './exports/routes.tsx';
import { clientAddress } from './http/address.ts';
import { apiDocs } from './http/apidocs.ts';
import { assets } from './http/assets.ts';
import { bodyLimit } from './http/body.ts';
import { visitorContext } from './http/context.ts';
import { cors } from './http/cors.ts';
import { apiEdge } from './http/edge.ts';
import { errors } from './http/errors.ts';
import { flags } from './http/flags.ts';
import { measure } from './http/measure.ts';
import { KnownMethods } from './http/methods.ts';
import { originCheck } from './http/origin.ts';
import { requestIds } from './http/request-id.ts';
import { ledgerRoutes } from './ledger/routes.tsx';
import type { Clock } from './lib/clock.ts';
import type { Log } from './lib/log.ts';
import type { Troubles } from './lib/troubles.ts';
import { VERSION } from './lib/version.ts';
import type { Hub } from './live/hub.ts';
import { streamRoutes } from './live/routes.ts';
import { mailPreferences } from './mail/preferences.ts';
import { mailRoutes } from './mail/routes.tsx';
import { messageRoutes } from './messages/routes.tsx';
import type { Metrics } from './metrics/open.ts';
import { metricsRoutes } from './metrics/routes.ts';
import { orderRoutes } from './orders/routes.tsx';
import { moneyRoutes } from './payments/money-routes.ts';
import { policyRoutes } from './policies/routes.tsx';
import { rentalPages } from './rentals/page-routes.tsx';
import { rateRoutes } from './rentals/rate-routes.tsx';
import type { RentalTerms } from './rentals/rentals.ts';
import { rentalRoutes } from './rentals/routes.tsx';
import { sharePages } from './rentals/share-page-routes.tsx';
import { shareApi } from './rentals/share-routes.ts';
import { reportRoutes } from './reviews/routes.tsx';
import type { PublishedRules } from './rules/published.ts';
import { ruleRoutes } from './rules/routes.tsx';
import type { LiveConfig } from './settings/live.ts';
import { settingRoutes } from './settings/routes.tsx';
import { statusAdminRoutes } from './status/admin-routes.tsx';
import { checkRoutes } from './status/check-routes.ts';
import { statusHost } from './status/host-routes.ts';
import { statusPages } from './status/page-routes.tsx';
import type { StatusRoom } from './status/room.ts';
import { healthRoutes, type Stage } from './status/routes.tsx';
import { supportRoutes } from './support/routes.tsx';
import { waitingAdminRoutes } from './waiting/admin-routes.tsx';
import { waitingRoutes } from './waiting/routes.tsx';
import { networksOf } from './webhooks/address.ts';
import { webhookPages } from './webhooks/page-routes.tsx';
import { type Resolve, systemResolve } from './webhooks/resolve.ts';
import { webhookLimits, webhookRoutes } from './webhooks/routes.tsx';

const BODY_OCTETS_MAX = 1024 * 1024;
/** Bun's limit, which answers without a word, is out of reach: http/body.ts counts. */
const BUN_BODY_OCTETS_MAX = Number.MAX_SAFE_INTEGER;
/** Longer than the longest `?wait`. */
const IDLE_SECONDS = 120;
/** Pings go out by themselves; who answers none for a minute is gone. Nobody has a reason to send us more than a line. */
const WEBSOCKET = { idleTimeout: 60, maxPayloadLength: 16 * 1024, backpressureLimit: 4 * 1024 * 1024 };

/** Everything the pages and the API are made from. */
export interface AppDeps {
  settings: LiveConfig;
  db: Database;
  door: Door;
  hub: Hub;
  clock: Clock;
  log: Log;
  terms: RentalTerms;
  bank: BankControl;
  exports: ExportsRoom;
  pushes: Pushes;
  rules: PublishedRules;
  priceSchedule: PriceSchedule;
  /** What fails in the background. */
  troubles: Troubles;
  metrics: Metrics;
  status: StatusRoom;
  /** What the modems brought, and what went wrong, since the start. */
  counts(): HouseCounts;
  stage(): Stage;
  /** Asks for the addresses of a name; default: the machine's resolver. */
  resolve?: Resolve;
}

/** The table of contents: every feature that answers HTTP, in reading order. */
export function makeApp(deps: AppDeps) {
  const { settings, db, door, hub, clock, log, terms, bank, troubles, pushes, status, metrics } = deps;
  const { config } = settings;
  const board = offerBoard({ db, clock, terms });
  const access = apiAccess({ db, door, clock, log, requestsPerMinute: config.api.requestsPerMinute });
  const guard = makeGuard({ db, access, nowMs: clock.nowMs, checker: status.checker });
  const viewerOf = (request: Request) => {
    const token = sessionToken(request);
    return token === null ? null : sessionUser(db, token, clock.nowMs());
  };
  const methods = new KnownMethods();
  const webhooks = {
    ...{ db, door, clock, random: terms.random, guard, limits: webhookLimits(clock) },
    ...{ resolve: deps.resolve ?? systemResolve, allow: networksOf(config.webhooks.allow) },
  };
  const { trustedProxies, publicUrl } = config.server;
  const signup = () => config.access.signup;
  const links = { publicUrl, secret: houseSecret(db, 'links', terms.random, clock.nowMs()) };
  // One process owns the port: a second one must fail loudly, not share it, since both would read the same modems.
  const app: AnyElysia = new Elysia({
    serve: { development: false, reusePort: false, idleTimeout: IDLE_SECONDS, maxRequestBodySize: BUN_BODY_OCTETS_MAX },
    websocket: WEBSOCKET,
  });
  // One after the other and without the types of their routes, which nothing uses: a chain this long is more than the compiler follows.
  const rooms: readonly AnyElysia[] = [
    measure({ log, random: terms.random, nowMs: clock.nowMs, monotonicMs: clock.monotonicMs, answered: metrics.requests.answered }),
    errors({
      log,
      random: terms.random,
      nowMs: clock.nowMs,
      methods,
      refused: metrics.requests.refused,
      problemPage: (problem, request) =>
        ProblemPage({
          page: visitorContext(db, request, viewerOf(request), signup),
          view: { status: problem.status, title: problem.title, detail: problem.detail, requestId: problem.request_id },
        }),
    }),
    requestIds({ random: terms.random, nowMs: clock.nowMs }),
    cors(config.api.corsOrigins, methods),
    statusHost(config.status.host),
    originCheck(config.server, config.api.corsOrigins, config.status.host),
    bodyLimit(BODY_OCTETS_MAX, new Map([[paths.priceImport, IMPORT_OCTETS_MAX]])),
    apiEdge({ access, addressOf: (server, request) => clientAddress(server, request, config.server.trustedProxies) }),
    assets(),
    flags(),
    healthRoutes({ db, stage: deps.stage }),
    metricsRoutes({ db, access, meters: metrics.meters, nowMs: clock.nowMs, allow: config.metrics.allow, trustedProxies }),
    checkRoutes({ door, terms, checker: status.checker }),
    statusPages({ db, door, clock, random: terms.random, status, links, trustedProxies }),
    policyRoutes({ db, guard, config, status }),
    statusAdminRoutes({ db, door, clock, random: terms.random, guard, status }),
    accountRoutes({
      db,
      door,
      clock,
      log,
      random: terms.random,
      guard,
      signup,
      trustedProxies,
      secure: publicUrl.startsWith('https:'),
    }),
    resetRoutes({
      db,
      door,
      clock,
      log,
      random: terms.random,
      guard,
      links,
      trustedProxies,
      signup,
      secure: publicUrl.startsWith('https:'),
    }),
    keyRoutes({ db, door, clock, random: terms.random, guard }),
    dashboardRoutes({ db, door, hub, clock, log, terms, board, guard, signup, pushes, status }),
    overviewRoutes({ db, clock, guard, bank, board, status, currency: terms.currency }),
    adminRoutes({ db, door, clock, guard, bank, log, troubles, terms, counts: deps.counts }),
    alarmRoutes({ db, door, clock, guard, config }),
    alarmApi({ db, door, guard }),
    reviewRoutes({ db, door, clock, guard, terms }),
    retiredRoutes({ db, door, clock, guard, terms }),
    ruleRoutes({ db, door, clock, log, guard, terms, rules: deps.rules }),
    mailRoutes({ db, door, clock, guard, links, currency: terms.currency, signup }),
    supportRoutes({ db, door, clock, log, random: terms.random, guard, links, trustedProxies, signup }),
    supportAdminRoutes({ db, door, clock, guard, log, terms }),
    customerRoutes({ db, door, clock, guard, terms, links }),
    settingRoutes({ db, door, clock, log, guard, settings }),
    deskRoutes({ db, door, clock, guard, terms }),
    ledgerDeskRoutes({ db, door, clock, guard, currency: terms.currency, timeZone: config.ledger.timeZone }),
    auditRoutes({ db, door, clock, guard }),
    offerRoutes({ board, guard }),
    catalogueRoutes({ db, door, clock, log, guard, terms, rules: deps.rules, schedule: deps.priceSchedule }),
    orderRoutes({ db, door, hub, clock, terms, guard, pushes }),
    waitingAdminRoutes({ db, terms, nowMs: clock.nowMs, guard }),
    waitingRoutes({ db, door, clock, terms, guard }),
    rentalPages({ db, door, hub, clock, terms, guard, pushes, links }),
    sharePages({ db, door, clock, terms, guard, links }),
    rateRoutes({ db, door, clock, terms, guard }),
    rentalRoutes({ db, door, hub, clock, terms, guard }),
    shareApi({ db, door, clock, random: terms.random, guard, links }),
    evidenceRoutes({ db, clock, terms, guard, pushes, keys: deps.exports.keys, publicUrl: config.server.publicUrl }),
    streamRoutes({ db, hub, clock, random: terms.random, guard, access, pushes }),
    messageRoutes({ db, guard }),
    reportRoutes({ door, guard }),
    ledgerRoutes({ db, currency: terms.currency, guard, lowMarkOf: (userId) => mailPreferences(db, userId).lowBalanceMinor }),
    webhookRoutes(webhooks),
    webhookPages(webhooks),
    exportRoutes({ db, door, clock, random: terms.random, guard, room: deps.exports }),
    exportPageRoutes({ db, door, clock, random: terms.random, guard, room: deps.exports }),
    moneyRoutes({ db, door, clock, log, guard, terms, trustedProxies, config, publicUrl }),
    downloadRoutes({ db, clock, room: deps.exports }),
    apiDocs(VERSION),
  ];
  for (const room of rooms) app.use(room);
  methods.learn(app.routes);
  return app;
}
