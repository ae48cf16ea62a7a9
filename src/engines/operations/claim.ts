/**
 * A claim about an operation of an engine, and how it is tried.
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs-core';
import type fc from 'fast-check';

/** Values of a result, by name. */
export type Values = Readonly<Record<string, ArrayLike<number>>>;

/** What a ranking loss needs of one operation of tfjs, whatever the engine. */
export interface Claim<Input = unknown> {
  /** Such as `softmax-even`. */
  readonly id: string;
  readonly operation: string;
  /** The claim, as a sentence. */
  readonly text: string;
  readonly inputs: fc.Arbitrary<Input>;
  /** What is computed on the engine. */
  readonly compute: (input: Input) => tf.NamedTensorMap;
  /** What is wrong with the result; nothing if the claim holds. */
  readonly wrong: (found: Values, input: Input) => string | undefined;
  /** What the graph of the loss does, so that it is right also where the claim fails. */
  readonly graph: string;
  /** Why the claim is known to fail, by engine; `every` stands for all engines. */
  readonly known?: Readonly<Record<string, string>>;
}

/** A claim, with the type of its inputs hidden. */
export function claim<Input>(made: Claim<Input>): Claim {
  return made as unknown as Claim;
}

/** Says where two lists differ first: equal numbers, or both NaN. */
export function difference(found: ArrayLike<number>, expected: readonly number[]): string | undefined {
  for (const [at, right] of expected.entries()) {
    const got = found[at] as number;
    if (got !== right && !(Number.isNaN(got) && Number.isNaN(right)))
      return `expected ${right} at ${at}, got ${got}`;
  }
  return found.length === expected.length
    ? undefined
    : `expected ${expected.length} numbers, got ${found.length}`;
}
