/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import { minutesInWords } from './format.ts';
import { Layout } from './layout.tsx';
import type { PageContext } from './model.ts';
import { Foreign } from './parts/text.tsx';
import { type PolicyName, paths, policyPath } from './paths.ts';
import { percentText, secondsText } from './status/words.ts';

/** What the policies say in figures: from the configuration and the measurements, nothing written down twice. */
export interface PolicyView {
  version: string;
  operator: { name: string; address: string };
  windowMinutes: number;
  cancelAfterSeconds: number;
  quarantineMinutes: number;
  reuseDays: number;
  outageMinutes: number;
  refundUnused: boolean;
  exportHours: number;
  /** For how long it is kept who signed in from where. */
  signInDays: number;
  targetPercent: number;
  delivery: { days: number; sample: number; medianMs: number | null; p95Ms: number | null };
  hasPayments: boolean;
}

const TITLES: Record<PolicyName, string> = { delivery: 'Delivery', refund: 'Refunds', terms: 'Terms', privacy: 'Privacy' };

export function PolicyPage({ page, name, view }: { page: PageContext; name: PolicyName; view: PolicyView }): JSX.Element {
  const Text = { delivery: Delivery, refund: Refund, terms: Terms, privacy: Privacy }[name];
  return (
    <Layout page={page} title={TITLES[name]}>
      <nav aria-label="Policies">
        <ul class="menu">
          {(Object.keys(TITLES) as PolicyName[]).map((one) => (
            <li>
              <a href={policyPath(one)} aria-current={one === name ? 'page' : undefined} safe>
                {TITLES[one]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <article class="panel">
        <h1 safe>{TITLES[name]}</h1>
        <p class="muted">
          Version <span safe>{view.version}</span>. Figures are those this server works by now.
        </p>
        <Text view={view} />
        <Operator view={view} />
      </article>
    </Layout>
  );
}

type Part = { view: PolicyView };

function Item({ title, children }: PropsWithChildren<{ title: string }>): JSX.Element {
  return (
    <>
      <h2 safe>{title}</h2>
      <p>{children}</p>
    </>
  );
}

function Delivery({ view: { windowMinutes, targetPercent, delivery } }: Part): JSX.Element {
  return (
    <>
      <Item title="The number">It stands in the answer to your order. When no number is free, there is no order and no charge.</Item>
      <Item title="The window">
        <span
          safe
        >{`Unless the offer says otherwise, codes are taken for ${minutesInWords(windowMinutes)}. An SMS that reached the network in this time counts, even when we read it later.`}</span>
      </Item>
      <Item title="How fast">
        <span safe>
          {delivery.medianMs === null
            ? `We aim at a median under 3 s and 95 % under 10 s from the network to you. In the last ${delivery.days} days there were too few messages (${delivery.sample}) to measure it.`
            : `We aim at a median under 3 s and 95 % under 10 s from the network to you. Measured in the last ${delivery.days} days over ${delivery.sample} messages: median ${secondsText(delivery.medianMs)}, 95 % within ${secondsText(delivery.p95Ms)}.`}
        </span>
      </Item>
      <Item title="Uptime">
        <span
          safe
        >{`Ordering, the dashboard and delivery are meant to work ${percentText(targetPercent)} of each month. Maintenance announced 24 hours ahead does not count. `}</span>
        <a href={paths.status}>What was measured</a>
      </Item>
      <Item title="What we do not promise">
        That a service sends its SMS, or accepts the number. Then you get your money back: see Refunds.
      </Item>
    </>
  );
}

function Refund({ view }: Part): JSX.Element {
  return (
    <>
      <Item title="No code, no charge">
        The price is held when you order. If no valid SMS comes within the window, all of it goes back to your balance by itself. Canceling
        or reporting an order that has no code does the same.
      </Item>
      <Item title="When you can cancel">
        <span safe>
          {view.cancelAfterSeconds === 0
            ? 'At once, as long as no code has come.'
            : `From ${view.cancelAfterSeconds} seconds after the order on, as long as no code has come.`}
        </span>
      </Item>
      <Item title="After the code">
        The price is earned with the first valid code. Further SMS of the service are free until the window ends.
      </Item>
      <Item title="Long rent">
        <span safe>
          {`A term in which nothing arrived goes back in full. When the modem was away for more than ${minutesInWords(view.outageMinutes)}, the time is added at the end. ${
            view.refundUnused
              ? 'End early, and whole periods that have not begun go back.'
              : 'A rental that got messages and is ended early is not refunded in part.'
          }`}
        </span>
      </Item>
      <Item title="Where it goes">
        {view.hasPayments
          ? 'Refunds go to your balance here, which you can use again. Write to us about anything else.'
          : 'Refunds go to your balance here. The operator credits balances by hand or by vouchers; write to them about anything else.'}
      </Item>
    </>
  );
}

function Terms({ view }: Part): JSX.Element {
  return (
    <>
      <Item title="What it is for">
        Receiving codes for accounts that you may open under each service's own rules, and testing such sign-ups. Nothing can be sent.
      </Item>
      <Item title="What it is not for">
        Banks, payments, government, health and insurance services, unless the operator offers them; deceiving anybody; getting around a
        service's rules or a ban.
      </Item>
      <Item title="The number is not yours">
        <span
          safe
        >{`It is yours for the window or the rental. Afterwards it rests ${minutesInWords(view.quarantineMinutes)} and goes to others; for a service whose code came on it, not within ${view.reuseDays} days. Do not make it the only way into an account you want to keep.`}</span>
      </Item>
      <Item title="Limits">The operator may limit, suspend or refuse accounts. What is on the balance then is settled with you.</Item>
      <Item title="Changes">A changed text gets a new version; who signs up accepts the version above, with its time.</Item>
    </>
  );
}

function Privacy({ view }: Part): JSX.Element {
  return (
    <>
      <Item title="What is kept">
        Your e-mail address, a hash of your password, the purpose you stated, your sign-ins and keys (as hashes), orders, messages to the
        numbers while they were yours, every movement of your balance, and when, from which address and with which browser somebody signed
        in to your account or tried to.
      </Item>
      <Item title="For how long">
        <span safe>
          {`Files you export are deleted after ${view.exportHours} hours, sign-ins after ${view.signInDays} days. Orders, messages and money stay in your history; nothing of them is deleted by itself. Write to the operator to have an account closed; entries of money must stay.`}
        </span>
      </Item>
      <Item title="Who sees it">
        You; the operator of this server, who sees messages where somebody must decide about them or you ask for help, each look at a text
        being logged; and whoever you send webhooks or mails to.
      </Item>
      <Item title="Cookies">
        One for your sign-in and one that tells whether a browser is new. Nothing is loaded from anybody else, and nobody is followed.
      </Item>
      <Item title="Mails">
        Only what you turned on, notices about your account's safety, and the status mails you confirmed. Each that can be ended has a link
        that does.
      </Item>
    </>
  );
}

function Operator({ view: { operator } }: Part): JSX.Element {
  return (
    <Item title="Who answers for it">
      {operator.name === '' ? (
        'The operator of this server has not stated a name. '
      ) : (
        <Foreign text={`${[operator.name, ...operator.address.split('\n')].filter(Boolean).join(', ')}. `} />
      )}
      <a href={paths.contact}>Contact</a>
    </Item>
  );
}
