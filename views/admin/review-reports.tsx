/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';

import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr, Foreign, MarkedBlock, Time } from '../parts/text.tsx';
import { reviewPath } from '../paths.ts';
import { Explanation, MessageHead } from './review-item.tsx';
import type { ReportItemView, ReportListView } from './review-model.ts';
import { ReviewTabs } from './reviews.tsx';
import { BankStyle } from './style.tsx';

const REASONS = { wrong_code: 'Wrong code', not_my_service: 'Not my service' } as const;

/** What customers said of messages they were given, with why the rules gave them. */
export function ReportsPage({ page, view }: { page: PageContext; view: ReportListView }): JSX.Element {
  return (
    <Layout page={page} title="Reported by customers" head={BankStyle} nowMs={view.nowMs}>
      <h1>Reviews</h1>
      <ReviewTabs current="reported" counts={view.counts} />
      <p class="muted">Money is not touched by a report. What you note here, customers never see.</p>
      {view.reports.length === 0 ? (
        <p class="empty">
          <strong>None.</strong> Customers can say of each message that its code is wrong or that it is not of their service.
        </p>
      ) : (
        <ul class="history">
          {view.reports.map((report) => (
            <Report report={report} nowMs={view.nowMs} />
          ))}
        </ul>
      )}
    </Layout>
  );
}

function Report({ report, nowMs }: { report: ReportItemView; nowMs: number }): JSX.Element {
  const { message, seen } = report;
  return (
    <li class="panel review" data-message-id={attr(message.id)} data-seen={seen === null ? 'no' : 'yes'}>
      <div class="history-line">
        <span class="badge" data-level={seen === null ? 'busy' : undefined} safe>
          {REASONS[report.reason]}
        </span>
        <Foreign text={report.email} />
        <b safe>{report.serviceName}</b>
        <Time atMs={report.reportedAtMs} nowMs={nowMs} />
      </div>
      {report.expected === null ? null : (
        <p class="why">
          It should be: <Foreign text={report.expected} />
        </p>
      )}
      <div class="history-line">
        <MessageHead message={message} nowMs={nowMs} />
      </div>
      <MarkedBlock text={message.text} marks={message.candidates} />
      {message.code === null ? null : (
        <p class="why">
          Delivered code:{' '}
          <span class="mono">
            <Foreign text={message.code} />
          </span>
        </p>
      )}
      <Explanation message={message} nowMs={nowMs} />
      {seen === null ? <See id={message.id} /> : <Seen seen={seen} nowMs={nowMs} />}
    </li>
  );
}

function See({ id }: { id: string }): JSX.Element {
  return (
    <form method="post" action={attr(reviewPath(id, 'seen'))} class="one-line">
      <label>
        <span class="sr-only">Note, for operators only</span>
        <input name="note" maxlength={500} autocomplete="off" placeholder="Note, for operators only" />
      </label>
      <button type="submit" class="small">
        Seen
      </button>
    </form>
  );
}

function Seen({ seen, nowMs }: { seen: { by: string; atMs: number; note: string }; nowMs: number }): JSX.Element {
  return (
    <p class="why">
      Seen by <Foreign text={seen.by} /> <Time atMs={seen.atMs} nowMs={nowMs} /> <Foreign text={seen.note} />
    </p>
  );
}
