/**
 * The learning rate, step by step.
 *
 * @module
 */

/** How the learning rate changes over the epochs; `warmUp` is counted in epochs. */
export type LearningRateSchedule = { readonly warmUp: number } & (
  | { readonly kind: 'constant' | 'cosine' }
  /** After every `every` epochs the rate is multiplied by the factor. */
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }
);

/** What decides the learning rate of each step. */
export interface LearningRateOptions {
  readonly learningRate: number;
  readonly schedule: LearningRateSchedule;
  readonly epochs: number;
}

/**
 * The learning rate of a step. During a warm-up it rises in a straight line, and its last step has the full rate.
 * The schedule follows; a cosine falls to 0 at the end of the last epoch.
 *
 * @param step - from 0, over all epochs
 * @param perEpoch - steps per epoch
 */
export function learningRateAt(
  { learningRate, schedule, epochs }: LearningRateOptions,
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
