/**
 * A case, and the kind of cases that a property needs.
 *
 * @module
 */
import type { AnchorChoice, BalancedOptions, Batch, BatchDocument } from '../../spec/index.js';
import { writeDocument } from '../../spec/index.js';
import type { Choices } from './choices.js';
import type { Oddity } from './oddities.js';

/** One case: a batch with all options resolved. */
export interface Case {
  readonly batch: Batch;
  readonly options: BalancedOptions;
  /** A number from which properties draw what else they need, such as a permutation. */
  readonly shuffle: number;
  /** The conditions that were drawn, of a combined case. */
  readonly choices?: Choices;
}

/** The kind of cases that a property needs. */
export interface CaseOptions {
  /** Whether scores are logits. Default false. */
  readonly fromLogits?: boolean;
  /** Whether a column may have equal scores; if not, cases are of class level only. Default true. */
  readonly ties?: boolean;
  /** The most samples of an ordinary case. Default 24. */
  readonly samples?: number;
  /** Whether cases are of class level only. Default false. */
  readonly classLevel?: boolean;
  /** Whether scores may be left out at instance level. Default false. */
  readonly unscored?: boolean;
  /** Whether a few cases are larger than the block edges 64 and 256. Default true. */
  readonly blockEdges?: boolean;
  /** Whether float32 holds all numbers exactly, and features lie on a lattice. Default: true for a float32 backend. */
  readonly coarse?: boolean;
  /** The anchors of all cases, which have scores then. Default: easy ones in every fourth case of a backend that has them. */
  readonly anchors?: AnchorChoice;
  /** What is out of the ordinary. Default: nothing. */
  readonly oddities?: readonly Oddity[];
  /**
   * Whether scores, features and options lie on small lattices, so that most distances lie at kinks: of the
   * hinge, at 0, at nodes and ends of histograms. Default false.
   */
  readonly kinks?: boolean;
  /** Whether nearly all cases have triplets; a few have no minority class. Default: true at kinks, else false. */
  readonly triplets?: boolean;
  /** Whether ρ·n_j always lies at, or a rounding below, the size of some classes. Default false. */
  readonly rhoAtLimit?: boolean;
}

/** The case as a JSON document, as `crl explain` reads it. */
export function caseDocument({ batch, options }: Pick<Case, 'batch' | 'options'>): BatchDocument {
  return writeDocument(batch, options);
}
