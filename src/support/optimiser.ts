/**
 * Optimisers whose whole state can be written down and restored, bit by bit.
 *
 * Those of tfjs keep part of their state private, and Adam's corrections are recomputed when its weights are
 * set, so that a resumed run would differ from one that was not cut off.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** What every optimiser has. */
interface StepOptions {
  /** λ of decoupled weight decay; 0 is none. */
  readonly weightDecay: number;
  /** The largest norm of all gradients together. Default: no limit. */
  readonly clipNorm?: number;
}

/** An optimiser by its name, with its options. */
export type OptimiserOptions =
  | (StepOptions & { readonly kind: 'sgd' | 'adam' })
  | (StepOptions & { readonly kind: 'momentum'; readonly momentum: number });

/** The rule of a step, and what it keeps for each variable. */
interface Rule {
  /** Names of the state that is saved. */
  readonly keeps: readonly string[];
  /** The change of a variable before it is multiplied by the learning rate, and what is kept from now on. */
  readonly step: (
    gradient: tf.Tensor,
    kept: readonly tf.Tensor[],
    steps: number,
  ) => { readonly change: tf.Tensor; readonly kept: readonly tf.Tensor[] };
}

/** The defaults of Kingma, Ba: *Adam: A Method for Stochastic Optimization*, ICLR 2015. */
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-7];

function ruleOf(options: OptimiserOptions): Rule {
  if (options.kind === 'sgd') return { keeps: [], step: (change) => ({ change, kept: [] }) };
  if (options.kind === 'momentum') {
    const { momentum } = options;
    return {
      keeps: ['velocity'],
      step: (gradient, [velocity]) => {
        const change = tf.add(tf.mul(velocity as tf.Tensor, momentum), gradient);
        return { change, kept: [change] };
      },
    };
  }
  return {
    keeps: ['first', 'second'],
    step: (gradient, [first, second], steps) => {
      const m = tf.add(tf.mul(first as tf.Tensor, BETA1), tf.mul(gradient, 1 - BETA1));
      const v = tf.add(tf.mul(second as tf.Tensor, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
      const root = tf.sqrt(tf.div(v, 1 - BETA2 ** steps));
      return { change: tf.div(tf.div(m, 1 - BETA1 ** steps), tf.add(root, EPSILON)), kept: [m, v] };
    },
  };
}

/** Makes steps, and keeps between them what the rule needs. */
export class Optimiser {
  readonly #options: OptimiserOptions;
  readonly #rule: Rule;
  readonly #variables: readonly tf.Variable[];
  /** By variable, then by what is kept for it. */
  readonly #kept: readonly (readonly tf.Variable[])[];
  /** Steps so far. */
  steps = 0;

  /** @param variables - what it changes; the same ones in the same order when a run is resumed */
  constructor(options: OptimiserOptions, variables: readonly tf.Variable[]) {
    this.#options = options;
    this.#rule = ruleOf(options);
    this.#variables = variables;
    this.#kept = variables.map((variable) =>
      this.#rule.keeps.map(() => tf.tidy(() => tf.variable(tf.zerosLike(variable), false))),
    );
  }

  /** What is kept, in the order of the variables. */
  get state(): readonly tf.Variable[] {
    return this.#kept.flat();
  }

  /** A step down the loss; nothing is read back. */
  minimise(lossOf: () => tf.Scalar, learningRate: number): void {
    this.steps += 1;
    tf.tidy(() => {
      const { grads } = tf.variableGrads(lossOf, [...this.#variables]);
      const gradients = this.#clipped(this.#variables.map(({ name }) => grads[name] as tf.Tensor));
      this.#variables.forEach((variable, at) => {
        const own = this.#kept[at] as readonly tf.Variable[];
        const { change, kept } = this.#rule.step(gradients[at] as tf.Tensor, own, this.steps);
        const decayed = this.#decayed(variable, learningRate);
        variable.assign(tf.sub(decayed, tf.mul(change, learningRate)));
        own.forEach((each, j) => {
          each.assign(kept[j] as tf.Tensor);
        });
      });
    });
  }

  /** Gradients scaled so that the norm of all of them together is at most `clipNorm`. */
  #clipped(gradients: tf.Tensor[]): tf.Tensor[] {
    const { clipNorm } = this.#options;
    if (clipNorm === undefined) return gradients;
    const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
    const norm = tf.sqrt(tf.addN(squares));
    const scale = tf.div(clipNorm, tf.maximum(norm, clipNorm));
    return gradients.map((gradient) => tf.mul(gradient, scale));
  }

  /**
   * Decoupled weight decay (Loshchilov, Hutter: *Decoupled Weight Decay Regularization*, ICLR 2019): w − η·λ·w,
   * beside the gradient's step. Biases and the scales of normalisation, which are vectors, do not decay.
   */
  #decayed(variable: tf.Variable, learningRate: number): tf.Tensor {
    const { weightDecay } = this.#options;
    return weightDecay === 0 || variable.rank < 2
      ? variable
      : tf.mul(variable, 1 - learningRate * weightDecay);
  }

  dispose(): void {
    tf.dispose([...this.state]);
  }
}
