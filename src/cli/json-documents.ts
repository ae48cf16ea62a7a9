/**
 * JSON documents out of a stream of lines: one per line, or indented over several.
 *
 * @module
 */
import { createInterface } from 'node:readline';
import { parsedJson } from '../support/json-text.js';

/** A document as it was read. */
export interface JsonDocument {
  /** Its first line, from 1. */
  readonly line: number;
  /** What it holds; undefined if it is no JSON. */
  readonly value?: unknown;
  /** Why it is no JSON. */
  readonly problem?: string;
}

/**
 * Reads documents one after the other. A line that begins with `{` begins a document, so that one that is cut off
 * does not swallow the next. A byte order mark and blank lines are passed over.
 */
export async function* jsonDocuments(input: NodeJS.ReadableStream): AsyncGenerator<JsonDocument> {
  let pending: { line: number; text: string } | undefined;
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() === '') continue;
    if (pending !== undefined && text.startsWith('{')) {
      yield refused(pending);
      pending = undefined;
    }
    pending = pending ? { ...pending, text: `${pending.text}\n${text}` } : { line, text };
    if (!/[}\]"\d]\s*$/.test(text)) continue; // no document ends so
    const document = parsed(pending);
    if (document === undefined) continue;
    yield document;
    pending = undefined;
  }
  if (pending !== undefined) yield refused(pending);
}

function parsed({ line, text }: { line: number; text: string }): JsonDocument | undefined {
  try {
    return { line, value: parsedJson(text) };
  } catch {
    return undefined; // it may continue in the next line
  }
}

function refused({ line, text }: { line: number; text: string }): JsonDocument {
  try {
    return { line, value: parsedJson(text) };
  } catch (error) {
    return { line, problem: (error as Error).message };
  }
}
