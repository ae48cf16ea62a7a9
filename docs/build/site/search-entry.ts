/**
 * What the search of the site finds: written when the site is built, read in the browser.
 *
 * @module
 */

/** A place that can be found. */
export interface SearchEntry {
  /** Below the site, with its anchor. */
  readonly url: string;
  readonly title: string;
  /** The page or the kind of page it is on. */
  readonly page: string;
  /** The part of the site: guides count more than sources. */
  readonly area: string;
  readonly text: string;
}
