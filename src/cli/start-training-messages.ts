/**
 * The messages between `crl start` and its training processes.
 *
 * @module
 */
import type { DigitSetting, Trial, TrialResult } from '../digits/experiment.js';
import type { Target } from './targets.js';

/** What a training process is started with, as JSON. */
export interface TrainingOrder {
  /** The pair whose loss is trained with. */
  readonly target: Required<Target>;
  readonly setting: DigitSetting;
}

/** To the process: each trial is answered by one reply. */
export type TrainingRequest = Trial;

/** From the process. */
export type TrainingReply =
  | { readonly kind: 'trained'; readonly result: TrialResult }
  /** Nothing was trained, and why. */
  | { readonly kind: 'failed'; readonly name: string; readonly message: string };
