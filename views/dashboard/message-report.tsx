/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { MessageView } from '../model.ts';
import { attr } from '../parts/text.tsx';
import { reportPath } from '../paths.ts';

const REASONS = { wrong_code: 'The code is wrong', not_my_service: 'It is not of my service' } as const;

interface ReportProps {
  message: Pick<MessageView, 'id' | 'reason' | 'report'>;
  nowMs: number;
  /** Where the reader came from. */
  back: string;
}

/** Why a message is here, and a form to say that it is wrong; afterwards what was said. */
export function ReportForm({ message, nowMs, back }: ReportProps): JSX.Element {
  if (message.report !== null) return <Said message={message} nowMs={nowMs} back={back} />;
  return (
    <details class="about">
      <summary>Not right?</summary>
      <p class="muted">
        It is here because <span safe>{message.reason}</span>.
      </p>
      <form method="post" action={attr(reportPath(message.id, 'report'))}>
        <input type="hidden" name="back" value={attr(back)} />
        <fieldset>
          <legend>What is wrong?</legend>
          {Object.entries(REASONS).map(([reason, words], index) => (
            <label>
              <input type="radio" name="reason" value={reason} required={index === 0} /> <span safe>{words}</span>
            </label>
          ))}
        </fieldset>
        <label>
          What should it be? <small>Optional.</small>
          <input name="expected" maxlength={64} autocomplete="off" />
        </label>
        <button type="submit" class="secondary outline small">
          Tell the operator
        </button>
        <small class="muted">It helps us to do better. It changes nothing about your money.</small>
      </form>
    </details>
  );
}

function Said({ message: { id, report }, nowMs, back }: ReportProps): JSX.Element {
  if (report === null) return '';
  return (
    <form method="post" action={attr(reportPath(id, 'unreport'))} class="about">
      <input type="hidden" name="back" value={attr(back)} />
      <small class="muted" safe>
        {`You said: ${REASONS[report.reason].toLowerCase()}. Our operator looks at it; your money is as it was.`}
      </small>
      {nowMs <= report.undoUntilMs ? (
        <button type="submit" class="secondary outline small">
          Take it back
        </button>
      ) : null}
    </form>
  );
}
