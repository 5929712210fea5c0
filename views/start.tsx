/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { minutesInWords } from './format.ts';
import { Layout } from './layout.tsx';
import type { PageContext } from './model.ts';
import { Copy } from './parts/marks.tsx';
import { paths } from './paths.ts';
import type { FirstSignIn, StartView } from './start-model.ts';
import { Offers } from './start-offers.tsx';
import { secondsText } from './status/words.ts';

/** The front door: what this is, what it costs now, how to come in. */
export function StartPage({ page, view }: { page: PageContext; view: StartView }): JSX.Element {
  return (
    <Layout page={page} title="Phone numbers for one-time codes">
      <section class="hero">
        <h1>
          A real number. <span>The code in seconds.</span>
        </h1>
        <p class="lead">
          Choose a country and a service, get a phone number at once, and see the code the moment its SMS reaches our modem. If none comes
          within <span safe>{minutesInWords(view.windowMinutes)}</span>, the full price goes back to your balance by itself.
        </p>
        <Measured delivery={view.delivery} />
        <EntryLinks page={page} signup={view.signup} />
      </section>
      {view.firstSignIns.length > 0 ? <FirstSignIns signIns={view.firstSignIns} /> : null}
      <Offers offers={view.offers} />
      <Steps windowMinutes={view.windowMinutes} />
    </Layout>
  );
}

/** What was measured, or nothing while there is too little to say. */
function Measured({ delivery: { days, all } }: Pick<StartView, 'delivery'>): JSX.Element {
  if (all.medianMs === null || all.p95Ms === null) return '';
  return (
    <p class="muted" data-measured>
      <span safe>
        {`Measured over ${all.sample} messages in ${days} days: half of them were with the customer ${secondsText(all.medianMs)} after they reached the network, 95 % within ${secondsText(all.p95Ms)}. `}
      </span>
      <a href={paths.status}>Status and figures</a>
    </p>
  );
}

function EntryLinks({ page, signup }: { page: PageContext; signup: StartView['signup'] }): JSX.Element {
  if (page.viewer) {
    return (
      <p class="actions">
        <a class="button" href={paths.dashboard}>
          Open the dashboard
        </a>
      </p>
    );
  }
  return (
    <p class="actions">
      <a class="button" href={paths.signIn}>
        Sign in
      </a>{' '}
      {signup === 'invite' ? (
        <span class="muted">New accounts are by invitation.</span>
      ) : (
        <a class="button secondary" href={paths.signUp}>
          {signup === 'approval' ? 'Ask for an account' : 'Create an account'}
        </a>
      )}
    </p>
  );
}

function FirstSignIns({ signIns }: { signIns: FirstSignIn[] }): JSX.Element {
  return (
    <section class="panel first-sign-ins" aria-labelledby="first-sign-ins">
      <h2 id="first-sign-ins">Try it now</h2>
      {signIns.some((signIn) => signIn.role === 'customer') ? (
        <p>
          The first start printed two sign-ins in the terminal, once. Buy a number as the demo customer, then sign in as the operator in
          another window and send it an SMS from the modem bank.
        </p>
      ) : (
        <p>
          The first start printed the operator's sign-in in the terminal, once. Set prices and add customers with the commands of the
          README.
        </p>
      )}
      <div class="columns">
        {signIns.map((signIn) => (
          <dl class="sign-in-facts">
            <dt class="role-line">{signIn.role === 'operator' ? 'Operator' : 'Demo customer'}</dt>
            <dd>
              <code class="plain" safe>
                {signIn.email}
              </code>
              <Copy value={signIn.email} label={`Copy e-mail of the ${signIn.role}`} />
            </dd>
          </dl>
        ))}
      </div>
      <p class="muted under-columns">
        Password lost? <code class="plain">smspin user password EMAIL</code> makes a new one (in a checkout:{' '}
        <code class="plain">bun src/main.ts user password EMAIL</code>).
      </p>
    </section>
  );
}

function Steps({ windowMinutes }: { windowMinutes: number }): JSX.Element {
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">How it works</h2>
      <ol class="steps">
        <li>
          <h3>Order</h3>
          <p>You see the number at once. No stock: no order, no charge.</p>
        </li>
        <li>
          <h3>Use it</h3>
          <p>Type the number where the service asks for it. The price is only held, not spent.</p>
        </li>
        <li>
          <h3>Read the code</h3>
          <p>
            It appears by itself, ready to copy. Nothing within <span safe>{minutesInWords(windowMinutes)}</span>: you get the full price
            back.
          </p>
        </li>
      </ol>
      <p class="muted">
        For test suites and scripts there is a REST API that waits for the code with you: <a href={paths.apiDocs}>API documentation</a>.
      </p>
    </section>
  );
}
