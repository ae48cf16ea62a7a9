/**
 * Where the page starts, and how it reads what a person gives it.
 *
 * @module
 */
import type { BatchDocument } from '../../spec/index.js';
import { checkedDocument, readAddress, type State, StateError } from '../../src/support/playground-state.js';

/**
 * Three classes of 14, 6 and 4 samples: scores that a weak classifier gives, and features in a plane. The column
 * is that of the smallest class, and the anchor is its first.
 */
export const START: State = { document: example(), column: 2, anchor: 6 };

/** The state that an address holds; the start for an address without one. */
export function stateOf(hash: string): State {
  return hash.replace(/^#/, '') === '' ? START : readAddress(hash);
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
