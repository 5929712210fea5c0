import { fitWeights } from './fit.ts';
import { type Figures, figuresOf, judgeRows } from './measure.ts';
import type { Row } from './rows.ts';

/** Five parts with no source in two of them, as even as their sizes allow. */
export function foldsOf(rows: readonly Row[], count = 5): Row[][] {
  const bySource = Map.groupBy(rows, ({ source }) => source);
  const folds: Row[][] = Array.from({ length: count }, () => []);
  for (const [, group] of [...bySource].sort(([, a], [, b]) => b.length - a.length)) {
    folds.toSorted((a, b) => a.length - b.length)[0]?.push(...group);
  }
  return folds;
}

export interface FoldFigures {
  sources: string[];
  /** With the published weights. */
  published: Figures;
  /** With weights fitted to the other folds only. */
  fitted: Figures;
}

/** Measures each fold with weights that have not seen its sources; `more` rows join every fit. */
export function measureFolds(rows: readonly Row[], more: readonly Row[]): FoldFigures[] {
  const folds = foldsOf(rows);
  return folds.map((fold) => {
    const others = folds.filter((each) => each !== fold).flat();
    const weights = fitWeights([...others, ...more]);
    return {
      sources: [...new Set(fold.map(({ source }) => source))],
      published: figuresOf(judgeRows(fold)),
      fitted: figuresOf(judgeRows(fold, weights)),
    };
  });
}
