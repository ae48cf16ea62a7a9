/**
 * The chart of a study: how much better than cross entropy each method is.
 *
 * @module
 */
import { NAMES } from './evidence-page.js';
import type { Summary } from './summary.js';

/** Paired differences with their 95 % intervals, in points, of the metric and of few-shot classes. */
export function differenceChart({ study, rows }: Summary): object {
  const metrics = [NAMES[study.metric], 'few-shot'] as const;
  const values = rows.flatMap(({ name, family, differences }) =>
    metrics.flatMap((metric) => {
      const found = differences?.[metric];
      if (!found || found.reach === null) return [];
      const [mean, reach] = [100 * found.mean, 100 * found.reach];
      return [{ name, family, metric, mean, low: mean - reach, high: mean + reach }];
    }),
  );
  const y = {
    field: 'name',
    type: 'nominal',
    title: null,
    sort: rows.map(({ name }) => name),
    axis: { labelLimit: 320 },
  };
  const color = { field: 'family', type: 'nominal', title: null, legend: { orient: 'bottom' } };
  const x = {
    type: 'quantitative',
    title: 'difference from cross entropy in points, with its 95 % interval',
  };
  return {
    data: { values },
    title: study.title,
    facet: { column: { field: 'metric', type: 'nominal', title: null, sort: metrics } },
    resolve: { scale: { x: 'independent' } },
    spec: {
      width: 300,
      height: { step: 18 },
      layer: [
        { mark: { type: 'rule', color: '#888' }, encoding: { x: { datum: 0 } } },
        { mark: 'rule', encoding: { y, color, x: { ...x, field: 'low' }, x2: { field: 'high' } } },
        {
          mark: { type: 'point', filled: true, size: 50 },
          encoding: { y, color, x: { ...x, field: 'mean' } },
        },
      ],
    },
  };
}
