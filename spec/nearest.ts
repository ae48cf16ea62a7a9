/**
 * Names that resemble one that is not known: what an error suggests.
 *
 * @module
 */

/** Suggestions of an error, at most. */
const MOST = 3;

/**
 * The known names nearest to one that is not known, the nearest first: those that differ in at most a third
 * of their letters, or contain the name.
 *
 * `fromLogit` among `labels`, `scores` and `fromLogits` gives `fromLogits`.
 */
export function nearest(name: string, known: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  return known
    .map((candidate) => ({ candidate, edits: edits(wanted, candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => {
      const isPart = wanted.length > 2 && candidate.toLowerCase().includes(wanted);
      return isPart || edits <= Math.max(name.length, candidate.length) / 3;
    })
    .sort((a, b) => a.edits - b.edits)
    .slice(0, MOST)
    .map(({ candidate }) => candidate);
}

/**
 * Damerau's distance: how many letters have to be added, removed or changed, or swapped with their neighbours.
 */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  let above = row;
  for (let i = 1; i <= a.length; i++) {
    const twoAbove = above;
    above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]; // never of a first letter, which has none before it
      const swapped = isSwap ? (twoAbove[j - 2] as number) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(changed, swapped, (above[j] as number) + 1, (row[j - 1] as number) + 1));
    }
  }
  return row[b.length] as number;
}
