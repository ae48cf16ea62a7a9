/**
 * Charts as SVG, drawn by Vega-Lite when the report is written, so that the page needs no script.
 *
 * @module
 */
import type { TopLevelSpec } from 'vega-lite';
import { importOptional } from '../../../backends/optional-package.js';
import { binned, type ClassValue, MOST_POINTS } from './classes.js';

/** Draws a chart of Vega-Lite as SVG. */
export type Draw = (spec: object) => Promise<string>;

/**
 * Loads the packages that draw.
 *
 * @throws PackageMissingError - without vega and vega-lite
 */
export async function chartDrawer(): Promise<Draw> {
  const vega = await importOptional('vega', () => import('vega'));
  const { compile } = await importOptional('vega-lite', () => import('vega-lite'));
  return (spec) => {
    const whole = { width: 420, height: 240, background: 'white', ...spec } as unknown as TopLevelSpec;
    return new vega.View(vega.parse(compile(whole).spec), { renderer: 'none' }).toSVG();
  };
}

/** A field on a number line. */
const numbers = (field: string, title: string, more: object = {}) => ({
  field,
  type: 'quantitative',
  title,
  ...more,
});

/** Losses over epochs, one line per loss. */
export function lossChart(values: readonly { epoch: number; loss: string; value: number }[]): object {
  return {
    data: { values },
    mark: { type: 'line', point: true },
    encoding: {
      x: numbers('epoch', 'epoch', { axis: { tickMinStep: 1 } }),
      y: numbers('value', 'loss (nats)', { scale: { zero: false } }),
      color: { field: 'loss', type: 'nominal', title: null, legend: { orient: 'bottom', columns: 2 } },
    },
  };
}

/** A metric over epochs. */
export function metricChart(
  values: readonly { epoch: number; value: number | null }[],
  title: string,
): object {
  return {
    data: { values },
    mark: { type: 'line', point: true },
    encoding: {
      x: numbers('epoch', 'epoch', { axis: { tickMinStep: 1 } }),
      y: numbers('value', title, { scale: { domain: [0, 1] } }),
    },
  };
}

/** A value of each class against its training images. */
export function sizeChart(values: readonly ClassValue[], title: string): object {
  const axes = {
    x: numbers('images', 'training images (log)', { scale: { type: 'log' } }),
    y: numbers('value', title, { scale: { domain: [0, 1] } }),
  };
  if (values.length > MOST_POINTS)
    return {
      data: { values: binned(values) },
      mark: { type: 'point', filled: true },
      encoding: { ...axes, size: numbers('classes', 'classes', { legend: { orient: 'bottom' } }) },
    };
  return {
    data: { values: values.filter(({ images, value }) => images > 0 && value !== null) },
    encoding: axes,
    layer: [
      { mark: { type: 'point', filled: true, size: 50 } },
      { mark: { type: 'text', dx: 6, align: 'left', fontSize: 9 }, encoding: { text: { field: 'name' } } },
    ],
  };
}

/** One bar per class; where there are forecasts, a line across each bar. */
export function classBars(
  values: readonly { name: string; value: number | null; forecast?: number }[],
  title: string,
): object {
  const y = { field: 'name', type: 'nominal', title: null, sort: null };
  const x = (field: string) => numbers(field, title, { scale: { domain: [0, 1] } });
  const bars = { mark: 'bar', encoding: { x: x('value'), y } };
  const forecasts = {
    mark: { type: 'tick', color: 'black', thickness: 2 },
    encoding: { x: x('forecast'), y },
  };
  return {
    height: { step: 14 },
    data: { values },
    ...(values.some(({ forecast }) => forecast !== undefined) ? { layer: [bars, forecasts] } : bars),
  };
}

/** The share of each class's images by predicted class. */
export function confusionChart(
  values: readonly { actual: string; predicted: string; share: number; images: number }[],
  classes: number,
): object {
  const axis = (field: string, title: string) => ({ field, type: 'nominal', title, sort: null });
  const size = Math.min(420, Math.max(120, classes * 32));
  const text = { mark: { type: 'text', fontSize: 9 }, encoding: { text: { field: 'images' } } };
  return {
    width: size,
    height: size,
    data: { values },
    encoding: { x: axis('predicted', 'predicted'), y: axis('actual', 'true') },
    layer: [
      {
        mark: 'rect',
        encoding: {
          color: numbers('share', 'share of the class', { scale: { domain: [0, 1], scheme: 'blues' } }),
        },
      },
      // numbers in cells too small to hold them only blacken the chart
      ...(classes <= 20 ? [text] : []),
    ],
  };
}
