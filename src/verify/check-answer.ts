/**
 * Checks the shapes of a backend's answers, so that a wrong one is reported by the contract's names.
 *
 * @module
 */
import { shown } from '../../spec/errors.js';
import type { Stage } from '../../spec/index.js';

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const SELECTION: Shape = { profile: isListOf(isList), minority: isListOf(isList) };
const LOSS: Shape = { loss: isNumber };
const SHAPES: Record<Stage, Shape> = {
  selectMinority: SELECTION,
  mineHardSamples: {
    anchors: (value) => isListOf(hasSamples)(value),
  },
  formTriplets: {},
  rectificationLoss: LOSS,
  balancedLoss: {
    ...LOSS,
    rectification: isNumber,
    crossEntropy: isNumber,
    statistics: (value) => isObject(value) && whatMisfits(SELECTION, value) === undefined,
  },
};

/**
 * The answer of a stage, checked for the shape that the contract demands.
 *
 * @param gradient - whether the backend computes gradients
 * @throws TypeError - if it has another shape
 */
export function checkAnswer<T>(stage: Stage, answer: T, gradient: boolean): T {
  const shape =
    stage.endsWith('Loss') && gradient ? { ...SHAPES[stage], gradient: isNdArray } : SHAPES[stage];
  const whole = stage === 'formTriplets' ? 'an ndarray of |T|×5' : `{ ${Object.keys(shape).join(', ')} }`;
  if (stage === 'formTriplets' ? !isNdArray(answer) : !isObject(answer))
    throw new TypeError(`${stage}: expected ${whole}, got ${shown(answer)}`);
  const key = whatMisfits(shape, answer as object);
  if (key === undefined) return answer;
  const value = (answer as Record<string, unknown>)[key];
  throw new TypeError(`${stage}: expected ${whole} as in spec/contract.ts, got ${key}: ${shown(value)}`);
}

/** The first entry of another type. */
function whatMisfits(shape: Shape, value: object): string | undefined {
  return Object.keys(shape).find((key) => !shape[key]?.((value as Record<string, unknown>)[key]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

/** An array, or a typed array. */
function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isListOf(isEntry: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => isList(value) && value.every(isEntry);
}

/** An anchor has its positives and negatives as lists. */
function hasSamples(value: unknown): boolean {
  const { positives, negatives } = (value ?? {}) as { positives?: unknown; negatives?: unknown };
  return isList(positives) && isList(negatives);
}

function isNdArray(value: unknown): boolean {
  const { shape, get } = (value ?? {}) as { shape?: unknown; get?: unknown };
  return isList(shape) && typeof get === 'function';
}
