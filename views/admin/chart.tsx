/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';

/** What a chart draws. Null is a gap: nothing is on record there. */
export interface Series {
  name: string;
  /** Bars below the line are negative. */
  kind: 'bar' | 'line';
  /** Which of the colours of static/overview.css. */
  tone: 'first' | 'second' | 'third';
  values: readonly (number | null)[];
}

export interface ChartProps {
  /** Read out instead of the picture: what is drawn and what it says. */
  summary: string;
  series: readonly Series[];
  /** When each step begins, and how long it is. */
  stepsMs: readonly number[];
  format(value: number): string;
  /** The scale reaches at least to here, so that noise around nought looks small. */
  leastTop: number;
}

const WIDTH = 360;
const HEIGHT = 150;
const LEFT = 40;
const RIGHT = 6;
const TOP = 8;
const BOTTOM = 22;
const TICKS = 4;
const LABELS = 5;
const HOUR_MS = 3_600_000;

/** A picture of figures over time, drawn here: no script, no style, the same in light and dark. The figures themselves stand in a table beside it. */
export function Chart({ summary, series, stepsMs, format, leastTop }: ChartProps): JSX.Element {
  const all = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const bottom = Math.min(0, ...all) < 0 ? -niceTop(-Math.min(...all)) : 0;
  const top = niceTop(Math.max(leastTop, ...all));
  const x = (index: number) => LEFT + ((WIDTH - LEFT - RIGHT) * index) / Math.max(1, stepsMs.length);
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - bottom) / (top - bottom));
  const bars = series.filter(({ kind }) => kind === 'bar');
  const lines = series.filter(({ kind }) => kind === 'line');
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={summary}>
      {ticksOf(bottom, top).map((value) => (
        <>
          <line class={value === 0 ? 'axis' : 'grid'} x1={LEFT} x2={WIDTH - RIGHT} y1={round(y(value))} y2={round(y(value))} />
          <text x={LEFT - 5} y={round(y(value) + 3.5)} text-anchor="end" safe>
            {format(value)}
          </text>
        </>
      ))}
      {timesOf(stepsMs).map(({ index, label }) => (
        <>
          <line class="grid" x1={round(x(index))} x2={round(x(index))} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM + 3} />
          <text x={round(x(index))} y={HEIGHT - 7} text-anchor="middle" safe>
            {label}
          </text>
        </>
      ))}
      {bars.map((one) => (
        <path class={`bar ${one.tone}`} d={barsOf(one.values, x, y)} />
      ))}
      {lines.map((one) => (
        <path class={`line ${one.tone}`} d={lineOf(one.values, x, y)} />
      ))}
    </svg>
  );
}

/** What stands for what. */
export function Legend({ series }: { series: readonly Series[] }): JSX.Element {
  return (
    <ul class="legend">
      {series.map(({ name, tone, kind }) => (
        <li>
          <svg viewBox="0 0 14 10" width="14" height="10" aria-hidden="true" focusable="false">
            {kind === 'bar' ? (
              <rect class={`bar ${tone}`} x="1" y="0" width="12" height="10" rx="2" />
            ) : (
              <path class={`line ${tone}`} d="M0 5H14" />
            )}
          </svg>{' '}
          <span safe>{name}</span>
        </li>
      ))}
    </ul>
  );
}

function barsOf(values: Series['values'], x: (index: number) => number, y: (value: number) => number): string {
  const width = x(1) - x(0);
  const gap = Math.min(1, width * 0.2);
  return values
    .map((value, index) =>
      value === null || value === 0
        ? ''
        : `M${round(x(index) + gap / 2)} ${round(y(0))}V${round(y(value))}H${round(x(index + 1) - gap / 2)}V${round(y(0))}Z`,
    )
    .join('');
}

/** A line through the middle of its steps, broken where nothing is known; a step alone is a dot (round caps). */
function lineOf(values: Series['values'], x: (index: number) => number, y: (value: number) => number): string {
  let path = '';
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const at = `${round((x(index) + x(index + 1)) / 2)} ${round(y(value))}`;
    const begins = (values[index - 1] ?? null) === null;
    const ends = (values[index + 1] ?? null) === null;
    path += `${begins ? 'M' : 'L'}${at}${begins && ends ? 'h0.01' : ''}`;
  }
  return path;
}

/** Whole tens, twenties and fifties above a value, so that the scale reads easily. */
export function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 5, 10].find((one) => one * power >= value) ?? 10;
  return step * power;
}

/** Where the scale is labelled. */
export function ticksOf(bottom: number, top: number): number[] {
  if (bottom < 0) return [bottom, 0, top];
  // Things that are counted are not halved: a line at 2.5 would be called 3.
  const whole = [TICKS, 5, 2].find((count) => top % count === 0) ?? TICKS;
  const ticks = top < TICKS ? Math.max(1, Math.round(top)) : whole;
  return Array.from({ length: ticks + 1 }, (_, index) => (top * index) / ticks);
}

/** Four or five moments, each the beginning of a step: the time of day, or the day when the steps are hours. */
function timesOf(stepsMs: readonly number[]): { index: number; label: string }[] {
  const spanMs = (stepsMs[1] ?? 0) - (stepsMs[0] ?? 0);
  const every = Math.max(1, Math.round(stepsMs.length / LABELS / 2) * 2);
  return stepsMs.flatMap((atMs, index) => {
    if (index % every !== Math.floor(every / 2)) return [];
    const iso = new Date(atMs).toISOString();
    return [{ index, label: spanMs >= HOUR_MS ? dayLabel(atMs) : iso.slice(11, 16) }];
  });
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

function dayLabel(atMs: number): string {
  return dayFormat.format(atMs).replace(/,? ?\d\d:\d\d$/, '');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
