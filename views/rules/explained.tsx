/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { attr, Foreign, withoutControls } from '../parts/text.tsx';
import type { ExplanationView } from './model.ts';

type Kind = ExplanationView['spans'][number]['kind'];

/** Where stretches overlap, the first of these gives the colour; the words name all of them. */
const KINDS: readonly (readonly [kind: Kind, label: string])[] = [
  ['code', 'the code'],
  ['excluded', 'excludes the service'],
  ['brand', 'name of a service'],
  ['candidate', 'weighed as the code'],
  ['keyword', 'word for codes'],
  ['other', 'something else: amount, link, number, date'],
];
export const VERDICT_LEVELS = { accept: 'good', review: 'busy', reject: 'bad' } as const;

/** How a message is judged: the verdict, its text with every stretch marked, and all that was weighed as the code. */
export function Explanation({ view, title }: { view: ExplanationView; title: string }): JSX.Element {
  return (
    <section class="panel explained" data-verdict={view.verdict} aria-label={attr(title)}>
      <div class="history-line">
        <b safe>{title}</b>
        <span class="badge" data-level={VERDICT_LEVELS[view.verdict]} safe>
          {view.verdict}
        </span>
        {view.code === null ? null : (
          <span class="mono">
            <Foreign text={view.code} />
          </span>
        )}
        <span class="muted" safe>{`for ${view.service}`}</span>
      </div>
      <p class="why">
        <Foreign text={view.reason} />{' '}
        <small class="mono" safe>
          {`rule ${view.rule}, rules ${view.version}, confidence ${view.confidence}`}
        </small>
      </p>
      {view.printed !== null && view.printed !== view.code ? (
        <p class="why">
          Printed as <Foreign text={view.printed} />.
        </p>
      ) : null}
      <MarkedText view={view} />
      <Legend view={view} />
      <Seen view={view} />
    </section>
  );
}

/** A run of the text whose stretches have the same first kind: in one element, so that letters that join stay joined. */
interface Run {
  text: string;
  kind: Kind | null;
  whats: Set<string>;
}

function runsOf({ text, spans }: ExplanationView): Run[] {
  const edges = [...new Set([0, text.length, ...spans.flatMap(({ start, end }) => [start, end])])]
    .filter((at) => at >= 0 && at <= text.length)
    .sort((a, b) => a - b);
  const runs: Run[] = [];
  for (const [i, start] of edges.slice(0, -1).entries()) {
    const over = spans.filter((span) => span.start <= start && span.end > start);
    const kind = KINDS.find(([one]) => over.some((span) => span.kind === one))?.[0] ?? null;
    const last = runs.at(-1);
    const run = last?.kind === kind ? last : { text: '', kind, whats: new Set<string>() };
    if (run !== last) runs.push(run);
    run.text += text.slice(start, edges[i + 1]);
    for (const { what } of over) run.whats.add(what);
  }
  return runs;
}

function MarkedText({ view }: { view: ExplanationView }): JSX.Element {
  return (
    <p class="foreign sms-text" dir="auto" tabindex="0">
      {runsOf(view).map(({ text, kind, whats }) =>
        kind === null ? (
          <span safe>{withoutControls(text)}</span>
        ) : (
          <mark data-kind={kind} title={attr([...whats].join('; '))} safe>
            {withoutControls(text)}
          </mark>
        ),
      )}
    </p>
  );
}

function Legend({ view: { spans } }: { view: ExplanationView }): JSX.Element {
  const shown = KINDS.filter(([kind]) => spans.some((span) => span.kind === kind));
  if (shown.length === 0) return <p class="why">Nothing in it was recognised.</p>;
  return (
    <ul class="legend" aria-label="Legend">
      {shown.map(([kind, label]) => (
        <li>
          <mark data-kind={kind} safe>
            {label}
          </mark>
        </li>
      ))}
    </ul>
  );
}

/** The same without colours: each stretch with what it was taken for, and each candidate with its points. */
function Seen({ view: { spans, candidates, text } }: { view: ExplanationView }): JSX.Element {
  return (
    <details>
      <summary>What was seen, and how it was weighed</summary>
      {candidates.length === 0 ? <p class="why">Nothing in it was weighed as the code.</p> : null}
      {candidates.map(({ text: printed, code, score, features }) => (
        <div class="weighed">
          <p>
            <span class="mono">
              <Foreign text={printed} />
            </span>{' '}
            {code === printed ? null : (
              <>
                (typed <Foreign text={code} />){' '}
              </>
            )}
            <b class="mono" safe>
              {score.toFixed(2)}
            </b>
          </p>
          <ul>
            {features.map(({ points, what }) => (
              <li>
                <span class="mono" safe>
                  {`${points > 0 ? '+' : ''}${points}`}
                </span>{' '}
                <span safe>{what}</span>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <ul class="seen">
        {spans.slice(0, 60).map(({ start, end, what }) => (
          <li>
            <Foreign text={text.slice(start, end)} /> <span class="muted" safe>{`is ${what}`}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
