/**
 * The host backend behind the contract, whose results are ndarrays: for the suite. What trains takes
 * `hostLoss`, which needs none.
 *
 * @module
 */
import ndarray from 'ndarray';
import {
  type Anchor,
  type Backend,
  type BalancedOptions,
  type Batch,
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
import type { Candidates } from './arrays/hardest-lists.js';
import { visitAnchors } from './batch/anchors.js';
import type { FeatureMatrix } from './batch/feature-matrix.js';
import type { Plan } from './batch/flat-schema.js';
import { adoptTasks, countClasses, type Selection, selectTasks } from './batch/selection.js';
import { type FlatBatch, Kernel } from './kernel.js';

/**
 * The host backend. It has no triplets to be asked for: its loss never forms one.
 *
 * @example
 * ```ts
 * import { hostBackend } from 'class-rectification/backends/host/backend';
 * Object.keys(hostBackend().supports.missing ?? {}); // → ['formTriplets', 'rectificationLoss']
 * ```
 */
export function hostBackend(): Backend {
  const fused = 'fused into balancedLoss: no triplet is ever formed';
  return {
    name: 'host',
    supports: {
      encodings: ENCODINGS,
      levels: LEVELS,
      comparisons: COMPARISONS,
      gradient: true,
      precision: 'float64',
      execution: 'sync',
      missing: { formTriplets: fused, rectificationLoss: fused },
    },
    selectMinority(batch, options) {
      const kernel = kernelOf(batch, options);
      selectTasks(kernel.plan, options.rho, counted(kernel, batch));
      return plainSelection(kernel);
    },
    mineHardSamples,
    balancedLoss(batch, options) {
      requireScores(batch);
      if (options.level === 'instance') requireFeatures(batch);
      const kernel = new Kernel(batch, options);
      const found = kernel.balanced(flatten(kernel.plan, batch));
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

function kernelOf(batch: Batch, options: Options): Kernel {
  const whole: BalancedOptions = { ...options, alpha: 1 };
  return new Kernel(batch, whole);
}

function counted({ plan, selection }: Kernel, batch: Batch): Selection {
  countClasses(plan, flatLabels(plan, batch), batch.size, selection);
  return selection;
}

function mineHardSamples(batch: Batch, { minority }: MinoritySelection, options: Options): HardSamples {
  if (options.level === 'class') requireProbabilities(batch);
  const kernel = kernelOf(batch, options);
  const { plan, miner, selection } = kernel;
  const { labels, scores, features } = flatten(plan, batch);
  adoptTasks(plan, minority, counted(kernel, batch));
  const found: Anchor[][] = Array.from({ length: selection.tasks }, () => []);
  const add = (sample: number, t: number, positives: number[], negatives: number[]) => {
    const column = selection.column[t] as number;
    const attribute = plan.attributeOf[column] as number;
    found[t]?.push({ sample, attribute, class: plan.classOf[column] as number, positives, negatives });
  };
  if (options.level === 'class' && scores) {
    miner.mine(labels, scores, selection, options.kappa);
    visitAnchors(plan, labels, selection, (i, t) => {
      const companions = rowsOf(miner.positives, t).filter((row) => row !== i); // ruling: anchor excluded
      add(i, t, companions.slice(0, options.kappa), rowsOf(miner.negatives, t));
    });
  } else {
    const { width, matrices } = features ?? requireFeatures(batch);
    const embedded = {
      labels,
      selection,
      triplets: 0,
      matrices: matrices as readonly FeatureMatrix[],
      width,
    };
    kernel.instanceLevel.visit(embedded, undefined, ({ sample, task, positives, negatives }) => {
      add(sample, task, rowsOf(positives, 0), rowsOf(negatives, 0));
    });
  }
  return { anchors: found.flat() };
}

function rowsOf({ row, start, count }: Candidates, task: number): number[] {
  const from = start[task] as number;
  return Array.from(row.subarray(from, from + (count[task] as number)));
}

function plainSelection({ plan, selection }: Kernel): MinoritySelection {
  const profile = plan.schema.attributes.map(({ columns }) =>
    columns.map((c) => selection.profile[c] as number),
  );
  const minority: number[][] = profile.map(() => []);
  for (let t = 0; t < selection.tasks; t++) {
    const c = selection.column[t] as number;
    minority[plan.attributeOf[c] as number]?.push(plan.classOf[c] as number);
  }
  return { profile, minority };
}

function featureShape(batch: Batch): number[] {
  const { perAttribute, width } = requireFeatures(batch);
  return perAttribute ? [batch.attributes.length, batch.size, width] : [batch.size, width];
}

function flatten(plan: Plan, batch: Batch): FlatBatch {
  const { data, offset, stride } = batch.scores;
  const [rowStride, columnStride] = stride as [number, number];
  const { features } = batch;
  return {
    size: batch.size,
    labels: flatLabels(plan, batch),
    ...(batch.scored ? { scores: { data, offset, rowStride, columnStride } } : {}),
    ...(features
      ? {
          features: {
            width: features.width,
            matrices: features.matrices.map((_, j) => flatMatrix(batch, features.perAttribute ? j : 0)),
          },
        }
      : {}),
  };
}

/** The membership matrix as the labels it was made of. */
function flatLabels({ encoding, labelWidth, first, columns, classOf }: Plan, batch: Batch): Int32Array {
  const { size, membership } = batch;
  const labels = new Int32Array(size * labelWidth);
  if (encoding === 'one-attribute') {
    for (let i = 0; i < size; i++) {
      for (let c = 0; c < columns; c++) labels[i * labelWidth + c] = membership.get(i, c);
    }
    return labels;
  }
  labels.fill(-1); // and so it stays where a sample is of no class
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < labelWidth; j++) {
      for (let c = first[j] as number; c < (first[j + 1] as number); c++) {
        if (membership.get(i, c) === 1) labels[i * labelWidth + j] = classOf[c] as number;
      }
    }
  }
  return labels;
}

/** A feature matrix row by row: as it is if it lies so, else copied. */
function flatMatrix(batch: Batch, attribute: number): FeatureMatrix {
  const matrix = featuresOf(batch, attribute);
  const [n, d] = matrix.shape as [number, number];
  const [rowStride, columnStride] = matrix.stride as [number, number];
  if (matrix.offset === 0 && rowStride === d && columnStride === 1) return matrix.data.subarray(0, n * d);
  const flat = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < d; t++) flat[i * d + t] = matrix.get(i, t);
  }
  return flat;
}
