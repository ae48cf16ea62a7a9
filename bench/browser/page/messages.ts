/**
 * Messages between the page and its worker, and the page's results.
 *
 * @module
 */
import type { Found, Section } from '../../section.js';
import type { BenchPlan, MeasuredEngine } from './plan.js';

/** To the worker: measure on this engine. */
export interface MeasureRequest extends Omit<BenchPlan, 'engines'> {
  readonly engine: MeasuredEngine;
  /** The folder of the binaries of the wasm engine, as an address. */
  readonly wasm: string;
}

/** From the worker: a size is measured, all of them are, or something failed. */
export type MeasureAnswer =
  | { readonly kind: 'progress'; readonly setting: string }
  | { readonly kind: 'found'; readonly found: Found; readonly versions: Readonly<Record<string, string>> }
  | { readonly kind: 'error'; readonly message: string };

/** The results of one engine. */
export type MeasuredSection = Pick<Section, 'id' | 'title'> & Found;

/** The results of a page, in the form of `bench.json`. */
export interface PageReport {
  readonly machine: { readonly cores: number };
  readonly versions: Readonly<Record<string, string>>;
  readonly date: string;
  readonly sections: readonly MeasuredSection[];
}
