/**
 * Errors in the order of a sum that show in the loss alone: mining keeps the order.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import { type Batch, rectificationLoss } from '../../spec/index.js';
import { entries } from '../walk.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

/** The component that is added in place t, of d. */
type Order = (t: number, width: number) => number;

/** Wrong backends whose hinges open by another rounding than that of mining. */
export const roundedHinges: readonly WrongBackend[] = [
  adding('loss-components-backwards', 'from the last to the first', (t, width) => width - 1 - t),
  adding('loss-components-by-parity', 'the even ones before the odd ones', (t, width) => {
    const even = (width + 1) >> 1;
    return t < even ? 2 * t : 2 * (t - even) + 1;
  }),
];

function adding(id: string, order: string, placeOf: Order): WrongBackend {
  return wrongStages(
    id,
    `the distances of L_crl, but not those of mining, add their components in another order: ${order}`,
    'rounded-hinges-agree',
    {
      rectificationLoss(batch, hard, triplets, options) {
        const { features } = batch;
        if (options.level === 'class' || features === undefined)
          return rectificationLoss(batch, hard, triplets, options);
        const { width } = features;
        const matrices = features.matrices.map((matrix) => rearranged(matrix, (t) => placeOf(t, width)));
        const moved: Batch = { ...batch, features: { ...features, matrices } };
        const { gradient, ...rest } = rectificationLoss(moved, hard, triplets, options);
        const places = Array.from({ length: width }, (_, t) => placeOf(t, width));
        return { ...rest, gradient: rearranged(gradient, (t) => places.indexOf(t)) };
      },
    },
  );
}

/** The array with its last axis in another order. */
function rearranged(array: NdArray, from: (t: number) => number): NdArray<Float64Array> {
  const width = array.shape.at(-1) as number;
  const values = entries(array);
  const data = Float64Array.from(values, (_, at) => values[at - (at % width) + from(at % width)] as number);
  return ndarray(data, [...array.shape]);
}
