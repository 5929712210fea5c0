/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { cardInWords, numberGrouped } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { PageContext, UndecodableView, UnmatchedPageView, UnmatchedView } from '../model.ts';
import { attr, Foreign, ForeignBlock, Time } from '../parts/text.tsx';
import { paths, reviewPath, tryMessagePath, withQuery } from '../paths.ts';

const VERDICT_LEVELS = { accept: 'good', review: 'busy', reject: 'bad' } as const;

/** What came in and reached nobody: messages without an order, and parts that could not be decoded. Only the operator sees it. */
export function UnmatchedPage({ page, view }: { page: PageContext; view: UnmatchedPageView }): JSX.Element {
  return (
    <Layout page={page} title="Unmatched messages" nowMs={view.nowMs}>
      <h1>Unmatched messages</h1>
      <p class="muted">Nothing received is thrown away: what belongs to no order stays here, for you alone.</p>
      {view.undecodable.length > 0 ? <Undecodable parts={view.undecodable} nowMs={view.nowMs} /> : null}
      <section aria-labelledby="messages-title">
        <h2 id="messages-title">Messages nobody got</h2>
        {view.messages.length === 0 ? (
          <p class="empty">
            <strong>None.</strong> Every message so far went to the customer it was for.
          </p>
        ) : (
          <ul class="history">
            {view.messages.map((message) => (
              <UnmatchedItem message={message} nowMs={view.nowMs} />
            ))}
          </ul>
        )}
        {view.nextCursor ? (
          <p class="pager">
            <a class="button secondary" rel="next" href={attr(withQuery(paths.unmatched, { cursor: view.nextCursor }))}>
              Older
            </a>
          </p>
        ) : null}
      </section>
    </Layout>
  );
}

function UnmatchedItem({ message, nowMs }: { message: UnmatchedView; nowMs: number }): JSX.Element {
  return (
    <li class="panel" data-message-id={attr(message.id)}>
      <div class="history-line">
        <span class="badge" data-level={VERDICT_LEVELS[message.verdict]} safe>
          {message.verdict}
        </span>
        <b>
          <Foreign text={message.sender} />
        </b>
        <span class="mono" safe>
          {message.number === null ? cardInWords(message.iccid) : numberGrouped(message.number)}
        </span>
        <Time atMs={message.receivedAtMs} nowMs={nowMs} />
        <a href={attr(reviewPath(message.id))}>Look closer</a>
        <a href={attr(tryMessagePath(message.id))}>Explain and edit rules</a>
      </div>
      <p class="why">
        {message.service === null ? null : <b safe>{`${message.service}: `}</b>}
        <span safe>{message.reason}</span>
      </p>
      <ForeignBlock text={message.text} />
    </li>
  );
}

function Undecodable({ parts, nowMs }: { parts: UndecodableView[]; nowMs: number }): JSX.Element {
  return (
    <section aria-labelledby="undecodable-title">
      <h2 id="undecodable-title">
        Could not be decoded <span class="count mono">{parts.length}</span>
      </h2>
      <ul class="history">
        {parts.map((part) => (
          <li class="panel" data-part-id={attr(part.id)}>
            <div class="history-line">
              <span class="badge" data-level="bad">
                raw PDU
              </span>
              <span class="mono" safe>
                {cardInWords(part.iccid)}
              </span>
              <Time atMs={part.receivedAtMs} nowMs={nowMs} />
            </div>
            <p class="why">
              <Foreign text={part.error} />
            </p>
            <details>
              <summary>PDU</summary>
              <pre class="pdu">
                <code safe>{part.pdu}</code>
              </pre>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
