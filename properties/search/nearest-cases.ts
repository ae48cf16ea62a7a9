/**
 * The cases that came nearest to the limit of a tolerance, and which of them to change next.
 *
 * @module
 */

/** A case by its path, and the share of its tolerance that it used. */
export interface NearCase {
  /** Such as `17`, or `17+0+5` for case 17 that was changed twice. */
  readonly path: string;
  readonly share: number;
}

/** Cases that are kept: several, so that one of them which leads nowhere does not take the whole search. */
const KEPT = 5;

/** Keeps the cases that used most of their tolerance. */
export class NearestCases {
  #nearest: NearCase[] = [];

  /** Notes a case; one that compared no number, or was exact, is nowhere near a limit. */
  note(path: string, share: number | undefined): void {
    if (share === undefined || !(share > 0)) return;
    const last = this.#nearest[KEPT - 1];
    if (last !== undefined && share <= last.share) return;
    this.#nearest = [...this.#nearest, { path, share }].sort((a, b) => b.share - a.share).slice(0, KEPT);
  }

  /** The path of the case that the search changes at a step: each of those kept in turn. */
  at(step: number): string | undefined {
    return this.#nearest[step % this.#nearest.length]?.path;
  }
}
