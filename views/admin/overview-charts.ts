import { money } from '../format.ts';
import type { ChartProps, Series } from './chart.tsx';
import type { OverviewStep, OverviewView } from './overview-model.ts';

/** One chart with its figure of now and its table. */
export interface Panel extends Pick<ChartProps, 'summary' | 'format' | 'leastTop'> {
  id: string;
  title: string;
  /** Of now, in large. */
  figure: string;
  beside: string;
  series: Series[];
  columns: { name: string; value(step: OverviewStep): string }[];
  isEmpty: boolean;
  /** What an empty chart means. */
  empty: string;
}

type Value = (step: OverviewStep) => number | null;

function line(view: OverviewView, name: string, tone: Series['tone'], value: Value): Series {
  return { name, kind: 'line', tone, values: view.steps.map((step) => (step.minutes === 0 ? null : value(step))) };
}

function bars(view: OverviewView, name: string, tone: Series['tone'], value: Value): Series {
  return { ...line(view, name, tone, value), kind: 'bar' };
}

export function stockPanel(view: OverviewView): Panel {
  const { freeSims, readableSims } = view.now;
  const series = [line(view, 'Readable', 'second', ({ readableSims: n }) => n), line(view, 'Free', 'first', ({ freeSims: n }) => n)];
  return {
    ...{
      id: 'stock',
      title: 'Stock',
      figure: `${freeSims}`,
      beside: `free of ${readableSims} readable SIMs`,
      series,
      format: count,
      leastTop: 4,
    },
    summary: `Stock: ${freeSims} SIMs free of ${readableSims} readable now; ${spread(series[1], count)} free in the time shown.`,
    columns: [
      { name: 'Free', value: (step) => count(step.freeSims) },
      { name: 'Readable', value: (step) => count(step.readableSims) },
    ],
    isEmpty: view.steps.every((step) => step.readableSims === 0),
    empty: 'No SIM could be sold in this time: none was readable and active with a number.',
  };
}

export function ordersPanel(view: OverviewView): Panel {
  const { openOrders } = view.now;
  const series = [line(view, 'Open', 'first', (step) => step.openOrders)];
  return {
    ...{ id: 'orders', title: 'Open orders', figure: `${openOrders}`, beside: 'open now', series, format: count, leastTop: 4 },
    summary: `Open orders: ${openOrders} now; ${spread(series[0], count)} in the time shown.`,
    columns: [{ name: 'Open', value: (step) => count(step.openOrders) }],
    isEmpty: view.steps.every((step) => step.openOrders === 0),
    empty: 'No order was open in this time.',
  };
}

export function placedPanel(view: OverviewView): Panel {
  const series = [bars(view, 'Orders placed', 'first', (step) => step.orders)];
  return {
    ...{ id: 'placed', title: 'Orders placed', figure: `${view.today.orders}`, beside: 'placed today', series, format: count, leastTop: 4 },
    summary: `Orders placed: ${view.today.orders} today; ${spread(series[0], count)} a step in the time shown.`,
    columns: [{ name: 'Placed', value: (step) => `${step.orders}` }],
    isEmpty: view.steps.every((step) => step.orders === 0),
    empty: 'Nobody ordered in this time.',
  };
}

export function codesPanel(view: OverviewView): Panel {
  const perMinute = (step: OverviewStep) => (step.minutes === 0 ? 0 : step.codes / step.minutes);
  const series = [bars(view, 'Codes a minute', 'first', perMinute)];
  return {
    ...{
      id: 'codes',
      title: 'Codes per minute',
      figure: `${view.codesLastMinute}`,
      beside: `in the last full minute, ${view.today.codes} today`,
    },
    ...{ series, format: fine, leastTop: 2 },
    summary: `Codes per minute: ${view.codesLastMinute} in the last full minute; ${spread(series[0], fine)} in the time shown.`,
    columns: [
      { name: 'Codes', value: (step) => `${step.codes}` },
      { name: 'A minute', value: (step) => fine(perMinute(step)) },
    ],
    isEmpty: view.steps.every(({ codes }) => codes === 0),
    empty: 'No code reached a customer in this time.',
  };
}

