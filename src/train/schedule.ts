/**
 * The learning rate, step by step.
 *
 * @module
 */
import type { TrainConfig } from './config/config.js';

/**
 * The rate of a step. A warm-up goes up in a straight line, so that the last of its steps has the whole rate;
 * the schedule goes on behind it, a cosine to 0 at the end of the last epoch.
 *
 * @param step - from 0, over all epochs
 * @param perEpoch - steps an epoch
 */
export function learningRateAt(
  { learningRate, schedule, epochs }: Pick<TrainConfig, 'learningRate' | 'schedule' | 'epochs'>,
  step: number,
  perEpoch: number,
): number {
  const warmUp = schedule.warmUp * perEpoch;
  if (step < warmUp) return learningRate * Math.min(1, (step + 1) / warmUp);
  if (schedule.kind === 'step')
    return learningRate * schedule.factor ** Math.floor(step / perEpoch / schedule.every);
  if (schedule.kind === 'cosine') {
    const done = (step - warmUp) / (epochs * perEpoch - warmUp);
    return (learningRate * (1 + Math.cos(Math.PI * done))) / 2;
  }
  return learningRate;
}
