/**
 * Know before you train: what CRL will find in the batches of a training set.
 *
 * @module
 */
export type { Sampler } from './draw-samples.js';
export type { Estimate } from './drawn-moments.js';
export {
  type ClassForecast,
  type Counts,
  type Forecast,
  type ForecastOptions,
  forecast,
} from './forecast.js';
export type { BatchSizeRemedy, ClassAwareRemedy } from './remedies.js';
export { forecastSummary } from './summary.js';
