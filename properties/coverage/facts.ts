/**
 * What conditions are read from: a case, and what the specification finds in it. Each part is computed when
 * it is first asked for, and only once per case.
 *
 * @module
 */
import {
  type BalancedOptions,
  type Batch,
  type MinoritySelection,
  selectMinority,
} from '../../spec/index.js';
import type { Case } from '../cases/arbitraries.js';
import { specWalk, type Walk } from '../walk.js';
import { type ComparedFact, comparedFacts } from './compared-facts.js';
import { type InputFact, inputFacts } from './input-facts.js';
import { type LabelFact, labelFacts } from './label-facts.js';
import { type MinedFact, minedFacts } from './mined-facts.js';

/** A case, and what is found in it. */
export class Facts {
  readonly batch: Batch;
  readonly options: BalancedOptions;
  #selection: MinoritySelection | undefined;
  #walk: Walk | undefined;
  #labels: ReadonlySet<LabelFact> | undefined;
  #inputs: ReadonlySet<InputFact> | undefined;
  #mined: ReadonlySet<MinedFact> | undefined;
  #compared: ReadonlySet<ComparedFact> | undefined;

  constructor({ batch, options }: Pick<Case, 'batch' | 'options'>) {
    this.batch = batch;
    this.options = options;
  }

  /** Stage 1 alone, which needs no scores. */
  get selection(): MinoritySelection {
    this.#selection ??= this.#walk?.selection ?? selectMinority(this.batch, this.options);
    return this.#selection;
  }

  /** Stages 1 to 3; of logits, those of their probabilities. */
  get walk(): Walk {
    this.#walk ??= specWalk({ batch: this.batch, options: this.options }, this.#selection);
    return this.#walk;
  }

  /** The walk, if any condition asked for it. */
  get walkSoFar(): Walk | undefined {
    return this.#walk;
  }

  /** What the labels and class sizes are like. */
  get labels(): ReadonlySet<LabelFact> {
    this.#labels ??= labelFacts(this.batch, this.options, this.selection);
    return this.#labels;
  }

  /** What the scores and features are like. */
  get inputs(): ReadonlySet<InputFact> {
    this.#inputs ??= inputFacts(this.batch);
    return this.#inputs;
  }

  /** What is mined. */
  get mined(): ReadonlySet<MinedFact> {
    this.#mined ??= minedFacts(this.walk);
    return this.#mined;
  }

  /** What is compared. */
  get compared(): ReadonlySet<ComparedFact> {
    this.#compared ??= comparedFacts(this.walk);
    return this.#compared;
  }
}
