/**
 * Batches drawn by class.
 *
 * @module
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { shuffled } from '../../properties/cases/shuffle.js';
import { described, outOfRange, refuseUnknownFields, wrongType } from '../../spec/errors.js';
import { readOption } from './read-option.js';

/** What {@link classAwareBatches} takes. */
export interface ClassAwareOptions {
  /** Samples in a batch, at least `perClass`. */
  readonly batchSize: number;
  /** `class` (default): all classes are drawn equally often; `sample`: in proportion to their samples. */
  readonly by?: 'class' | 'sample';
  /**
   * m ≥ 1: the least number of samples taken of a class each time it is drawn, all different if the class has
   * m. Default 1. CRL needs two samples of a class in a batch.
   */
  readonly perClass?: number;
  /** A 32-bit integer; the same seed gives the same batches. Default 0. */
  readonly seed?: number;
}

const OPTIONS = ['batchSize', 'by', 'perClass', 'seed'];

/**
 * An endless sequence of batches of sample indices, by class-aware sampling (Shen, Lin, Huang: *Relay
 * Backpropagation for Effective Learning of Deep Convolutional Neural Networks*, ECCV 2016): a shuffled
 * list of classes, and for each class a shuffled list of its samples, each shuffled again when used up.
 *
 * @param labels - class indices of the whole training set; −1 (unlabelled) is never drawn. If samples have
 * several labels, one list of labels per sample, which may be drawn for each of them; a sample with an empty
 * list is never drawn
 * @throws InputTypeError, InputRangeError - when it is called, not with the first batch
 * @example
 * ```ts
 * import { classAwareBatches } from 'class-rectification/rivals';
 * const labels = [0, 0, 0, 0, 0, 0, 1, 1];
 * const [batch] = classAwareBatches(labels, { batchSize: 4, perClass: 2 });
 * batch.map((i) => labels[i]).sort(); // → [0, 0, 1, 1]
 * ```
 */
export function classAwareBatches(
  labels: ArrayLike<number> | ArrayLike<readonly number[]>,
  options: ClassAwareOptions,
): Generator<number[], never, void> {
  if (typeof options !== 'object' || options === null)
    wrongType('wrong-type', 'options', `an object with ${OPTIONS.join(', ')}`, options);
  refuseUnknownFields(options, OPTIONS);
  const { batchSize, by = 'class', perClass = 1, seed = 0 } = options;
  const whole = (low: number) => (x: number) => Number.isSafeInteger(x) && x >= low;
  readOption('perClass', perClass, 'an integer ≥ 1', whole(1));
  readOption('batchSize', batchSize, `an integer ≥ perClass, ${perClass}`, whole(perClass));
  readOption('seed', seed, 'a 32-bit integer', (x) => x === (x | 0));
  if (by !== 'class' && by !== 'sample')
    outOfRange('option-out-of-range', 'options.by', 'class | sample', by);
  return draw(samplesByClass(labels), { batchSize, by, perClass, seed });
}

function* draw(
  samples: ReadonlyMap<number, readonly number[]>,
  { batchSize, by, perClass, seed }: Required<ClassAwareOptions>,
): Generator<number[], never, void> {
  const random = xoroshiro128plus(seed);
  const shuffle = <T>(items: readonly T[]) => shuffled(items, uniformInt(random, -(2 ** 31), 2 ** 31 - 1));
  const bySample = [...samples].flatMap(([k, own]) => own.map(() => k));
  const classes = deck(by === 'class' ? [...samples.keys()] : bySample, shuffle);
  const decks = new Map([...samples].map(([k, own]) => [k, deck(own, shuffle)]));
  const draws = Math.floor(batchSize / perClass);
  for (;;) {
    yield Array.from({ length: draws }, (_, at) => {
      const [k] = classes(1) as [number];
      const spare = at < batchSize - draws * perClass ? 1 : 0; // what is left over goes to the first draws
      return (decks.get(k) as Deck<number>)(perClass + spare);
    }).flat();
  }
}

type Deck<T> = (count: number) => T[];

/** Deals from a shuffled list, shuffled again when used up. No deal holds an item twice, if there are enough. */
function deck<T>(items: readonly T[], shuffle: (items: readonly T[]) => T[]): Deck<T> {
  let left: T[] = [];
  return (count) => {
    const dealt: T[] = [];
    while (dealt.length < count) {
      if (left.length === 0) {
        const round = dealt.length % items.length; // dealt since every item had been dealt equally often
        const late = new Set(round === 0 ? [] : dealt.slice(-round));
        const next = shuffle(items);
        left = [...next.filter((item) => late.has(item)), ...next.filter((item) => !late.has(item))];
      }
      dealt.push(left.pop() as T);
    }
    return dealt;
  };
}

function samplesByClass(labels: ArrayLike<number> | ArrayLike<readonly number[]>): Map<number, number[]> {
  const found = new Map<number, number[]>();
  const enter = (k: unknown, i: number, where: string): void => {
    const expected = 'a class index ≥ 0, or -1 (unlabelled)';
    if (typeof k !== 'number') wrongType('wrong-type', where, expected, k);
    if (!Number.isInteger(k) || k < -1) outOfRange('label-out-of-range', where, expected, k);
    if (k < 0) return;
    if (!found.has(k)) found.set(k, []);
    (found.get(k) as number[]).push(i);
  };
  for (let i = 0; i < labels.length; i++) {
    const own = labels[i];
    if (Array.isArray(own)) for (const [at, k] of own.entries()) enter(k, i, `labels[${i}][${at}]`);
    else enter(own, i, `labels[${i}]`);
  }
  if (found.size === 0)
    outOfRange('empty-batch', 'labels', 'at least one labelled sample', described('none'));
  return found;
}
