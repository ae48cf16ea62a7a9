/**
 * Layouts of arrays in memory: strides, offsets and orders that a batch may come in.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Batch } from '../../spec/index.js';
import type { Way } from '../coverage/index.js';

/** Copies an array into another layout. */
type Layout = (array: NdArray) => NdArray;

/** The layouts of a case's arrays, and as what they are counted. */
export interface Layouts {
  readonly name: string;
  readonly way: Way;
  /** The layout of array `at`. */
  readonly layout: (at: number) => Layout;
}

/** One layout for all arrays of a case; or a layout for each, so that no array can be read by the strides of another. */
export function layoutOf(shuffle: number): Layouts {
  const drawn = DRAWN[shuffle % DRAWN.length] as (typeof DRAWN)[number];
  if (drawn === 'mixed') {
    const first = Math.floor(shuffle / DRAWN.length);
    const layout = (at: number) =>
      (LAYOUTS[(first + at) % LAYOUTS.length] as (typeof LAYOUTS)[number]).layout;
    return { name: 'differently laid out', way: 'layout-mixed', layout };
  }
  const { way, layout } = LAYOUTS[drawn] as (typeof LAYOUTS)[number];
  return { name: layout.name, way, layout: () => layout };
}

const LAYOUTS: readonly { readonly way: Way; readonly layout: Layout }[] = [
  {
    way: 'layout-transposed',
    layout: function transposed(array) {
      const [rows, columns] = array.shape as [number, number];
      return laid(array, rows * columns, [1, rows], 0);
    },
  },
  {
    way: 'layout-spread-out',
    layout: function spreadOut(array) {
      const [rows, columns] = array.shape as [number, number];
      return laid(array, rows * columns * 6, [3 * columns, 2], 0);
    },
  },
  {
    way: 'layout-offset',
    layout: function offset(array) {
      const [rows, columns] = array.shape as [number, number];
      return laid(array, rows * columns + 5, [columns, 1], 5);
    },
  },
  {
    way: 'layout-reversed',
    layout: function reversed(array) {
      const [rows, columns] = array.shape as [number, number];
      return laid(array, rows * columns, [-columns, 1], Math.max(0, rows - 1) * columns);
    },
  },
];

/** Every third case is transposed, since code of its own often handles arrays in column order; in as many, layouts differ. */
const DRAWN = [0, 1, 'mixed', 0, 2, 'mixed', 0, 3, 'mixed'] as const;

/** The memory between the entries holds a number that is no score and no label. */
const BETWEEN = 77;

function laid(array: NdArray, length: number, stride: [number, number], start: number): NdArray {
  const [rows, columns] = array.shape as [number, number];
  const memory = new (array.data.constructor as Float64ArrayConstructor)(Math.max(length, 1)).fill(BETWEEN);
  const copy = ndarray(memory, [rows, columns], stride, start);
  for (let i = 0; i < rows; i++) for (let c = 0; c < columns; c++) copy.set(i, c, array.get(i, c));
  return copy;
}

/** The batch with its arrays laid out anew; their entries stay. */
export function relaid(batch: Batch, layout: Layouts['layout']): Batch {
  const { features } = batch;
  const matrices = features?.matrices.map((m, j) => layout(3 + j)(m) as Batch['scores']);
  return {
    ...batch,
    membership: layout(0)(batch.membership) as Batch['membership'],
    labelled: layout(1)(batch.labelled) as Batch['labelled'],
    scores: layout(2)(batch.scores) as Batch['scores'],
    ...(features && matrices ? { features: { ...features, matrices } } : {}),
  };
}
