/**
 * What CRL should find in the batches of a run, to be held against what it finds.
 *
 * @module
 */
import { forecastRecords } from '../forecast/forecast-records.js';
import { forecastSummary } from '../forecast/index.js';
import type { TrainConfig } from './config/config.js';
import type { TrainData } from './data/load-data.js';
import type { TrainLoss } from './losses.js';

/** A forecast, as a run remembers it. */
export interface RunForecast {
  /** Means over batches. */
  readonly anchors: number;
  readonly triplets: number;
  /** The share of batches without a triplet. */
  readonly nothing: number;
  /** By class, the share of batches in which it is a surviving minority; of a binary label, present. */
  readonly minorityShare: readonly number[];
  /** The forecast in two lines. */
  readonly summary: readonly [batch: string, classes: string];
}

/** Drawn batches where nothing exact is known: the first step must not wait for more. */
const BATCHES = 10_000;

/** The forecast of a run with CRL; undefined for other losses, which mine nothing. */
export function forecastRun(
  { loss, batchSize: asked, sampling, seed }: TrainConfig,
  { training, attributes, encoding }: Pick<TrainData, 'training' | 'attributes' | 'encoding'>,
  { alpha, firstAlpha, omega }: Pick<TrainLoss, 'alpha' | 'firstAlpha' | 'omega'>,
): RunForecast | undefined {
  if (loss.kind !== 'crl') return undefined;
  const { records, classes } = training;
  const { rho, kappa, anchors } = loss;
  // a training set that is smaller than a batch is one
  const batchSize = sampling.kind === 'plain' ? Math.min(asked, records.length) : asked;
  const sampler =
    sampling.kind === 'plain'
      ? ({ sampler: 'plain' } as const)
      : ({ sampler: 'class-aware', by: sampling.by, perClass: sampling.perClass } as const);
  const found = forecastRecords({ records, classes, attributes }, encoding, {
    ...{ batchSize, ...sampler, seed, batches: BATCHES, remedies: false },
    ...(rho !== undefined && { rho }),
    ...(kappa !== undefined && { kappa }),
    ...(anchors !== undefined && { anchors }),
    ...(omega === undefined ? { alpha: alpha ?? 0 } : { imbalance: omega, eta: etaOf(alpha ?? 0, omega) }),
  });
  const present =
    found.encoding === 'multi-label' ? found.classes.filter((own) => own.class === 1) : found.classes;
  return {
    anchors: found.anchors.value,
    triplets: found.triplets.value,
    nothing: found.nothing.value,
    minorityShare: present.map(({ share }) => share.value),
    summary: forecastSummary(found, firstAlpha),
  };
}

/** η of α = η·Ω. */
function etaOf(alpha: number, omega: number): number {
  return omega === 0 ? 0 : alpha / omega;
}
