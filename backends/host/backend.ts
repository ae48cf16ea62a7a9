/**
 * The host backend behind the contract, whose results are ndarrays: for the suite. What trains takes
 * `hostLoss`, which needs none.
 *
 * @module
 */
import ndarray from 'ndarray';
import {
  ANCHORS,
  type Anchor,
  type Backend,
  type Batch,
  type Capabilities,
  COMPARISONS,
  ENCODINGS,
  featuresOf,
  type HardSamples,
  LEVELS,
  type MinoritySelection,
  type Options,
  requireFeatures,
  requireProbabilities,
  requireScores,
} from '../../spec/index.js';
import type { HardestLists } from './arrays/hardest-lists.js';
import { visitAnchors } from './batch/anchors.js';
import type { FeatureMatrix } from './batch/feature-matrix.js';
import { type FlatSchema, flattenSchema } from './batch/flat-schema.js';
import {
  countClasses,
  createSelection,
  type Selection,
  selectMinorityClasses,
  setMinorityClasses,
} from './batch/selection.js';
import { type FlatBatch, HostKernel } from './kernel.js';

/** Options of {@link hostBackend}. */
export interface HostBackendOptions {
  /**
   * The precision of the scores that the kernel is given. Default `float64`. For `float32` it has other code, which
   * `classRectificationLoss` trains with on `cpu`, `wasm` and `tensorflow`.
   */
  readonly precision?: Precision;
}

type Precision = Capabilities['precision'];

/**
 * The host backend. It declares the two stages that form and compare triplets as missing, since its loss
 * never forms a triplet.
 *
 * @example
 * ```ts
 * import { hostBackend } from 'class-rectification/backends/host/backend';
 * Object.keys(hostBackend().supports.missing ?? {}); // → ['formTriplets', 'rectificationLoss']
 * ```
 */
export function hostBackend({ precision = 'float64' }: HostBackendOptions = {}): Backend {
  const fused = 'fused into balancedLoss: no triplet is ever formed';
  return {
    name: 'host',
    supports: {
      encodings: ENCODINGS,
      levels: LEVELS,
      comparisons: COMPARISONS,
      anchors: ANCHORS,
      gradient: true,
      precision,
      execution: 'sync',
      missing: { formTriplets: fused, rectificationLoss: fused },
    },
    selectMinority(batch, options) {
      const schema = flattenSchema(batch); // a whole kernel has much that this stage does not use
      const selection = countedSelection({ schema, selection: createSelection(schema) }, batch);
      selectMinorityClasses(schema, options.rho, selection);
      return plainSelection({ schema, selection });
    },
    mineHardSamples: (...given) => mineHardSamples(precision, ...given),
    balancedLoss(batch, options) {
      requireScores(batch);
      if (options.level === 'instance') requireFeatures(batch);
      const kernel = new HostKernel(batch, options);
      const found = kernel.balanced(flatten(kernel.schema, batch, precision));
      if (!found) throw new Error('the host kernel refused a batch that the specification accepts');
      const { gradient, featureGradient, ...parts } = found;
      return {
        ...parts,
        gradient: ndarray(gradient, [batch.size, batch.scoreWidth]),
        ...(featureGradient ? { featureGradient: ndarray(featureGradient, featureShape(batch)) } : {}),
        statistics: {
          ...plainSelection(kernel),
          anchors: kernel.selection.anchors,
          triplets: kernel.triplets,
        },
      };
    },
  };
}

export default hostBackend;

/** A kernel for a stage before the last, which does not read α. */
function kernelOf(batch: Batch, options: Options): HostKernel {
  return new HostKernel(batch, { ...options, alpha: 1 });
}

/** The parts of a kernel that count classes. */
type Counted = Pick<HostKernel, 'schema' | 'selection'>;

/** A selection, with the classes of a batch counted. */
function countedSelection({ schema, selection }: Counted, batch: Batch): Selection {
  countClasses(schema, flatLabels(schema, batch), batch.size, selection);
  return selection;
}

