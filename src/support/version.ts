/**
 * The version of this package.
 *
 * @module
 */

/** As in package.json, which a browser cannot read; a test compares the two. */
export const VERSION = '0.1.0';
