/**
 * The page of reports that is shown to others.
 *
 * @module
 */
import type { Report } from '../../../properties/index.js';
import { reportPage } from './report-page.js';
import { withoutPlaces } from './without-places.js';

/**
 * The page of some reports, without absolute paths.
 *
 * @returns a whole HTML document
 * @example
 * ```ts
 * import { reportHtml, verify } from 'class-rectification/verify';
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * const report = await verify(referenceBackend, { seed: 1, runs: 5, only: ['minority-agrees'] });
 * reportHtml([report]).includes('<title>Passed: reference</title>'); // → true
 * ```
 */
export function reportHtml(reports: readonly Report[]): string {
  return reportPage(withoutPlaces(reports));
}
