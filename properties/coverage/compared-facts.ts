/**
 * What is found among the distances that a case compares.
 *
 * @module
 */
import { histogramPlace, pairDistance } from '../../spec/index.js';
import type { Walk } from '../walk.js';
import { FAR } from './input-facts.js';

/** What is found among the distances that are compared. */
export type ComparedFact =
  | 'no-triplets'
  | 'positives-alone'
  | 'two-attributes-compared'
  | 'active'
  | 'inactive'
  | 'at-the-kink'
  | 'order-decides'
  | 'signed'
  | 'equal-scores'
  | 'equal-features'
  | 'far-apart'
  | 'at-a-node'
  | 'at-lo'
  | 'at-hi'
  | 'below-lo'
  | 'above-hi';

export function comparedFacts({ batch, options, hard }: Walk): ReadonlySet<ComparedFact> {
  const found = new Set<ComparedFact>();
  const attributes = new Set<number>();
  let [triplets, positivePairs, negativePairs] = [0, 0, 0];
  const hinges = new Hinges();
  for (const { sample, attribute, class: k, positives, negatives } of hard.anchors) {
    const margin = options.margin[attribute] as number;
    const distances = (others: readonly number[], side: 'positive' | 'negative') =>
      others.map((other) =>
        pairDistance(batch, options, { anchor: sample, other, attribute, class: k }, side),
      );
    const toPositives = distances(positives, 'positive');
    const toNegatives = distances(negatives, 'negative');
    triplets += positives.length * negatives.length;
    positivePairs += positives.length;
    negativePairs += negatives.length;
    if (positives.length + negatives.length > 0) attributes.add(attribute);
    if (toNegatives.some((d) => d < 0)) found.add('signed');
    if (toPositives.includes(0)) found.add(options.level === 'class' ? 'equal-scores' : 'equal-features');
    if (options.level === 'instance' && toNegatives.includes(0)) found.add('equal-features');
    if (toPositives.some((d) => d > FAR)) found.add('far-apart');
    if (options.comparison === 'relative') hinges.compare(margin, toPositives, toNegatives);
    else if (options.comparison === 'absolute') for (const n of toNegatives) hinges.at(margin - n);
    else {
      for (const d of toPositives) nodeAt(found, d, options);
      for (const d of toNegatives) nodeAt(found, d, options);
    }
  }
  hinges.tell(found);
  if (triplets === 0) found.add('no-triplets');
  if (positivePairs > 0 && negativePairs === 0) found.add('positives-alone');
  if (attributes.size > 1) found.add('two-attributes-compared');
  return found;
}

/** On which sides of their kinks the hinges of a case lie. */
class Hinges {
  #active = false;
  #inactive = false;
  #atKink = false;
  #orderDecides = false;

  at(argument: number): void {
    if (argument > 0) this.#active = true;
    else if (argument === 0) this.#atKink = true;
    else this.#inactive = true; // NaN among them
  }

  /** The hinges m + d₊ − d₋ of an anchor, and whether m + (d₊ − d₋) lies on another side. */
  compare(margin: number, toPositives: readonly number[], toNegatives: readonly number[]): void {
    if (this.#active && this.#inactive && this.#atKink && this.#orderDecides) return;
    for (const p of toPositives) {
      for (const n of toNegatives) {
        const argument = margin + p - n;
        this.at(argument);
        if (argument > 0 !== margin + (p - n) > 0) this.#orderDecides = true;
      }
    }
  }

  tell(found: Set<ComparedFact>): void {
    if (this.#active) found.add('active');
    if (this.#inactive) found.add('inactive');
    if (this.#atKink) found.add('at-the-kink');
    if (this.#orderDecides) found.add('order-decides');
  }
}

function nodeAt(found: Set<ComparedFact>, d: number, options: Walk['options']): void {
  const [lo, hi] = options.range;
  if (d < lo) found.add('below-lo');
  else if (d > hi) found.add('above-hi');
  else if (d === lo) found.add('at-lo');
  else if (d === hi) found.add('at-hi');
  else if (histogramPlace(d, options).share === 0) found.add('at-a-node');
}
