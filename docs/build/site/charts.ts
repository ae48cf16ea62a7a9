/**
 * Charts as part of a page: their ink, lines and ground follow the theme, and their data keep their colours.
 *
 * @module
 */
import { escaped } from '../../../src/support/markup.js';

/** What stands in the drawn files, and what takes its place. */
const THEMED: readonly (readonly [string, string])[] = [
  ['fill="white"', 'fill="none"'],
  ['fill="#000"', 'fill="currentColor"'],
  ['stroke="#888"', 'stroke="var(--chart-axis)"'],
  ['stroke="#ddd"', 'stroke="var(--chart-grid)"'],
  ['fill="#4c78a8"', 'fill="var(--chart-blue)"'],
  ['stroke="#4c78a8"', 'stroke="var(--chart-blue)"'],
  ['fill="#e45756"', 'fill="var(--chart-red)"'],
  ['stroke="#e45756"', 'stroke="var(--chart-red)"'],
  ['fill="#f58518"', 'fill="var(--chart-orange)"'],
  ['stroke="#f58518"', 'stroke="var(--chart-orange)"'],
];

/**
 * A chart for a page. The details that Vega marks for screen readers repeat themselves in every axis, so a
 * reader is told the title only.
 *
 * @param svg - as Vega draws it, on white
 * @param title - what the chart shows
 */
export function themedChart(svg: string, title: string): string {
  const themed = THEMED.reduce((text, [drawn, theme]) => text.replaceAll(drawn, theme), svg);
  return themed
    .replaceAll(/ (role|aria-[a-z]+)="[^"]*"/g, '')
    .replace(/<svg /, `<svg role="img" aria-label="${escaped(title)}" `);
}
