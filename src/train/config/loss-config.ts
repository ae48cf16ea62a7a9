/**
 * Losses, in a config. Their options are checked by the losses that have them, one at a time.
 *
 * @module
 */

import {
  createSchema,
  imbalance,
  LEVELS,
  type OptionsInput,
  readAlpha,
  rectificationWeight,
  resolveOptions,
} from '../../../spec/rules.js';
import { alphaAt } from '../../loss/alpha-schedule.js';
import { classBalancedLoss, focalLoss, ldamLoss, logitAdjustedLoss } from '../../rivals/index.js';
import {
  byKind,
  choice,
  type Field,
  flag,
  number,
  numberOr,
  object,
  optional,
  ruledBy,
  text,
} from './fields.js';

const SCHEMA = createSchema({ attributes: [2] });
const COUNTS = [1, 1]; // any will do: only the option is checked

function crlOption<K extends keyof OptionsInput>(name: K): Field<OptionsInput[K] | undefined> {
  return optional(ruledBy((value) => resolveOptions(SCHEMA, { [name]: value })));
}

const tau = optional(ruledBy<number>((value) => logitAdjustedLoss({ counts: COUNTS, tau: value })));

const alpha = ruledBy<number>((value) => readAlpha(value));
const epochsOfAlpha = number('epochs > 0', (x) => x > 0);

/** α as a straight line over epochs. */
const alphaLine = object({ from: alpha, to: alpha, epochs: epochsOfAlpha });

/** α by a schedule with a name. */
const namedSchedule = byKind({
  dcl: {
    /** L, over which its cosine is spread. Default: the epochs of the run after its warm-up. */
    epochs: optional(epochsOfAlpha),
    /** The share of L after which it stays at its floor. */
    until: optional(ruledBy<number>((until) => alphaAt({ kind: 'dcl', steps: 1, until }))),
    /** ε, the least weight of L_crl beside L_ce. */
    floor: optional(ruledBy<number>((floor) => alphaAt({ kind: 'dcl', steps: 1, floor }))),
  },
});

/** α that changes over the epochs. */
type ChangingAlpha = ReturnType<typeof alphaLine> | ReturnType<typeof namedSchedule>;

const changingAlpha: Field<ChangingAlpha> = (value, path, problems) => {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (value === 'dcl' || (isObject && 'kind' in value)) return namedSchedule(value, path, problems);
  if (isObject) return alphaLine(value, path, problems);
  problems.add(path, "a number in [0, 1], a line { from, to, epochs }, or { kind: 'dcl' }", value);
  return undefined as never;
};

/** Losses by name, and the fields of their options. */
const LOSSES = {
  crl: {
    level: optional(choice(...LEVELS), 'class'),
    /** At instance level: the layer whose output, n×d, is compared. Default: what the last layer takes. */
    features: optional(text),
    /** At instance level: whether each sample's features are divided by their Euclidean norm first; those of zeros stay. */
    unitFeatures: optional(flag),
    comparison: crlOption('comparison'),
    anchors: crlOption('anchors'),
    rho: crlOption('rho'),
    kappa: crlOption('kappa'),
    margin: crlOption('margin'),
    bins: crlOption('bins'),
    range: crlOption('range'),
    /**
     * α; or a straight line from one α to another, which begins after the warm-up and takes `epochs`, then α is
     * constant; or the schedule of DCL.
     */
    alpha: optional(numberOr<number, ChangingAlpha>(alpha, changingAlpha)),
    /** Epochs of plain cross entropy before, α 0. */
    warmUp: optional(number('epochs ≥ 0', (x) => x >= 0)),
    eta: optional(ruledBy<number>((value) => rectificationWeight(0, value))),
    /** Logit adjustment of its cross entropy, as of the loss logit-adjusted; not of the paper. Default: none. */
    tau,
    imbalance: optional(
      ruledBy<'shortfall' | 'transport' | 'ratio' | number>((value) => imbalance([COUNTS], value)),
    ),
  },
  ce: {},
  weighted: {},
  focal: { gamma: optional(ruledBy<number>((gamma) => focalLoss({ gamma }))) },
  'class-balanced': {
    beta: optional(ruledBy<number>((beta) => classBalancedLoss({ counts: COUNTS, beta }))),
    gamma: optional(ruledBy<number>((gamma) => classBalancedLoss({ counts: COUNTS, gamma }))),
  },
  'logit-adjusted': { tau },
  ldam: {
    maxMargin: optional(ruledBy<number>((maxMargin) => ldamLoss({ counts: COUNTS, maxMargin }))),
    scale: optional(ruledBy<number>((scale) => ldamLoss({ counts: COUNTS, scale }))),
    beta: optional(ruledBy<number>((beta) => ldamLoss({ counts: COUNTS, beta }))),
    /** The share of epochs after which it weighs samples; without it, it never does. */
    reweightFrom: optional(number('a share in [0, 1]', (x) => x >= 0 && x <= 1)),
  },
};

export const lossField = byKind(LOSSES);

/** A loss and its options. */
export type LossConfig = ReturnType<typeof lossField>;

/** The names of all losses. */
export const LOSS_NAMES = Object.keys(LOSSES) as readonly LossConfig['kind'][];

/** The names of a loss's options; none of a loss that there is not. */
export function lossOptions(kind: unknown): readonly string[] {
  const losses: Readonly<Record<string, object>> = LOSSES;
  return typeof kind === 'string' && Object.hasOwn(losses, kind) ? Object.keys(losses[kind] ?? {}) : [];
}
