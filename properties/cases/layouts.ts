/**
 * Layouts of arrays in memory: strides, offsets and orders that a batch may come in.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Batch } from '../../spec/index.js';
import type { Way } from '../coverage/index.js';
import { pick } from './mixed.js';

/** Copies an array into another layout. */
type Layout = (array: NdArray) => NdArray;

/** The layouts of a case's arrays, and as what they are counted. */
export interface Layouts {
  readonly name: string;
  readonly way: Way;
  /** The layout of array `at`. */
  readonly layout: (at: number) => Layout;
  /** Whether the arrays of a batch that hold numbers of the same type lie one after the other in one memory. */
  readonly isStacked: boolean;
}

/** How the entries of an array lie in memory. */
interface Arrangement {
  /** Whether columns follow each other, not rows. Default false. */
  readonly byColumn?: boolean;
  /** Whether the last row comes first. Default false. */
  readonly flipRows?: boolean;
  /** Whether the last column comes first. Default false. */
  readonly flipColumns?: boolean;
  /** How far apart the entries of a row (by column: of a column) are. Default 1. */
  readonly step?: number;
  /** Numbers between the end of a row (by column: of a column) and the beginning of the next. Default 0. */
  readonly gap?: number;
  /** Numbers before the first entry. Default 0. */
  readonly before?: number;
  /** Numbers after the last entry. Default 0. */
  readonly after?: number;
  /** Numbers of the same memory before those that `data` shows: its byteOffset is not 0. Default 0. */
  readonly hidden?: number;
}

const ARRANGEMENTS = [
  ['layout-transposed', 'transposed', { byColumn: true }],
  ['layout-spread-out', 'spread out', { step: 2, gap: 3 }],
  ['layout-offset', 'offset', { before: 5 }],
  ['layout-reversed', 'reversed', { flipRows: true }],
  ['layout-columns-reversed', 'reversed in each row', { flipColumns: true }],
  ['layout-padded-rows', 'padded in each row', { gap: 3 }],
  ['layout-padded-columns', 'transposed and padded', { byColumn: true, gap: 2, before: 3 }],
  ['layout-transposed-offset', 'transposed and offset', { byColumn: true, before: 4 }],
  ['layout-longer', 'longer than they show', { after: 9 }],
  ['layout-view', 'cut out of a larger buffer', { hidden: 4, after: 3 }],
] as const satisfies readonly (readonly [Way, string, Arrangement])[];

/** In half of the cases, arrays differ. */
const MIXED_IN = 2;
/** A third of the batches lie in one memory, as the features of all attributes do in a tensor of J×n×d. */
const STACKED_IN = 3;

/** What takes turns where all arrays have one layout; more are transposed, since code of its own often reads these. */
const TURNS = [...ARRANGEMENTS, ARRANGEMENTS[0], ARRANGEMENTS[0]];

/**
 * One layout for all arrays of a case; or a layout for each, of which some stay as they are, so that no array can be
 * read by the strides of another; or arrays as they are, one after the other in one memory.
 *
 * @param shuffle - of 36 numbers that follow each other, each layout has one or more
 */
export function layoutOf(shuffle: number): Layouts {
  const lot = Math.floor(shuffle / MIXED_IN);
  const isStacked = shuffle % STACKED_IN === 0;
  if (shuffle % MIXED_IN === 0)
    return {
      name: 'differently laid out',
      way: 'layout-mixed',
      layout: (at) => {
        const drawn = pick([undefined, ...ARRANGEMENTS], lot, at);
        return drawn ? arranged(drawn[2]) : unchanged;
      },
      isStacked,
    };
  if (isStacked)
    return {
      name: 'stored one after the other in one memory',
      way: 'layout-one-memory',
      layout: () => unchanged,
      isStacked,
    };
  // of six numbers two come here, 1 and 5, whose thirds are consecutive
  const turn = Math.floor(shuffle / STACKED_IN);
  const [way, name, arrangement] = TURNS[turn % TURNS.length] as (typeof TURNS)[number];
  return { name, way, layout: () => arranged(arrangement), isStacked };
}

const unchanged: Layout = (array) => array;

/** The memory between the entries holds a number that is no score and no label. */
const BETWEEN = 77;

function arranged({
  byColumn = false,
  flipRows = false,
  flipColumns = false,
  step = 1,
  gap = 0,
  before = 0,
  after = 0,
  hidden = 0,
}: Arrangement): Layout {
  return (array) => {
    const [rows, columns] = array.shape as [number, number];
    const [lines, entries] = byColumn ? [columns, rows] : [rows, columns];
    const line = entries * step + gap;
    const length = Math.max(1, before + lines * line + after);
    const Numbers = array.data.constructor as Float64ArrayConstructor;
    const memory = new Numbers(hidden + length).fill(BETWEEN).subarray(hidden);
    const [down, along] = byColumn ? [step, line] : [line, step];
    const first =
      before +
      (flipRows ? Math.max(0, rows - 1) * down : 0) +
      (flipColumns ? Math.max(0, columns - 1) * along : 0);
    const stride = [flipRows ? -down : down, flipColumns ? -along : along];
    const copy = ndarray(memory, [rows, columns], stride, first);
    for (let i = 0; i < rows; i++) for (let c = 0; c < columns; c++) copy.set(i, c, array.get(i, c));
    return copy;
  };
}

/** The batch with its arrays laid out anew; their entries stay. */
export function relaid(batch: Batch, { layout, isStacked }: Pick<Layouts, 'layout' | 'isStacked'>): Batch {
  const { features } = batch;
  const laid = (array: NdArray, at: number) => layout(at)(array);
  const together = isStacked ? stacked : (arrays: NdArray[]) => arrays;
  const [membership, labelled] = together([laid(batch.membership, 0), laid(batch.labelled, 1)]) as [
    Batch['membership'],
    Batch['labelled'],
  ];
  // the features first, so that those of attribute j begin at j·n·d
  const matrices = (features?.matrices ?? []).map((matrix, j) => laid(matrix, 3 + j));
  const numbers = together([...matrices, laid(batch.scores, 2)]) as Batch['scores'][];
  const scores = numbers.pop() as Batch['scores'];
  return {
    ...batch,
    membership,
    labelled,
    scores,
    ...(features ? { features: { ...features, matrices: numbers } } : {}),
  };
}

/** Arrays of one type, copied one after the other into one memory; each keeps its strides. */
function stacked(arrays: readonly NdArray[]): NdArray[] {
  const Numbers = arrays[0]?.data.constructor as Float64ArrayConstructor;
  const memory = new Numbers(arrays.reduce((sum, { data }) => sum + data.length, 0));
  let begin = 0;
  return arrays.map(({ data, shape, stride, offset }) => {
    memory.set(data as Float64Array, begin);
    const own = ndarray(memory, [...shape], [...stride], begin + offset);
    begin += data.length;
    return own;
  });
}
