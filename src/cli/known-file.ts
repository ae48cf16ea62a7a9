/**
 * The list of known failures, read from a file.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import type { KnownFailure } from '../../properties/index.js';
import { parsedJson } from '../support/json-text.js';
import { CouldNotRunError } from './backends.js';

const TEXTS = ['id', 'reason', 'link', 'backend', 'engine'] as const;

/**
 * Reads known failures: a JSON list of `{ id, reason, link?, backend?, engine? }`.
 *
 * @throws CouldNotRunError - naming the entry that is wrong
 */
export function readKnownFailures(file: string): KnownFailure[] {
  let list: unknown;
  try {
    list = parsedJson(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new CouldNotRunError(`known ${file}: cannot be read as JSON (${(cause as Error).message})`, {
      cause,
    });
  }
  if (!Array.isArray(list)) {
    throw new CouldNotRunError(`known ${file}: expected a list of { id, reason }, got ${kind(list)}`);
  }
  list.forEach((entry, at) => {
    checkEntry(entry, (problem) => {
      const id = typeof entry?.id === 'string' ? ` (${entry.id})` : '';
      throw new CouldNotRunError(`known ${file}: entry ${at + 1}${id}: ${problem}`);
    });
  });
  return list;
}

function checkEntry(entry: unknown, refuse: (problem: string) => never): void {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    refuse(`expected { id, reason }, got ${kind(entry)}`);
  for (const key of Object.keys(entry as object)) {
    if (!(TEXTS as readonly string[]).includes(key)) refuse(`${key}: expected one of ${TEXTS.join(', ')}`);
  }
  const { id, reason, ...rest } = entry as Record<string, unknown>;
  for (const [key, value] of Object.entries({ id, reason, ...rest })) {
    if (typeof value !== 'string' || value.trim() === '')
      refuse(`${key}: expected words, got ${kind(value)}`);
  }
}

function kind(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}
