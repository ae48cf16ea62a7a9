/**
 * A number that is not finite must not go unnoticed in a training step.
 *
 * @module
 */
import { isInputError } from '../../../spec/index.js';
import type { Case } from '../../cases/arbitraries.js';
import { demand, type Subject } from '../../property.js';

/**
 * Demands that a training step refuses the number by its place, or has an L that is NaN or infinite.
 *
 * @param broken - the case with the number in it
 * @param names - how an error may name the place; the first is the one that a message shows
 * @throws PropertyFailedError - if L is finite, or the refusal names another place
 */
export async function demandSurfaces(
  { train }: Subject,
  { batch, options }: Pick<Case, 'batch' | 'options'>,
  names: readonly string[],
  bad: number,
): Promise<void> {
  let loss: number;
  try {
    ({ loss } = await (train as NonNullable<Subject['train']>)(batch, { ...options, alpha: 0.5 }));
  } catch (error) {
    if (!isInputError(error)) throw error;
    demand(names.includes(error.where), 'the refusal', names[0], error.where);
    return;
  }
  demand(!Number.isFinite(loss), `L with ${names[0]} = ${bad}`, 'NaN or an infinity', loss);
}