function mineHardSamples(
  precision: Precision,
  batch: Batch,
  { minority }: MinoritySelection,
  options: Options,
): HardSamples {
  if (options.level === 'class' || options.anchors === 'easy') requireProbabilities(batch);
  const kernel = kernelOf(batch, options);
  const { schema, miner, selection, easy } = kernel;
  const { labels, scores } = flatten(schema, batch, precision);
  setMinorityClasses(schema, minority, countedSelection(kernel, batch));
  const anchors: Anchor[][] = Array.from({ length: selection.minorityCount }, () => []);
  const add = (sample: number, minorityIndex: number, positives: number[], negatives: number[]) => {
    const column = selection.column[minorityIndex];
    const attribute = schema.attributeOf[column];
    anchors[minorityIndex].push({ sample, attribute, class: schema.classOf[column], positives, negatives });
  };
  if (options.level === 'class' && scores) {
    miner.mine(labels, scores, selection, options.kappa);
    easy?.choose(labels, scores, selection);
    const addAnchor = (i: number, minorityIndex: number) => {
      const others = rowsOf(miner.positives, minorityIndex).filter((row) => row !== i); // ruling: anchor excluded
      add(i, minorityIndex, others.slice(0, options.kappa), rowsOf(miner.negatives, minorityIndex));
    };
    visitAnchors(schema, labels, selection, addAnchor, easy);
  } else {
    if (scores) easy?.choose(labels, scores, selection);
    const mined = { labels, selection, triplets: 0, ...flatFeatures(batch), easy };
    kernel.instanceLevel.visit(mined, undefined, ({ sample, minorityIndex, positives, negatives }) => {
      add(sample, minorityIndex, rowsOf(positives, 0), rowsOf(negatives, 0));
    });
  }
  return { anchors: anchors.flat() };
}

/** The samples of list t, hardest first. */
function rowsOf({ row, start, count }: HardestLists, t: number): number[] {
  return Array.from(row.subarray(start[t], start[t] + count[t]));
}

/** The kernel's selection as the specification writes it. */
function plainSelection({ schema, selection }: Counted): MinoritySelection {
  const profile = schema.source.attributes.map(({ columns }) => columns.map((c) => selection.profile[c]));
  const minority: number[][] = profile.map(() => []);
  for (const c of selection.column.subarray(0, selection.minorityCount)) {
    minority[schema.attributeOf[c]].push(schema.classOf[c]);
  }
  return { profile, minority };
}

function featureShape(batch: Batch): number[] {
  const { perAttribute, width } = requireFeatures(batch);
  return perAttribute ? [batch.attributes.length, batch.size, width] : [batch.size, width];
}

/** A batch of the specification in flat arrays, with its scores in a precision. */
function flatten(schema: FlatSchema, batch: Batch, precision: Precision): FlatBatch {
  const { data: doubles, offset, stride } = batch.scores;
  const data = precision === 'float32' ? Float32Array.from(doubles) : doubles;
  const [rowStride, columnStride] = stride;
  return {
    size: batch.size,
    labels: flatLabels(schema, batch),
    ...(batch.scored ? { scores: { data, offset, rowStride, columnStride } } : {}),
    ...(batch.features ? { features: flatFeatures(batch) } : {}),
  };
}

/** The labels that a batch's membership matrix was made from. */
function flatLabels({ encoding, labelWidth, first, columns, classOf }: FlatSchema, batch: Batch): Int32Array {
  const { size, membership } = batch;
  const labels = new Int32Array(size * labelWidth);
  if (encoding === 'one-attribute') {
    for (let i = 0; i < size; i++) {
      for (let c = 0; c < columns; c++) labels[i * labelWidth + c] = membership.get(i, c);
    }
    return labels;
  }
  labels.fill(-1); // a sample that is a member of no class is unlabelled
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < labelWidth; j++) {
      for (let c = first[j]; c < first[j + 1]; c++) {
        if (membership.get(i, c) === 1) labels[i * labelWidth + j] = classOf[c];
      }
    }
  }
  return labels;
}

/** @throws InputTypeError - if the batch has no features */
function flatFeatures(batch: Batch): { width: number; matrices: FeatureMatrix[] } {
  const { width, perAttribute, matrices } = requireFeatures(batch);
  return { width, matrices: matrices.map((_, j) => flatMatrix(batch, perAttribute ? j : 0)) };
}

/** A feature matrix row by row: its own array if it is laid out so, else a copy. */
function flatMatrix(batch: Batch, attribute: number): FeatureMatrix {
  const matrix = featuresOf(batch, attribute);
  const [n, d] = matrix.shape;
  const [rowStride, columnStride] = matrix.stride;
  if (matrix.offset === 0 && rowStride === d && columnStride === 1) return matrix.data.subarray(0, n * d);
  const flat = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < d; t++) flat[i * d + t] = matrix.get(i, t);
  }
  return flat;
}
