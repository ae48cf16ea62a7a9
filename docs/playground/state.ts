/**
 * What the playground shows: a batch with its options, and what is selected. It lies behind the `#` of the
 * address, so that an address is a bug report or a lesson; nothing of it is sent anywhere.
 *
 * @module
 */
import { type BatchDocument, readDocument } from '../../spec/index.js';

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
}

/** Three classes of 14, 6 and 4 samples: scores that a weak classifier gives, and features in a plane. */
export const START: State = { document: example(), column: 2, anchor: 0 };

/** Reads what lies behind `#`; the start for an empty text. */
export function readAddress(hash: string): State {
  const text = hash.replace(/^#/, '');
  if (text === '') return START;
  if (text.length > LIMITS.address)
    throw new StateError(
      `The address is ${text.length} characters long; at most ${LIMITS.address} are read.`,
    );
  let found: unknown;
  try {
    const bytes = Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    found = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new StateError(
      'What follows # in the address is not a state of this page: it may have been cut off.',
    );
  }
  const { document, column = 0, anchor = -1 } = (found ?? {}) as Partial<State>;
  return { document: checkedDocument(document), column: place(column), anchor: place(anchor) };
}

/** The state as what lies behind `#`. */
export function writeAddress(state: State): string {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `#${text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')}`;
}

/** Reads a pasted document, such as a counterexample of a report. */
export function readText(text: string): BatchDocument {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new StateError(`The text is not JSON: ${(error as Error).message}`);
  }
  return checkedDocument(document);
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

function example(): BatchDocument {
  const sizes = [14, 6, 4];
  const centres = [
    [0.36, 0.4],
    [0.66, 0.46],
    [0.52, 0.72],
  ] as const;
  const labels: number[][] = [];
  const features: number[][] = [];
  sizes.forEach((size, label) => {
    for (let i = 0; i < size; i++) {
      const turn = (i * 2.4 + label) % (2 * Math.PI); // the golden angle: points spread without a pattern
      const radius = 0.24 * Math.sqrt((i + 0.5) / size);
      const [x, y] = centres[label] as (typeof centres)[number];
      labels.push([label]);
      features.push([round(x + radius * Math.cos(turn)), round(y + radius * Math.sin(turn))]);
    }
  });
  const scores = features.map(([x = 0, y = 0]) => {
    const nearness = centres.map(([u, v]) => Math.exp(-14 * ((x - u) ** 2 + (y - v) ** 2)));
    const sum = nearness.reduce((a, b) => a + b, 0);
    const [first = 0, second = 0] = nearness.map((value) => round(value / sum));
    return [first, second, round(1 - first - second)];
  });
  return { attributes: [3], labels, scores, features, options: { kappa: 3, alpha: 0.5 } };
}

/** Three places, so that an address stays short and a number can be read. */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
