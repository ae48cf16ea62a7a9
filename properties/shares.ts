/**
 * Cuts a run of the suite into shares, each of which a process of its own judges.
 *
 * @module
 */
import { CAUGHT, COSTS, USUAL_COST } from './costs.js';
import { DEFAULT_RUNS, type Property } from './property.js';

/**
 * What a share costs, as near as the properties allow: a quarter of a default run. Each share starts a process,
 * which loads and compiles all that it needs anew, so that more shares would take longer where there are few cores.
 */
const COST_OF_SHARE = 250;
/** More shares are not made, however many cases are asked for: each starts a process. */
const MOST_SHARES = 16;

/** What a property costs, in thousandths of a default run of the whole suite. */
export function costOf({ id, runs: casesOf = (asked) => asked }: Property, runs: number): number {
  return ((COSTS[id] ?? USUAL_COST) * casesOf(runs)) / casesOf(DEFAULT_RUNS);
}

/**
 * The shares of a run, of about equal cost. They depend on the properties and the number of cases alone, never on
 * the machine: a backend that keeps state between calls gets the same calls wherever it is judged.
 *
 * What is wrong with a new backend shows soon. The first share begins with one property of each stage, the one that
 * catches the most wrong backends for its cost: a fault of a single stage fails its own properties only. After these,
 * and in the other shares, the properties that catch more for their cost come first.
 *
 * @param runs - cases per property
 */
export function sharesOf(properties: readonly Property[], runs: number): readonly (readonly Property[])[] {
  const costs = new Map(properties.map((property) => [property, costOf(property, runs)]));
  const cost = (property: Property) => costs.get(property) as number;
  const rank = (property: Property) => (CAUGHT[property.id] ?? 0) / cost(property);
  const byRank = [...properties].sort((a, b) => rank(b) - rank(a));
  const total = properties.reduce((sum, property) => sum + cost(property), 0);
  const most = Math.min(MOST_SHARES, properties.length);
  const count = Math.max(1, Math.min(most, Math.round(total / COST_OF_SHARE)));
  const first: Share = { cost: 0, properties: [] };
  const shares = [first, ...Array.from({ length: count - 1 }, (): Share => ({ cost: 0, properties: [] }))];
  const add = (share: Share, property: Property) => {
    share.properties.push(property);
    share.cost += cost(property);
  };
  const stages = [...new Set(byRank.map(({ stage }) => stage))];
  const leaders = stages.map((stage) => byRank.find((property) => property.stage === stage) as Property);
  const room = properties.length - (count - 1); // the other shares need a property each
  for (const leader of leaders.slice(0, room))
    if (first.cost + cost(leader) <= total / count) add(first, leader);
  const led = new Set(first.properties);
  // the most expensive first, each to the share that costs least so far
  for (const property of [...properties].filter((each) => !led.has(each)).sort((a, b) => cost(b) - cost(a)))
    add(
      shares.reduce((a, b) => (b.cost < a.cost ? b : a)),
      property,
    );
  const [head = [], ...rest] = shares.map((share) => [
    ...byRank.filter((property) => share.properties.includes(property) && led.has(property)),
    ...byRank.filter((property) => share.properties.includes(property) && !led.has(property)),
  ]);
  const rankOf = ([best]: readonly Property[]) => (best ? rank(best) : 0);
  return [head, ...rest.sort((a, b) => rankOf(b) - rankOf(a))];
}

interface Share {
  cost: number;
  readonly properties: Property[];
}
