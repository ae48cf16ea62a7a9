import { describe, expect, it } from 'vitest';
import type { Counterexample } from '../../../properties/index.js';
import { readAddress } from '../../support/playground-state.js';
import { playgroundLink } from './playground-link.js';

const document = {
  attributes: [2, 3],
  labels: [
    [0, 0],
    [0, 1],
    [1, 2],
  ],
  scores: [
    [0.25, 0.75, 0.5, 0.25, 0.25],
    [0.5, 0.5, 0.5, 0.25, 0.25],
    [0.5, 0.5, 0.5, 0.25, 0.25],
  ],
  options: { rho: 0.5, kappa: 2 },
};
const anchor = (sample: number, attribute: number, of: number, negatives: number[]) => ({
  ...{ sample, attribute, positives: [], negatives },
  class: of,
});
const counterexample: Counterexample = { document, shrinks: 3, message: 'anchors', path: '1' } as never;

/** The state behind a link or in a command. */
function stateOf(found: ReturnType<typeof playgroundLink>) {
  if ('refused' in found) throw new Error(found.refused);
  return readAddress(('link' in found ? found.link : found.command).split(/[# ]/).at(-1) as string);
}

describe('the way to a counterexample in the playground', () => {
  it('is a link of the published site, with the batch behind #', () => {
    const found = playgroundLink(counterexample, 'https://crl.dev/docs/');
    expect(found).toEqual({
      link: expect.stringMatching(/^https:\/\/crl\.dev\/docs\/playground\/index\.html#/),
    });
    expect(stateOf(found)).toEqual({ document, column: 0, anchor: 0 });
  });

  it('is a command while package.json has a placeholder', () => {
    const found = playgroundLink(counterexample, 'https://class-rectification.example/');
    expect(found).toEqual({ command: expect.stringMatching(/^npx crl playground [\w-]+$/) });
    expect(stateOf(found).document).toEqual(document);
  });

  it('selects the first anchor that was mined differently, and draws its class', () => {
    const expected = [anchor(2, 0, 1, [0, 1]), anchor(0, 1, 0, [1]), anchor(2, 1, 2, [0, 1])];
    const got = [anchor(2, 0, 1, [0, 1]), anchor(0, 1, 0, [1]), anchor(2, 1, 2, [1, 0])];
    const { column, anchor: selected } = stateOf(playgroundLink({ ...counterexample, expected, got }));
    expect([column, selected]).toEqual([4, 2]);
  });

  it('is a reason for a batch that cannot be drawn', () => {
    const of = (changed: object) =>
      playgroundLink({ ...counterexample, document: { ...document, ...changed } } as never);
    const scores = document.scores.map((row) => [Number.NaN, ...row.slice(1)]);
    expect(of({ scores })).toEqual({ refused: expect.stringContaining('scores') });
    const labels = Array.from({ length: 129 }, () => [0, 0]);
    expect(of({ labels })).toEqual({ refused: expect.stringContaining('at most 128') });
  });
});
