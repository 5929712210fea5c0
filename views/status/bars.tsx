/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { statusDayPath } from '../paths.ts';
import type { DayView, SurfaceView } from './model.ts';
import { dayText, percentText, SURFACE_NAMES } from './words.ts';

const BAR = 10;
const GAP = 3;
const HEIGHT = 36;

/**
 * Ninety days as bars, drawn for those who see; the table below says the same to everybody, and its links are those of the bars. The height is the share of the day
 * that counts, so that colour is not all there is.
 */
export function Bars({ surface, days }: Pick<SurfaceView, 'surface' | 'days'>): JSX.Element {
  const width = days.length * (BAR + GAP) - GAP;
  return (
    <>
      <svg class="bars" viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {days.map((day, index) => (
          <a href={statusDayPath(day.day)} tabindex="-1">
            <title safe>{`${day.day}: ${wordsOf(day)}`}</title>
            <rect class={`bar ${kindOf(day)}`} x={index * (BAR + GAP)} y={0} width={BAR} height={HEIGHT} rx="2" />
            {lossOf(day) > 0 ? <rect class="bar loss" x={index * (BAR + GAP)} y={0} width={BAR} height={lossOf(day)} /> : null}
          </a>
        ))}
      </svg>
      <p class="bars-scale muted" aria-hidden="true">
        <span safe>{`${days.length} days ago`}</span>
        <span>today</span>
      </p>
      <DayTable surface={surface} days={days} />
    </>
  );
}

function DayTable({ surface, days }: Pick<SurfaceView, 'surface' | 'days'>): JSX.Element {
  const lived = days.filter(({ counts }) => counts.before < 1440).toReversed();
  return (
    <details class="days">
      <summary>
        Every day <span class="sr-only" safe>{`of ${SURFACE_NAMES[surface]}`}</span>
      </summary>
      {lived.length === 0 ? (
        <p class="muted">Nothing is recorded yet.</p>
      ) : (
        <table>
          <caption class="sr-only" safe>{`${SURFACE_NAMES[surface]}, day by day`}</caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col" class="figure">
                Uptime
              </th>
              <th scope="col">What happened</th>
            </tr>
          </thead>
          <tbody>
            {lived.map((day) => (
              <tr>
                <th scope="row" class="mono">
                  <a href={statusDayPath(day.day)} safe>
                    {day.day}
                  </a>
                </th>
                <td class="figure mono" safe>
                  {percentText(day.percent)}
                </td>
                <td safe>{dayText(day.counts)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

function wordsOf({ counts, percent }: DayView): string {
  return counts.before === 1440 ? 'before the first start' : `${percentText(percent)}, ${dayText(counts)}`;
}

function kindOf({ counts }: DayView): 'none' | 'good' | 'quiet' | 'bad' {
  const down = counts.down + counts.missing;
  if (counts.up + down === 0) return counts.excused > 0 ? 'quiet' : 'none';
  if (down > 0) return 'bad';
  return counts.excused > 0 ? 'quiet' : 'good';
}

/** How far the bar is broken: visible from the first minute on, all of it from four hours on. */
function lossOf({ counts }: DayView): number {
  const down = counts.down + counts.missing;
  return down === 0 ? 0 : Math.round(Math.min(HEIGHT, 8 + (down / 240) * (HEIGHT - 8)));
}
