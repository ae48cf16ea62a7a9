/**
 * Which epoch of a run is the best, and when further epochs no longer help.
 *
 * @module
 */
import type { TrainConfig } from './config/config.js';
import type { Monitored } from './config/monitored.js';
import type { TrainData } from './data/load-data.js';
import type { EpochLine } from './run-folder.js';

/** An epoch, from 1, and its measure; null where it had none. */
export interface JudgedEpoch {
  readonly epoch: number;
  readonly value: number | null;
}

/** The measure that a config asks for: A_bln where each image has one class, else mean average precision. */
export function monitorOf(
  { monitor }: Pick<TrainConfig, 'monitor'>,
  { encoding }: Pick<TrainData, 'encoding'>,
): Monitored {
  return monitor ?? (encoding === 'categorical' ? 'balancedAccuracy' : 'meanAveragePrecision');
}

/** Whether a measure is better than another: larger, or smaller if it is the cross entropy; equal is not better. */
export function isBetter(monitor: Monitored, value: number | null, than: number | null): boolean {
  if (value === null) return false;
  if (than === null) return true;
  return monitor === 'crossEntropy' ? value < than : value > than;
}

/** The best of some epochs, the first of several that are equal; nothing of none. */
export function bestEpoch(lines: readonly EpochLine[], monitor: Monitored): JudgedEpoch | undefined {
  return lines
    .map(({ epoch, validation }) => ({ epoch, value: validation[monitor] }))
    .reduce<JudgedEpoch | undefined>(
      (best, line) => (best === undefined || isBetter(monitor, line.value, best.value) ? line : best),
      undefined,
    );
}

/** Whether a run stops early: `patience` epochs have passed since the best one. */
export function stopsEarly(
  lines: readonly EpochLine[],
  monitor: Monitored,
  { patience }: Pick<TrainConfig, 'patience'>,
): boolean {
  const best = bestEpoch(lines, monitor);
  return patience !== undefined && best !== undefined && lines.length - best.epoch >= patience;
}
