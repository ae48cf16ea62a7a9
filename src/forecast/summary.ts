/**
 * A forecast in two lines.
 *
 * @module
 */
import type { ClassForecast, Forecast } from './forecast.js';
import { MINED } from './remedies.js';

/** A class that is a minority in fewer batches than this is hardly ever mined. */
const HARDLY = 0.01;
/** Names that a line lists at most. */
const NAMED = 5;

/**
 * The classes that a summary speaks of: those with samples, and of a label that may be absent or present only
 * the side that is present.
 */
export function spokenOf({ classes, encoding }: Pick<Forecast, 'classes' | 'encoding'>): ClassForecast[] {
  return classes.filter((own) => own.count > 0 && (encoding !== 'multi-label' || own.class === 1));
}

/** The name of a class without the word that its label is present, which is what is spoken of. */
export function spokenName(
  { name, class: k }: ClassForecast,
  { encoding }: Pick<Forecast, 'encoding'>,
): string {
  if (encoding !== 'multi-label') return name;
  const label = name.replace(/=[^=]*$/, '');
  return k === 1 ? label : `no ${label}`;
}

/**
 * A forecast in two lines: what a batch holds, and how many classes are mined.
 *
 * @param firstAlpha - α of the first step, where α changes from step to step. Default: α of the forecast
 * @example
 * ```ts
 * import { forecast, forecastSummary } from 'class-rectification/forecast';
 * const [batch, classes] = forecastSummary(forecast([900, 90, 10], { batchSize: 32 }));
 * batch; // → 'Per batch of 32: 2.8 anchors, 19.8 triplets; 19.0 % of batches have nothing to compare'
 * classes; // → 'Minorities in half of the batches or more: 1 of 3 classes; in fewer than 1 %: 1 (0). Ω 0.630, α 0.0063'
 * ```
 */
export function forecastSummary(
  forecast: Forecast,
  firstAlpha = forecast.alpha,
): [batch: string, classes: string] {
  const { batchSize, anchors, triplets, nothing, omega, alpha } = forecast;
  const all = spokenOf(forecast);
  const mined = all.filter(({ share }) => share.value >= MINED).length;
  const hardly = all.filter(({ share }) => share.value < HARDLY);
  const few = hardly.slice(0, NAMED).map((own) => spokenName(own, forecast));
  const more = hardly.length > few.length ? ', …' : '';
  const names = hardly.length === 0 ? '' : ` (${few.join(', ')}${more})`;
  return [
    `Per batch of ${batchSize}: ${decimal(anchors.value)} anchors, ${decimal(triplets.value)} triplets; ` +
      `${percent(nothing.value)} of batches have nothing to compare`,
    `Minorities in half of the batches or more: ${mined} of ${all.length} classes; ` +
      `in fewer than 1 %: ${hardly.length}${names}. ${omega === null ? '' : `Ω ${omega.toFixed(3)}, `}${alphaWords(firstAlpha, alpha)}`,
  ];
}

/** α, which may change over the steps. */
export function alphaWords(first: number, last: number): string {
  const [from, to] = [first, last].map((alpha) => alpha.toFixed(4));
  return from === to ? `α ${to}` : `α ${from} in the first step, ${to} in the last`;
}

/** A share in percent; one that is nearly none or nearly all says so. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %';
  if (share < 1 && share > 0.9995) return '> 99.9 %';
  return `${(100 * share).toFixed(1)} %`;
}

/** A number with one digit behind the point, or two if it is small. */
export function decimal(value: number): string {
  return value >= 1 || value === 0 ? value.toFixed(1) : value.toPrecision(2);
}
