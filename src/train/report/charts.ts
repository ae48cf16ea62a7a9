/**
 * Charts as SVG, drawn by Vega-Lite when the report is written, so that the page needs no script.
 *
 * @module
 */
import type { TopLevelSpec } from 'vega-lite';
import { importOptional } from '../../../backends/optional-package.js';
import { binned, type ClassValue, MOST_POINTS } from './classes.js';

const [WIDTH, HEIGHT] = [420, 240];

/** Colours of marks, each with a contrast of at least 3 on the paper of a light and of a dark page. */
const MARKS = ['#3f82cf', '#d0702a', '#2f9a68', '#a566cf', '#d05a57'];

/** A chart is part of its page: text and axes have the ink of the page, light or dark. */
const LOOK = {
  background: 'transparent',
  config: {
    font: 'system-ui, sans-serif',
    axis: {
      labelColor: 'currentColor',
      titleColor: 'currentColor',
      domainColor: 'currentColor',
      tickColor: 'currentColor',
      gridColor: '#88888844',
      labelFontSize: 11,
      titleFontSize: 12,
    },
    legend: {
      labelColor: 'currentColor',
      titleColor: 'currentColor',
      labelFontSize: 11,
      titleFontSize: 12,
    },
    text: { color: 'currentColor' },
    mark: { color: MARKS[0] },
    range: { category: MARKS },
    view: { stroke: null },
  },
};

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
    const whole = { width: WIDTH, height: HEIGHT, ...LOOK, ...spec } as unknown as TopLevelSpec;
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
  const known = values.filter(({ images, value }) => images > 0 && value !== null);
  const domain = imagesDomain(known);
  const axes = {
    x: numbers('images', 'training images (log)', { scale: { type: 'log', domain, nice: false } }),
    y: numbers('value', title, { scale: { domain: [0, 1] } }),
  };
  if (values.length > MOST_POINTS)
    return {
      data: { values: binned(values) },
      mark: { type: 'point', filled: true },
      encoding: { ...axes, size: numbers('classes', 'classes', { legend: { orient: 'bottom' } }) },
    };
  return {
    data: { values: known },
    encoding: axes,
    layer: [
      { mark: { type: 'point', filled: true, size: 50 } },
      {
        transform: [{ filter: { field: 'name', oneOf: apart(known) } }],
        mark: { type: 'text', dx: 6, align: 'left', fontSize: NAME_SIZE },
        encoding: { text: { field: 'name' } },
      },
    ],
  };
}

/** The size of a class's name beside its point, in pixels, and the width of a letter of it. */
const [NAME_SIZE, LETTER] = [10, 6];

/** From a little below the fewest images of a class to a little above the most. */
function imagesDomain(values: readonly ClassValue[]): [number, number] {
  if (values.length === 0) return [1, 10];
  const least = values.reduce((low, { images }) => Math.min(low, images), Infinity);
  const most = values.reduce((high, { images }) => Math.max(high, images), 0);
  return [least / 1.3, most * 1.3];
}

/** The classes whose names stand beside their points without touching one another, those of few images first. */
function apart(values: readonly ClassValue[]): string[] {
  const [low, high] = imagesDomain(values).map(Math.log) as [number, number];
  const spot = ({ images, value }: ClassValue) => ({
    x: (WIDTH * (Math.log(images) - low)) / (high - low),
    y: HEIGHT * (1 - (value as number)),
  });
  const spots = values.map(spot);
  const taken: { x: number; y: number; end: number }[] = [];
  return values
    .toSorted((a, b) => a.images - b.images)
    .filter((one) => {
      const { x, y } = spot(one);
      const end = x + 8 + LETTER * one.name.length;
      const isFree =
        taken.every((name) => Math.abs(name.y - y) > NAME_SIZE + 1 || name.end < x || end < name.x) &&
        spots.every((other) => Math.abs(other.y - y) > NAME_SIZE / 2 || other.x <= x || other.x > end);
      if (isFree) taken.push({ x, y, end });
      return isFree;
    })
    .map(({ name }) => name);
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
    mark: { type: 'tick', color: 'currentColor', thickness: 2 },
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
  const dark = { test: 'datum.share > 0.5', value: '#fff' };
  const text = {
    mark: { type: 'text', fontSize: NAME_SIZE },
    encoding: { text: { field: 'images' }, color: { condition: dark, value: '#1c2024' } },
  };
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
