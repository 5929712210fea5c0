/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { paths, signedPath } from '../../views/paths.ts';
import { DeadLinkPage, NewPasswordPage, ResetPage } from '../../views/reset.tsx';
import type { SignUp } from '../config/access.ts';
import type { Door } from '../db/write.ts';
import { clientAddress, networkOf } from '../http/address.ts';
import { visitorContext } from '../http/context.ts';
import { RateLimit } from '../http/limits.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { MailLinks } from '../mail/links.ts';
import { isMailOn, queueMail } from '../mail/queue.ts';
import { passwordMark, readReset } from '../mail/reset-link.ts';
import { browserCookie, browserToken, noteBrowser } from './browsers.ts';
import type { Guard } from './guard.ts';
import { cleanEmail, findUserByEmail, hashPassword, passwordProblem, setPassword } from './users.ts';

export interface ResetRouteDeps {
  db: Database;
  door: Door;
  clock: Clock;
  log: Log;
  random: RandomBytes;
  guard: Guard;
  links: MailLinks;
  trustedProxies: readonly string[];
  signup: SignUp;
  /** True when browsers reach us by https. */
  secure: boolean;
}

const AskForm = type({ 'email?': 'string <= 300' });
const PasswordForm = type({ 'password?': 'string <= 500' });
const HOUR_MS = 3_600_000;
/** Mails an account gets within an hour, whoever asks for them. */
const MAILS_MAX = 5;

/** `/reset`: a new password by a link that is sent to the account's address. */
export function resetRoutes(deps: ResetRouteDeps) {
  const { db, door, clock, log, random, guard, signup } = deps;
  const { secret } = deps.links;
  const byAddress = new RateLimit({ burst: 20, refillMs: HOUR_MS, what: 'requests for a new password from this address' });
  const byAccount = new RateLimit({ burst: 3, refillMs: HOUR_MS, what: 'requests for a new password of this account' });
  const mails = new RateLimit({ burst: MAILS_MAX, refillMs: HOUR_MS, what: 'mails about a new password' });

  /** In the background: how long it takes must not tell who has an account. */
  function send(email: string): void {
    door
      .write((tx) => {
        const user = findUserByEmail(tx.db, email);
        const mark = user === null ? null : passwordMark(tx.db, user.id);
        if (user === null || mark === null) return;
        queueMail(tx, { kind: 'password_reset', about: `${user.id}:${tx.nowMs}`, userId: user.id, payload: { mark } });
      })
      .catch((thrown: unknown) => log.error('reset_not_queued', { error: messageOf(thrown) }));
  }

  return new Elysia({ name: 'reset', detail: { hide: true } })
    .use(guard)
    .get(
      paths.reset,
      ({ request, user }) =>
        page(<ResetPage page={visitorContext(db, request, user, signup)} view={{ values: {}, errors: {} }} canMail={isMailOn(db)} />),
      { viewer: true },
    )
    .post(
      paths.reset,
      ({ request, user, body, server }) => {
        const { email: typed = '' } = body;
        const email = cleanEmail(typed);
        const canMail = isMailOn(db);
        if (email === null || !canMail) {
          const errors: Record<string, string> = canMail ? { email: 'Type an e-mail address like name@example.org.' } : {};
          const view = { values: { email: typed }, errors };
          return page(<ResetPage page={visitorContext(db, request, user, signup)} view={view} canMail={canMail} />, { status: 422 });
        }
        const network = networkOf(clientAddress(server, request, deps.trustedProxies));
        const nowMs = clock.monotonicMs();
        byAddress.take(network, nowMs);
        // By account and address together: nobody can keep the owner from asking. Beyond the mails an hour the answer is the same, and nothing is sent: the links
        // of those that were sent work, whoever asked for them.
        byAccount.take(`${email} ${network}`, nowMs);
        if (mails.look(email, nowMs).remaining >= 1) {
          mails.take(email, nowMs);
          send(email);
        }
        return seeOther(request, `${paths.reset}?notice=reset-asked`);
      },
      { viewer: true, body: AskForm },
    )
    .get(
      `${paths.reset}/:token`,
      ({ request, user, params }) => {
        const context = { ...visitorContext(db, request, user, signup), path: paths.reset };
        const reset = readReset(db, secret, params.token, clock.nowMs());
        if (!reset.ok) return page(<DeadLinkPage page={context} why={reset.why} />, { status: 410 });
        return page(<NewPasswordPage page={context} action={signedPath('reset', params.token)} view={{ values: {}, errors: {} }} />);
      },
      { viewer: true },
    )
    .post(
      `${paths.reset}/:token`,
      async ({ request, user, params, body, server }) => {
        byAddress.take(networkOf(clientAddress(server, request, deps.trustedProxies)), clock.monotonicMs());
        const context = { ...visitorContext(db, request, user, signup), path: paths.reset };
        const { password = '' } = body;
        const problem = passwordProblem(password);
        if (problem !== null) {
          const view = { values: {}, errors: { password: problem } };
          return page(<NewPasswordPage page={context} action={signedPath('reset', params.token)} view={view} />, { status: 422 });
        }
        const before = readReset(db, secret, params.token, clock.nowMs());
        const passwordHash = before.ok ? await hashPassword(password) : '';
        const reset = await door.write((tx) => {
          // Read again in the transaction that uses it up: of two at once only one may win.
          const found = readReset(tx.db, secret, params.token, tx.nowMs);
          if (!found.ok) return found;
          setPassword(tx, found.userId, passwordHash);
          // Who reads the mailbox is the owner: this browser signs in whatever others guess meanwhile.
          const userAgent = request.headers.get('user-agent') ?? '';
          const browser = noteBrowser(tx, random, { userId: found.userId, browser: browserToken(request), userAgent, address: null });
          return { ok: true as const, browser };
        });
        if (!reset.ok) return page(<DeadLinkPage page={context} why={reset.why} />, { status: 410 });
        return seeOther(request, `${paths.signIn}?notice=password-set`, { 'set-cookie': browserCookie(reset.browser, deps.secure) });
      },
      { viewer: true, body: PasswordForm },
    );
}
