/**
 * What the playground shows: a batch with its options, and what is selected. It stands behind the `#` of the
 * address, so that a link can hold a bug report or a lesson; a browser does not send it to the server.
 *
 * @module
 */
import { type BatchDocument, readDocument } from '../../spec/index.js';
import { shown } from '../../spec/rules.js';

/** The state of the page. */
export interface State {
  readonly document: BatchDocument;
  /** The class column whose scores are drawn. */
  readonly column: number;
  /** The selected anchor's place among the anchors, or -1 for none. */
  readonly anchor: number;
}

/** The most of each that a page draws, and that an address may ask for. */
export const LIMITS = { address: 60_000, samples: 128, columns: 64, width: 64 } as const;

/** Why an address or a text cannot be shown. */
export class StateError extends Error {
  override readonly name = 'StateError';
  /**
   * @param message - as the page shows it
   * @param detail - what was expected of the text and what came, for a terminal
   */
  constructor(
    message: string,
    readonly detail?: { readonly expected: string; readonly got: string },
  ) {
    super(message);
  }
}

/**
 * Reads a state from what follows `#`, with or without the `#`.
 *
 * @throws StateError - for an address that is cut off or too long
 */
export function readAddress(hash: string): State {
  const text = hash.replace(/^#/, '');
  if (text.length > LIMITS.address)
    throw new StateError(
      `The address is ${text.length} characters long; at most ${LIMITS.address} are read.`,
      { expected: `at most ${LIMITS.address} characters`, got: String(text.length) },
    );
  let found: unknown;
  try {
    const bytes = Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    found = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new StateError(
      'What follows # in the address is not a state of this page: it may have been cut off.',
      {
        expected: 'the whole text that a failing crl verify prints behind npx crl playground',
        got: `${shown(text)}, which may have been cut off`,
      },
    );
  }
  const { document, column = 0, anchor = -1 } = (found ?? {}) as Partial<State>;
  return { document: checkedDocument(document), column: place(column), anchor: place(anchor) };
}

/** The state as it stands behind `#` in the address, in letters that no shell changes. */
export function writeAddress(state: State): string {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/**
 * A document that the specification reads, and that is small enough to draw.
 *
 * @throws StateError - for one that is too large; what the specification throws for one that is wrong
 */
export function checkedDocument(document: unknown): BatchDocument {
  const { labels } = (document ?? {}) as { labels?: unknown };
  if (Array.isArray(labels) && labels.length > LIMITS.samples)
    throw new StateError(
      `The batch has ${labels.length} samples; this page draws at most ${LIMITS.samples}.`,
    );
  const { batch } = readDocument(document);
  if (batch.columns.length > LIMITS.columns)
    throw new StateError(
      `The batch has ${batch.columns.length} class columns; this page draws at most ${LIMITS.columns}.`,
    );
  const width = batch.features?.width ?? 0;
  if (width > LIMITS.width)
    throw new StateError(`The features are ${width} numbers wide; this page reads at most ${LIMITS.width}.`);
  return document as BatchDocument;
}

function place(value: unknown): number {
  return Number.isSafeInteger(value) ? Math.max(-1, value as number) : -1;
}
