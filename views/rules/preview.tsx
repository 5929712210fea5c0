/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { attr, Foreign, ForeignBlock, Time } from '../parts/text.tsx';
import { tryMessagePath } from '../paths.ts';
import { Explanation, VERDICT_LEVELS } from './explained.tsx';
import type { ComparedView, OutcomeView, PreviewView, TrialView } from './model.ts';

/** What the draft makes of the pasted SMS, of the service's newest messages and of its examples, beside the rules in force. */
export function Preview({ view }: { view: PreviewView }): JSX.Element {
  if (view.problems > 0) {
    return (
      <p class="problem" role="status">
        The draft cannot be tried yet: {view.problems} {view.problems === 1 ? 'mistake' : 'mistakes'} to mend. Press Preview or Keep to see
        where.
      </p>
    );
  }
  const changed = view.recent.filter(({ differs }) => differs).length;
  return (
    <>
      <p class="muted" role="status" safe>
        {`${view.trials - view.failing.length} of ${view.trials} examples pass. ${changed} of its ${view.recent.length} newest messages would change.`}
      </p>
      {view.pasted === null ? null : (
        <>
          <Explanation view={view.pasted.after} title="By this draft" />
          <Explanation view={view.pasted.before} title="By the rules in force" />
        </>
      )}
      <Failing failing={view.failing} />
      <Compared title="Its newest messages" messages={view.recent} empty="No message of it has come yet." />
    </>
  );
}

/** Examples that do not come out as said, with what they would become. */
export function Failing({ failing }: { failing: readonly TrialView[] }): JSX.Element {
  if (failing.length === 0) return '';
  return (
    <section class="panel" aria-label="Examples that fail">
      <b safe>{failing.length === 1 ? 'An example fails' : `${failing.length} examples fail`}</b>
      <ul class="compared">
        {failing.map(({ service, builtIn, sender, text, expected, got, reason }) => (
          <li data-failing>
            <p class="why">
              <b safe>{service}</b> {builtIn ? '(comes with the program)' : null} <Foreign text={sender} />
            </p>
            <ForeignBlock text={text} />
            <p class="why">
              must be <b safe>{expected}</b>, would be <b safe>{got}</b>: <Foreign text={reason} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Messages with what they are by the rules in force and by the draft. */
export function Compared({ title, messages, empty }: { title: string; messages: readonly ComparedView[]; empty: string }): JSX.Element {
  return (
    <section class="panel" aria-label={attr(title)}>
      <b safe>{title}</b>
      {messages.length === 0 ? (
        <p class="why" safe>
          {empty}
        </p>
      ) : (
        <ul class="compared">
          {messages.map((message) => (
            <li data-message-id={attr(message.id)} data-differs={message.differs ? 'yes' : 'no'}>
              <p class="why">
                <b>
                  <Foreign text={message.sender} />
                </b>{' '}
                <Time atMs={message.atMs} /> <span safe>{`for ${message.service}`}</span>{' '}
                <a href={attr(tryMessagePath(message.id))}>Explain</a>
              </p>
              <ForeignBlock text={message.text} />
              {message.differs ? (
                <p class="why">
                  <Outcome outcome={message.before} /> <span aria-hidden="true">→</span>
                  <span class="sr-only"> would become </span> <Outcome outcome={message.after} />
                </p>
              ) : (
                <p class="why">
                  <Outcome outcome={message.after} /> as now
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Outcome({ outcome: { verdict, code, service, rule, reason } }: { outcome: OutcomeView }): JSX.Element {
  return (
    <span title={attr(reason)}>
      <span class="badge" data-level={VERDICT_LEVELS[verdict]} safe>
        {verdict}
      </span>{' '}
      {code === null ? null : (
        <span class="mono">
          <Foreign text={code} />{' '}
        </span>
      )}
      <small class="muted" safe>
        {`${service === null ? '' : `${service}, `}rule ${rule}`}
      </small>
    </span>
  );
}
