/**
 * Growth curves as SVG, drawn by Vega-Lite.
 *
 * @module
 */
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Row } from './section.js';

/** A chart of time against size for each curve among the rows, by the name of the curve. */
export async function growthCharts(rows: readonly Row[]): Promise<Map<string, string>> {
  const charts = new Map<string, string>();
  for (const curve of new Set(rows.flatMap(({ at }) => (at ? [at.curve] : [])))) {
    const values = rows
      .filter(({ at }) => at?.curve === curve)
      .map(({ at, milliseconds }) => ({ x: at?.x, milliseconds }));
    charts.set(curve, await draw(curve, values));
  }
  return charts;
}

function draw(curve: string, values: object[]): Promise<string> {
  const axis = (field: string, title: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { type: 'log' as const, nice: false },
    title,
  });
  const spec: TopLevelSpec = {
    title: `Host kernel: time against ${curve}`,
    width: 420,
    height: 260,
    background: 'white',
    data: { values: values as never },
    mark: { type: 'line', point: true },
    encoding: {
      x: axis('x', curve.split(',')[0] as string),
      y: axis('milliseconds', 'milliseconds per call (median)'),
    },
  };
  return new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' }).toSVG();
}