export function deliveryPanel(view: OverviewView): Panel {
  const { sample, medianMs, p95Ms } = view.delivery;
  const series = [
    line(view, '95 of 100 within', 'second', ({ delivery }) => inSeconds(delivery.p95Ms)),
    line(view, 'Half within', 'first', ({ delivery }) => inSeconds(delivery.medianMs)),
  ];
  const says = medianMs !== null && p95Ms !== null;
  const beside = says
    ? `half of them; 95 of 100 within ${seconds(p95Ms)} (${sample} messages)`
    : sample === 0
      ? 'no message to measure in this time'
      : `only ${sample} ${sample === 1 ? 'message' : 'messages'}: fewer than 5 say nothing`;
  return {
    ...{ id: 'delivery', title: 'Delivery, network to customer', figure: says ? seconds(medianMs) : '–', beside, series },
    ...{ format: (value: number) => `${fine(value)} s`, leastTop: 4 },
    summary: says
      ? `Delivery: half of ${sample} messages within ${seconds(medianMs)}, 95 of 100 within ${seconds(p95Ms)}.`
      : `Delivery: ${beside}.`,
    columns: [
      { name: 'Messages', value: ({ delivery }) => `${delivery.sample}` },
      { name: 'Half within', value: ({ delivery }) => (delivery.medianMs === null ? '–' : seconds(delivery.medianMs)) },
      { name: '95 of 100', value: ({ delivery }) => (delivery.p95Ms === null ? '–' : seconds(delivery.p95Ms)) },
    ],
    isEmpty: view.steps.every(({ delivery }) => delivery.medianMs === null),
    empty: 'A step is drawn from five messages on that reached a customer who was connected.',
  };
}

export function moneyPanel(view: OverviewView): Panel {
  const { paidInMinor, paidOutMinor, earnedMinor } = view.today;
  const inWords = (minor: number) => money(minor, view.currency);
  const series = [
    bars(view, 'Paid in', 'first', (step) => step.paidInMinor),
    bars(view, 'Paid out', 'third', (step) => (step.paidOutMinor === 0 ? 0 : -step.paidOutMinor)),
    line(view, 'Earned', 'second', (step) => step.earnedMinor),
  ];
  return {
    ...{
      id: 'money',
      title: 'Money',
      figure: inWords(paidInMinor),
      beside: `paid in today, ${inWords(paidOutMinor)} paid out, ${inWords(earnedMinor)} earned`,
    },
    ...{ series, format: (value: number) => short(value, inWords), leastTop: 100 },
    summary: `Money today: ${inWords(paidInMinor)} paid in, ${inWords(paidOutMinor)} paid out, ${inWords(earnedMinor)} earned.`,
    columns: [
      { name: 'Paid in', value: (step) => inWords(step.paidInMinor) },
      { name: 'Paid out', value: (step) => inWords(step.paidOutMinor) },
      { name: 'Earned', value: (step) => inWords(step.earnedMinor) },
    ],
    isEmpty: view.steps.every((step) => step.paidInMinor === 0 && step.paidOutMinor === 0 && step.earnedMinor === 0),
    empty: 'No money moved in this time.',
  };
}

/** The length of a step in words. */
export function rangeInWords(minutes: number): string {
  if (minutes === 1) return 'a minute';
  return minutes < 60 ? `${minutes} minutes` : `${minutes / 60} hours`;
}

const count = (value: number): string => `${Math.round(value)}`;
const fine = (value: number): string => (value >= 10 || Number.isInteger(value) ? `${Math.round(value)}` : value.toFixed(1));
const inSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** `$1,200.00` as a label of an axis: `$1.2k`. */
function short(minor: number, inWords: (minor: number) => string): string {
  const words = inWords(Math.abs(minor));
  const sign = minor < 0 ? '−' : '';
  const digits = words.replace(/[^\d.]/g, '');
  const value = Number(digits);
  const symbol = words.replace(/[\d.,\s]/g, '');
  const figure =
    value >= 10_000
      ? `${Math.round(value / 1000)}k`
      : value >= 1000
        ? `${Math.round(value / 100) / 10}k`
        : value.toFixed(2).replace(/\.00$/, '');
  return `${sign}${symbol.length <= 2 ? symbol : ''}${figure}`;
}

function spread(series: Series | undefined, format: (value: number) => string): string {
  const known = (series?.values ?? []).filter((value) => value !== null);
  if (known.length === 0) return 'nothing on record';
  return `between ${format(Math.min(...known))} and ${format(Math.max(...known))}`;
}
