import type { DeliveryFigure } from '../../../views/status/model.ts';
import type { Condition, Detector } from '../condition.ts';
import { levelOf } from '../state.ts';

const EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Fewer messages in the hour say nothing. */
const SAMPLE_MIN = 20;
/** It is over when it is so much under the target. */
const MARGIN = 0.9;

/** Whether messages of the last hour took longer than the target, by the same figures as the status page (SCTS to the first frame a customer saw). */
export function deliveryDetector(deps: {
  figuresSince(sinceMs: number): DeliveryFigure;
  nowMs(): number;
  deliveryMedianSeconds: number;
  deliveryP95Seconds: number;
}): Detector {
  return {
    name: 'delivery',
    codes: ['delivery_slow'],
    everyMs: EVERY_MS,
    look(standing) {
      const { sample, medianMs, p95Ms } = deps.figuresSince(deps.nowMs() - HOUR_MS);
      // Too few to say anything new: what stands stays, since nobody can tell that it is over, until there are none at all.
      if (sample < SAMPLE_MIN)
        return sample === 0 ? [] : standing.map((alarm) => ({ ...alarm, code: 'delivery_slow' as const, level: 'between' as const }));
      return [
        ...judged('median', medianMs, deps.deliveryMedianSeconds, sample),
        ...judged('95 of 100', p95Ms, deps.deliveryP95Seconds, sample),
      ];
    },
    why: () => 'Messages are as fast as promised again, or none came for an hour.',
  };
}

function judged(what: string, tookMs: number | null, threshold: number, sample: number): Condition[] {
  if (threshold === 0 || tookMs === null) return [];
  const value = tookMs / 1000;
  const level = levelOf(value, { is: 'above', threshold, clearAt: threshold * MARGIN });
  if (level === 'good') return [];
  const within = what === 'median' ? 'half of them took longer than' : '5 of 100 took longer than';
  return [
    { code: 'delivery_slow', subject: what, level, text: `Of ${sample} messages of the last hour ${within} ${value} s.`, value, threshold },
  ];
}
