/**
 * Losses, in a config. Their options are judged by those who have them, one at a time.
 *
 * @module
 */

import {
  createSchema,
  imbalance,
  type OptionsInput,
  rectificationWeight,
  resolveOptions,
} from '../../../spec/index.js';
import { LEVELS, readAlpha } from '../../../spec/rules.js';
import { classBalancedLoss, focalLoss, ldamLoss, logitAdjustedLoss } from '../../rivals/index.js';
import { byKind, choice, type Field, number, optional, ruledBy, text } from './fields.js';

const SCHEMA = createSchema({ attributes: [2] });
const COUNTS = [1, 1]; // any will do: only the option is judged

function crlOption<K extends keyof OptionsInput>(name: K): Field<OptionsInput[K] | undefined> {
  return optional(ruledBy((value) => resolveOptions(SCHEMA, { [name]: value })));
}

export const lossField = byKind({
  crl: {
    level: optional(choice(...LEVELS), 'class'),
    /** At instance level: the layer whose output, n×d, is compared. Default: what the last layer takes. */
    features: optional(text),
    comparison: crlOption('comparison'),
    rho: crlOption('rho'),
    kappa: crlOption('kappa'),
    margin: crlOption('margin'),
    bins: crlOption('bins'),
    range: crlOption('range'),
    alpha: optional(ruledBy<number>((value) => readAlpha(value))),
    eta: optional(ruledBy<number>((value) => rectificationWeight(0, value))),
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
  'logit-adjusted': { tau: optional(ruledBy<number>((tau) => logitAdjustedLoss({ counts: COUNTS, tau }))) },
  ldam: {
    maxMargin: optional(ruledBy<number>((maxMargin) => ldamLoss({ counts: COUNTS, maxMargin }))),
    scale: optional(ruledBy<number>((scale) => ldamLoss({ counts: COUNTS, scale }))),
    beta: optional(ruledBy<number>((beta) => ldamLoss({ counts: COUNTS, beta }))),
    /** The share of epochs after which it weighs samples; without it never. */
    reweightFrom: optional(number('a share in [0, 1]', (x) => x >= 0 && x <= 1)),
  },
});

/** A loss and its options. */
export type LossConfig = ReturnType<typeof lossField>;

/** The names of all losses. */
export const LOSS_NAMES: readonly LossConfig['kind'][] = [
  'crl',
  'ce',
  'weighted',
  'focal',
  'class-balanced',
  'logit-adjusted',
  'ldam',
];
