import { describe, expect, it } from 'vitest';
import { createBatch, formTriplets, type OptionsInput, readDocument, resolveOptions } from '../spec/index.js';
import { kinkBetween } from './kinks.js';
import { nudge } from './of-backends/gradient.js';
import { STEP } from './tolerance/index.js';
import { type Judged, specWalk } from './walk.js';

/** Whether there is a kink within a step of a number of the batch. */
function kinkAt(judged: Judged, at: number): boolean {
  const { batch, options } = judged;
  const moved = (step: number) => nudge(batch, options.level, at, step);
  return kinkBetween(judged, [moved(-STEP), batch, moved(STEP)]);
}

/** The numbers of an anchor, of its hard positive and of its hard negative: scores, or features of one component. */
type Three = readonly [anchor: number, positive: number, negative: number];

/** Whether there is a kink within a step of the anchor's number. */
function kinkAtAnchor(level: 'class' | 'instance', values: Three, choices: OptionsInput): boolean {
  const numbers = values.map((value) => [value]);
  const batch = createBatch({
    attributes: [1],
    encoding: 'one-attribute',
    labels: [[1], [1], [0]],
    ...(level === 'class' ? { scores: numbers } : { features: numbers }),
  });
  const anchor = { sample: 0, attribute: 0, class: 0, positives: [1], negatives: [2] };
  const hard = { anchors: [anchor] };
  const options = { ...resolveOptions(batch, { level, ...choices }), alpha: 1 };
  return kinkAt({ batch, options, hard, triplets: formTriplets(hard) }, 0);
}

const nodes = { comparison: 'distribution', bins: 5, range: [-1, 1] } as const;

describe('a kink within a step', () => {
  it.each([
    ['|x| at 0', 'class', [0.6, 0.6, 0.3], { comparison: 'relative' }],
    ['|x| near 0', 'class', [0.6, 0.6 + STEP / 2, 0.3], { comparison: 'relative' }],
    ['|x| at 0 in a histogram', 'class', [0.7, 0.7, 0.4], { ...nodes, range: [-0.9, 1] }],
    ['a norm of 0, to the positive', 'instance', [5, 5, 3], { comparison: 'relative', margin: 9 }],
    ['a norm of 0, to the negative', 'instance', [5, 4, 5], { comparison: 'relative', margin: 9 }],
    ['a norm of 0 below a margin', 'instance', [5, 4, 5], { comparison: 'absolute', margin: 9 }],
    ['a norm of 0 in a histogram', 'instance', [5, 5, 3], { ...nodes, range: [-8, 9] }],
    ['a hinge of 0', 'class', [0.5, 0.75, 0.25], { comparison: 'relative', margin: 0 }],
    ['a margin that is just kept', 'class', [0.75, 0.5, 0.25], { comparison: 'absolute', margin: 0.5 }],
    ['a node, of a positive', 'class', [0.75, 0.25, 0.5], nodes],
    ['a node, of a negative', 'class', [0.75, 0.5, 0.25], nodes],
    ['a distance of lo', 'class', [0.25, 0.4, 0.75], { ...nodes, range: [-0.5, 1] }],
    ['a distance of hi', 'class', [0.75, 0.7, 0.25], { ...nodes, range: [-1, 0.5] }],
  ] as const)('is seen: %s', (_, level, values, choices) => {
    expect(kinkAtAnchor(level, values, choices)).toBe(true);
  });

  it.each([
    ['between the kinks of triplets', 'class', [0.6, 0.7, 0.3], { comparison: 'relative' }],
    ['in a signed distance of 0', 'class', [0.6, 0.7, 0.6], { comparison: 'relative' }],
    ['in a square of |x|', 'class', [0.6, 0.6, 0.3], { comparison: 'absolute' }],
    ['in a square of a norm', 'instance', [5, 5, 3], { comparison: 'absolute' }],
    ['between nodes', 'class', [0.7, 0.55, 0.3], nodes],
    ['outside the range', 'class', [0.9, 0.3, 0.2], { ...nodes, range: [-1, 0.4] }],
  ] as const)('is not seen %s', (_, level, values, choices) => {
    expect(kinkAtAnchor(level, values, choices)).toBe(false);
  });

  it('is seen where the loss is so small that no slope changes by much', () => {
    // found in continuous integration, seed 262384768: |p_1 − p_4| is 1e-7, and the slopes there are 1e-6
    const tiny = 1.0000000116860974e-7;
    const scores = [
      [1.0000009536743164, 0, 0, 0, 0, 0],
      ...Array(3).fill(Array(6).fill(0)),
      [tiny, 0, tiny, 0, 0, 0],
    ];
    const { batch, options } = readDocument({
      attributes: [6],
      encoding: 'one-attribute',
      labels: [
        [0, 1, 0, 0, 1, 0],
        [1, 0, 1, 0, 0, 0],
        [0, 1, 0, 1, 0, 1],
        [0, 0, 0, 0, 1, 1],
        [1, 1, 1, 1, 0, 0],
      ],
      scores,
      options: { rho: 0.9, kappa: 1, comparison: 'distribution', bins: 17, alpha: 1, range: [-0.5, 0.5] },
    });
    expect(kinkAt(specWalk({ batch, options: { ...options, alpha: 1 } }), 6)).toBe(true);
  });
});
