/**
 * Counts in how many cases of a property each condition held, and each two values of different choices
 * together.
 *
 * @module
 */
import type { Stage } from '../../spec/index.js';
import { affects, type CaseCondition, type Condition } from './condition.js';
import { drawnConditions } from './drawn-conditions.js';
import type { Facts } from './facts.js';
import { foundConditions } from './found-conditions.js';
import { type Way, wayConditions } from './way-conditions.js';

/** Conditions that a case holds: what is drawn, then what is found, each in the order of the walk. */
export const caseConditions: readonly CaseCondition[] = [...drawnConditions, ...foundConditions];

/** All conditions: those that a case holds, then the ways in which properties ask. */
export const conditions: readonly Condition[] = [...caseConditions, ...wayConditions];

/** In how many cases of one property each condition held. Plain data. */
export interface PropertyCoverage {
  /** By the condition's id; one that held for no case is left out. */
  readonly conditions: Readonly<Record<string, number>>;
  /** By the ids of two conditions with ` & ` between them, in the order of {@link conditions}. */
  readonly pairs?: Readonly<Record<string, number>>;
}

/** The name of two conditions together. */
export function pairName(one: Condition, other: Condition): string {
  return `${one.id} & ${other.id}`;
}

/** Counts the conditions that a property of this stage is affected by, and the ways in which it asks. */
export class Tally {
  readonly #asked: readonly CaseCondition[];
  readonly #counts: number[];
  /** How often two conditions were met together: row by row, by the places of both. */
  readonly #pairs: Uint32Array;
  /** The places in {@link #pairs} of those that were met, in the order in which they first were. */
  readonly #pairsMet: number[] = [];
  readonly #ways = new Map<Way, number>();

  constructor(stage: Stage) {
    this.#asked = caseConditions.filter((condition) => affects(condition, stage));
    this.#counts = this.#asked.map(() => 0);
    this.#pairs = new Uint32Array(this.#asked.length ** 2);
  }

  /** Counts a case. @returns the places of the conditions that it met, for {@link addMet} */
  add(facts: Facts): readonly number[] {
    const met: number[] = [];
    for (const [at, { holds }] of this.#asked.entries()) if (holds(facts)) met.push(at);
    this.addMet(met);
    return met;
  }

  /** Counts a case again of which it is known what it meets: a tally of the same stage has told. */
  addMet(met: readonly number[]): void {
    for (const at of met) this.#counts[at] = (this.#counts[at] as number) + 1;
    const drawn = met.filter((at) => this.#asked[at]?.choice !== undefined);
    for (let rank = 0; rank < drawn.length; rank++) {
      const row = (drawn[rank] as number) * this.#asked.length;
      for (let other = rank + 1; other < drawn.length; other++) {
        const key = row + (drawn[other] as number);
        const count = this.#pairs[key] as number;
        if (count === 0) this.#pairsMet.push(key);
        this.#pairs[key] = count + 1;
      }
    }
  }

  /** Counts the ways in which a property asks about a case. */
  addWays(ways: Iterable<Way>): void {
    for (const way of new Set(ways)) this.#ways.set(way, (this.#ways.get(way) ?? 0) + 1);
  }

  /** What was counted. */
  coverage(): PropertyCoverage {
    const at = (place: number) => this.#asked[place] as Condition;
    const met = this.#counts.flatMap((count, place) => (count > 0 ? [[at(place).id, count] as const] : []));
    const width = this.#asked.length;
    const pairs = this.#pairsMet.map(
      (key) => [pairName(at(Math.floor(key / width)), at(key % width)), this.#pairs[key] as number] as const,
    );
    return { conditions: Object.fromEntries([...met, ...this.#ways]), pairs: Object.fromEntries(pairs) };
  }
}

/** The coverage of a property whose cases were judged in several parts. */
export function mergedCoverage(parts: readonly PropertyCoverage[]): PropertyCoverage {
  const sum = (of: (part: PropertyCoverage) => Readonly<Record<string, number>>) => {
    const counts: Record<string, number> = {};
    for (const part of parts)
      for (const [name, count] of Object.entries(of(part))) counts[name] = (counts[name] ?? 0) + count;
    return counts;
  };
  return { conditions: sum(({ conditions: own }) => own), pairs: sum(({ pairs = {} }) => pairs) };
}
