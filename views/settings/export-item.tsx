/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { octetsInWords } from '../format.ts';
import { attr, Time } from '../parts/text.tsx';
import { exportPath } from '../paths.ts';
import type { ExportView } from './exports-model.ts';

const KIND_WORDS: Record<ExportView['kind'], string> = { orders: 'Orders', messages: 'Messages', ledger: 'Money' };
const STATUS_WORDS: Record<ExportView['status'], string> = {
  queued: 'Waiting',
  running: 'Being made',
  ready: 'Ready',
  failed: 'Failed',
  canceled: 'Canceled',
  revoked: 'Revoked',
  expired: 'Expired',
};
const whole = new Intl.NumberFormat('en');

/** One export: what it is of, how far it is, and what can be done with it. */
export function ExportItem({ item, nowMs }: { item: ExportView; nowMs: number }): JSX.Element {
  const title = `${KIND_WORDS[item.kind]}, ${item.format === 'csv' ? 'CSV' : 'JSON'}`;
  return (
    <li class="panel export" data-export-id={attr(item.id)} data-status={item.status}>
      <p class="export-head">
        <span class="badge" data-export-status={item.status} aria-live="polite" safe>
          {STATUS_WORDS[item.status]}
        </span>{' '}
        <b safe>{title}</b> <span class="muted" safe>{`${periodInWords(item)}`}</span>
      </p>
      <State item={item} nowMs={nowMs} />
      <Actions item={item} title={title} />
    </li>
  );
}

function State({ item, nowMs }: { item: ExportView; nowMs: number }): JSX.Element {
  const { status, progress } = item;
  if (status === 'running') return progress === null ? <p class="muted">Counting the rows.</p> : <Progress progress={progress} />;
  if (status === 'queued') return <p class="muted">It begins when the ones before it are made.</p>;
  if (status === 'failed')
    return (
      <p class="field-error" safe>
        {item.detail ?? 'It could not be made.'}
      </p>
    );
  return (
    <p class="muted">
      {item.rows === null ? null : (
        <span
          class="mono"
          safe
        >{`${whole.format(item.rows)} ${item.rows === 1 ? 'row' : 'rows'}, ${octetsInWords(item.octets ?? 0)}. `}</span>
      )}
      {status === 'ready' ? 'Can be fetched until ' : 'Asked for '}
      <Time atMs={status === 'ready' ? item.expiresAtMs : item.createdAtMs} nowMs={nowMs} />
    </p>
  );
}

function Progress({ progress: { rowsDone, rowsTotal } }: { progress: { rowsDone: number; rowsTotal: number } }): JSX.Element {
  const words = `${whole.format(rowsDone)} of ${whole.format(rowsTotal)} rows`;
  return (
    <div class="export-progress">
      <progress value={rowsDone} max={Math.max(1, rowsTotal)} aria-label={words}></progress>
      <span class="mono" safe>
        {words}
      </span>
    </div>
  );
}

function Actions({ item, title }: { item: ExportView; title: string }): JSX.Element {
  const { status, links } = item;
  if (status === 'queued' || status === 'running') return <Withdraw item={item} verb="cancel" label={`Cancel ${title}`} word="Cancel" />;
  if (status !== 'ready' || links === null) return '';
  return (
    <div class="actions">
      <a class="button small" href={attr(pathOf(links.file))} aria-label={attr(`Download ${title}`)}>
        Download
      </a>
      <a class="button secondary small" href={attr(pathOf(links.manifest))} aria-label={attr(`Signed manifest of ${title}`)}>
        Manifest
      </a>
      <button type="button" class="copy" data-copy={attr(links.file)} aria-label={attr(`Copy link to ${title}`)}>
        Copy link
      </button>
      <Withdraw item={item} verb="revoke" label={`Revoke ${title}: the link ends and the file is deleted`} word="Revoke" />
    </div>
  );
}

function Withdraw({ item, verb, label, word }: { item: ExportView; verb: 'cancel' | 'revoke'; label: string; word: string }): JSX.Element {
  return (
    <form method="post" action={attr(exportPath(item.id, verb))}>
      <button type="submit" class="secondary outline small" aria-label={attr(label)} safe>
        {word}
      </button>
    </form>
  );
}

/** On this page the link works under whatever address the page was reached. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** `2026-11-01 to 2026-11-30`, both included; `all until 2026-11-28`. */
function periodInWords({ fromMs, toMs }: ExportView): string {
  const day = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
  if (fromMs === null && toMs === null) return 'all there is';
  const from = fromMs === null ? 'from the beginning' : `from ${day(fromMs)}`;
  return toMs === null ? from : `${from} to ${day(toMs - 1)}`;
}
