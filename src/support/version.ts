/**
 * The version of this package, and where its site is published.
 *
 * @module
 */

/** As in package.json, which a browser cannot read; a test compares the two. */
export const VERSION = '0.1.0';

/** As in package.json. A host that ends in `.example` is a placeholder: the site is not published yet. */
export const HOMEPAGE = 'https://class-rectification.example/';
