/**
 * The largest share of a tolerance that a case used: the error of the number that came nearest to its limit,
 * or past it, in units of what it may be off by.
 *
 * Demands note it, and the judge takes it after each case. Cases of one process run one after the other; where
 * a test runner judges several properties at once, a share may be noted for the wrong one of them, which moves
 * the search for a worse case, and no verdict.
 *
 * @module
 */

let largest: number | undefined;

/** Notes the error of one number, and what it may be off by. */
export function noteShare(error: number, allowance: number): void {
  const share = error === 0 ? 0 : error / allowance; // an error where none is allowed: infinite
  if (largest === undefined || share > largest) largest = share;
}

/** The largest share since this was last called; undefined if no number was compared. */
export function takeShare(): number | undefined {
  const taken = largest;
  largest = undefined;
  return taken;
}
