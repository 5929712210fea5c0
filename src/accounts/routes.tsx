/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { FormView } from '../../views/model.ts';
import { paths } from '../../views/paths.ts';
import { SignInPage } from '../../views/sign-in.tsx';
import { SignUpPage } from '../../views/sign-up.tsx';
import type { SignUp } from '../config/access.ts';
import type { Door } from '../db/write.ts';
import { clientAddress, networkOf } from '../http/address.ts';
import { visitorContext } from '../http/context.ts';
import { RateLimit } from '../http/limits.ts';
import { ownPath, page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { type Log, messageOf } from '../lib/log.ts';
import { browserCookie, browserToken, isKnownBrowser, noteBrowser } from './browsers.ts';
import { type Guard, SESSION_COOKIE, sessionToken } from './guard.ts';
import { endSession, SESSION_DAYS, startSession } from './sessions.ts';
import { noteSignIn, type SignInOutcome } from './sign-ins.ts';
import { addUser, checkPassword, cleanEmail, findUserByEmail, hashPassword, passwordProblem, type User } from './users.ts';

export interface AccountRouteDeps {
  db: Database;
  door: Door;
  clock: Clock;
  log: Log;
  random: RandomBytes;
  guard: Guard;
  signup: SignUp;
  trustedProxies: readonly string[];
  /** True when browsers reach us by https: the cookie then travels only there. */
  secure: boolean;
}

const SignInForm = type({ 'email?': 'string <= 300', 'password?': 'string <= 500', 'next?': 'string <= 500' });
const SignUpForm = type({
  'email?': 'string <= 300',
  'password?': 'string <= 500',
  'purpose?': 'string <= 2000',
  'terms?': 'string <= 20',
});
const PURPOSE_CHARACTERS_MIN = 5;

/** Sign-up, sign-in and sign-out with e-mail and password. */
export function accountRoutes(deps: AccountRouteDeps) {
  const { db, door, clock, log, random, guard, signup } = deps;
  const byAddress = new RateLimit({ burst: 30, refillMs: 300_000, what: 'sign-ins from this address' });
  const byAccount = new RateLimit({ burst: 10, refillMs: 300_000, what: 'sign-ins for this account' });
  const wrongPasswords = new RateLimit({ burst: 50, refillMs: 3_600_000, what: 'wrong passwords for this account' });
  /** Guesses from everywhere count together, but not against a browser that somebody signed in with before: it counts for itself. */
  const guesses = (request: Request, email: string): string => {
    const browser = browserToken(request);
    return browser !== null && isKnownBrowser(db, email, browser) ? `${email} ${browser}` : email;
  };
  const cookie = (token: string, seconds: number) => ({
    'set-cookie': `${SESSION_COOKIE}=${token}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${deps.secure ? '; Secure' : ''}`,
  });
  /** In the background: how long it takes must not tell who has an account. */
  function noteRefused(email: string, outcome: SignInOutcome, address: string, userAgent: string): void {
    door
      .write((tx) => {
        const user = findUserByEmail(tx.db, email);
        if (user) noteSignIn(tx, { userId: user.id, outcome, address, userAgent });
      })
      .catch((thrown: unknown) => log.error('sign_in_not_noted', { error: messageOf(thrown) }));
  }
  /** Lets somebody in who has shown who they are. That the browser of a new account is new is no news. */
  async function signIn(request: Request, userId: string, location: string, from: { address: string; isNew: boolean }): Promise<Response> {
    const userAgent = request.headers.get('user-agent') ?? '';
    const { address, isNew } = from;
    const { token, browser } = await door.write((tx) => {
      noteSignIn(tx, { userId, outcome: isNew ? 'signed_up' : 'signed_in', address, userAgent });
      return {
        token: startSession(tx, random, userId, userAgent),
        browser: noteBrowser(tx, random, { userId, browser: browserToken(request), userAgent, address: isNew ? null : address }),
      };
    });
    const response = seeOther(request, location, cookie(token, SESSION_DAYS * 86_400));
    response.headers.append('set-cookie', browserCookie(browser, deps.secure));
    return response;
  }

  return new Elysia({ name: 'accounts', detail: { hide: true } })
    .use(guard)
    .get(
      '/sign-in',
      ({ request, user, query }) => {
        const next = ownPath(query['next'], '');
        if (user) return seeOther(request, next || homeOf(user));
        return page(
          <SignInPage
            page={visitorContext(db, request, user, signup)}
            view={{ values: { next }, errors: {} }}
            afterReset={query['notice'] === 'password-set'}
          />,
        );
      },
      { viewer: true },
    )
    .post(
      '/sign-in',
      async ({ request, body, user: viewer, server }) => {
        const { email = '', password = '', next } = body;
        const address = clientAddress(server, request, deps.trustedProxies);
        // By account and address together: nobody can lock the owner of an account out from elsewhere.
        const cleaned = email.trim().toLowerCase();
        const network = networkOf(address);
        const account = `${cleaned} ${network}`;
        const guess = guesses(request, cleaned);
        byAddress.take(network, clock.monotonicMs());
        byAccount.take(account, clock.monotonicMs());
        wrongPasswords.take(guess, clock.monotonicMs());
        const user = await checkPassword(db, email, password);
        if (user) {
          byAddress.giveBack(network);
          byAccount.giveBack(account);
          wrongPasswords.giveBack(guess);
        }
        if (user?.state === 'active') return signIn(request, user.id, ownPath(next, homeOf(user)), { address, isNew: false });
        noteRefused(cleaned, refusedAs(user), address, request.headers.get('user-agent') ?? '');
        const problem =
          user === null
            ? 'E-mail or password is wrong.'
            : user.state === 'waiting'
              ? 'The operator has not let you in yet.'
              : 'This account is blocked. Ask the operator.';
        const form: FormView = { values: { email, next: ownPath(next, '') }, errors: { '': problem } };
        return page(<SignInPage page={visitorContext(db, request, viewer, signup)} view={form} />, { status: 422 });
      },
      { viewer: true, body: SignInForm },
    )
    .get(
      '/sign-up',
      ({ request, user }) =>
        user
          ? seeOther(request, '/dashboard')
          : page(<SignUpPage page={visitorContext(db, request, user, signup)} view={{ values: {}, errors: {} }} signup={signup()} />),
      { viewer: true },
    )
    .post(
      '/sign-up',
      async ({ request, body, user: viewer, server }) => {
        if (signup() === 'invite') throw new Refusal('forbidden', 'Accounts here are made by the operator; ask for one.');
        const address = clientAddress(server, request, deps.trustedProxies);
        byAddress.take(networkOf(address), clock.monotonicMs());
        const { email: typed = '', password = '', purpose = '', terms } = body;
        const email = cleanEmail(typed);
        const errors = signUpErrors({ email, password, purpose, terms });
        const again = (found: Record<string, string>) =>
          page(
            <SignUpPage
              page={visitorContext(db, request, viewer, signup)}
              view={{ values: { email: typed, purpose }, errors: found }}
              signup={signup()}
            />,
            {
              status: 422,
            },
          );
        if (email === null || Object.keys(errors).length > 0) return again(errors);
        const passwordHash = await hashPassword(password);
        const state = signup() === 'approval' ? 'waiting' : 'active';
        try {
          const user = await door.write((tx) =>
            addUser(tx, random, { email, passwordHash, role: 'customer', state, purpose: purpose.trim(), acceptedTerms: true }),
          );
          return state === 'active'
            ? await signIn(request, user.id, '/dashboard?notice=welcome', { address, isNew: true })
            : seeOther(request, '/?notice=waiting');
        } catch (thrown) {
          if (thrown instanceof Refusal && thrown.type === 'already_exists') return again({ email: `${thrown.detail} Sign in instead.` });
          throw thrown;
        }
      },
      { viewer: true, body: SignUpForm },
    )
    .post('/sign-out', async ({ request }) => {
      const token = sessionToken(request);
      if (token !== null) await door.write((tx) => endSession(tx, token));
      return seeOther(request, '/?notice=signed-out', cookie('', 0));
    });
}

/** Where somebody arrives who did not come from a page of ours. */
function homeOf(user: User): string {
  return user.role === 'operator' ? paths.admin : paths.dashboard;
}

function refusedAs(user: User | null): SignInOutcome {
  return user === null ? 'wrong_password' : user.state === 'waiting' ? 'waiting' : 'blocked';
}

function signUpErrors(form: {
  email: string | null;
  password: string;
  purpose: string;
  terms: string | undefined;
}): Record<string, string> {
  const errors: Record<string, string> = {};
  if (form.email === null) errors['email'] = 'Type an e-mail address like name@example.org.';
  const password = passwordProblem(form.password);
  if (password !== null) errors['password'] = password;
  if (form.purpose.trim().length < PURPOSE_CHARACTERS_MIN) errors['purpose'] = 'Say in a few words what you will use the numbers for.';
  if (form.terms === undefined) errors['terms'] = 'Accept the terms to go on.';
  return errors;
}
