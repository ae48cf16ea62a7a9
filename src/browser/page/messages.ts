/**
 * Messages between the page and its worker.
 *
 * @module
 */
import type { PropertyReport, Report } from '../../../properties/index.js';
import type { VerifyChoices } from '../../verify/verify-choices.js';

/** To the worker: verify a backend on this engine. */
export interface VerifyRequest {
  readonly backend: string;
  readonly engine: string;
  readonly choices: VerifyChoices;
  /** The address of the page's folder, from which a backend loads its files. */
  readonly folder: string;
}

/** From the worker: a property ended, all of them ended, or something failed. */
export type VerifyAnswer =
  | Progress
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'error'; readonly message: string };

/** A property ended. */
export interface Progress {
  readonly kind: 'progress';
  readonly property: PropertyReport;
  readonly completed: number;
  readonly total: number;
}
