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
 * Within a share those properties go first that fail often for their cost, and the share that begins with the most
 * telling one goes first: what is wrong with a new backend shows soon.
 *
 * @param runs - cases per property
 */
export function sharesOf(properties: readonly Property[], runs: number): readonly (readonly Property[])[] {
  const costs = new Map(properties.map((property) => [property, costOf(property, runs)]));
  const cost = (property: Property) => costs.get(property) as number;
  const total = properties.reduce((sum, property) => sum + cost(property), 0);
  const most = Math.min(MOST_SHARES, properties.length);
  const count = Math.max(1, Math.min(most, Math.round(total / COST_OF_SHARE)));
  const shares = Array.from({ length: count }, () => ({ cost: 0, properties: [] as Property[] }));
  // the dearest first, each to the share that has the least so far
  for (const property of [...properties].sort((a, b) => cost(b) - cost(a))) {
    const least = shares.reduce((a, b) => (b.cost < a.cost ? b : a));
    least.properties.push(property);
    least.cost += cost(property);
  }
  const rank = (property: Property) => (CAUGHT[property.id] ?? 0) / cost(property);
  const ordered = shares.map((share) =>
    properties.filter((property) => share.properties.includes(property)).sort((a, b) => rank(b) - rank(a)),
  );
  const rankOf = ([first]: readonly Property[]) => (first ? rank(first) : 0);
  return ordered.sort((a, b) => rankOf(b) - rankOf(a));
}
