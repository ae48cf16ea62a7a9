/**
 * What progress says of a property that runs.
 *
 * @module
 */
import { basename } from 'node:path';
import { commandIn } from '../../backends/command/index.js';
import { elapsedText } from '../support/progress.js';
import type { PropertyProgress } from './judging/judging-process.js';
import { type Target, targetText } from './targets.js';

/**
 * A target in a line that is one of many. A program has the name that it told, or, until it has told one, the file
 * names of its first two words: the whole command would fill the line.
 */
export function targetLabel(target: Target, told?: string): string {
  const words = commandIn(target.backend);
  if (words === undefined) return targetText(target);
  return (
    told ??
    words
      .slice(0, 2)
      .map((word) => basename(word))
      .join(' ')
  );
}

/**
 * A property that runs: how far it is, and for how long it has run.
 *
 * @param label - what it runs on; none where there is only one
 */
export function runningText(
  label: string | undefined,
  id: string,
  { cases, isShrinking }: PropertyProgress,
  milliseconds: number,
): string {
  const at = isShrinking
    ? ` fails at case ${cases}; looking for a smaller one`
    : cases > 0
      ? `, case ${cases}`
      : '';
  return `${label === undefined ? '' : `${label}: `}${id}${at}, ${elapsedText(milliseconds)}`;
}
