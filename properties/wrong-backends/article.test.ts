import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type BalancedOptions,
  crossEntropy,
  imbalance,
  type MinoritySelection,
  readDocument,
  rectificationWeight,
} from '../../spec/index.js';
import { specWalk } from '../walk.js';
import type { WholeBackend } from './compose.js';
import { wrongBackends } from './index.js';

/**
 * What the article prints is what its errors give: each erratum of docs/paper/article.md, reproduced
 * by the wrong backend that makes the same error, and not by the specification.
 */
const { document, printed } = JSON.parse(
  readFileSync(new URL('../../spec/article.json', import.meta.url), 'utf8'),
) as typeof import('../../spec/article.json');
const { batch, options } = readDocument(document);
const right = specWalk({ batch, options: options as BalancedOptions });
const wrong = (id: string) => wrongBackends.find((m) => m.id === id)?.backend as WholeBackend;
const PRINTED_LOSS = 0.9546;

describe('errata of the article', () => {
  it('the scores beside the negatives are the κ smallest: negatives-scored-smallest', () => {
    const ofPrinted = printed.scoreTables.map(([a, p, n]) =>
      Math.max(0, 0.5 + Math.abs((a as number) - (p as number)) - ((a as number) - (n as number))),
    );
    const mean = ofPrinted.reduce((sum, x) => sum + x, 0) / ofPrinted.length;
    const lossOf = (backend: Pick<WholeBackend, 'rectificationLoss'>) =>
      backend.rectificationLoss(batch, right.hard, right.triplets, options).loss;
    expect(lossOf(wrong('negatives-scored-smallest'))).toBeCloseTo(mean, 4);
    expect(lossOf(wrong('hardest-last'))).toBeGreaterThan(mean + 0.4); // right but for the order
    // sample 1 has 0.9884 in the head of the predictions, and 0.0528 beside its row
    const row = printed.indexTables.findIndex(([, , , , negative, at]) => negative === 1 && at === 0);
    expect([printed.head[1]?.[0], printed.scoreTables[row]?.[2]]).toEqual([0.9884, 0.0528]);
  });

  it('its last call takes 28 for the batch size and loses class 23: article-batch-size', () => {
    const backend = wrong('article-batch-size');
    const selection: MinoritySelection = backend.selectMinority(batch, options);
    expect(selection.minority).toEqual([printed.minority.filter((k) => k !== 23)]);
    const hard = backend.mineHardSamples(batch, selection, options);
    expect(backend.formTriplets(hard, options).shape[0]).toBe(24);
    expect(right.triplets.shape[0]).toBe(42);
  });

  it('0.9546 is a cross entropy of probabilities taken for logits, averaged over classes too', () => {
    const wrongly = crossEntropy({ ...batch, fromLogits: true }) / batch.columns.length;
    expect(wrongly).toBeCloseTo(PRINTED_LOSS, 4);
    for (const id of ['logit-entropy-of-probabilities', 'cross-entropy-averaged']) {
      expect(wrong(id), id).toBeDefined(); // each half of the error is caught alone
    }
    expect(crossEntropy(batch)).toBeGreaterThan(10 * PRINTED_LOSS);
  });

  it('its Ω falls as imbalance grows: α is 8.5e-6, and L_crl does not show in 0.9546', () => {
    const { smallest, largest } = { smallest: 11, largest: 12_885 };
    const omega = imbalance([[smallest, largest]], 'ratio');
    const alpha = rectificationWeight(omega, 0.01);
    expect(alpha).toBeCloseTo(8.537058595265812e-6, 18);
    expect(imbalance([[1, 1]], 'ratio')).toBe(1);
    // L_crl could be anything from 0 to 1.5 and not change the last digit printed
    expect(alpha * 1.5).toBeLessThan(0.5e-4);
  });

  it('its sort leaves ties in no order: the classes of size 2 come as 2, 19, 4, 3', () => {
    expect(printed.sortedClasses.filter((k) => printed.profile[k] === 2)).toEqual([2, 19, 4, 3]);
  });
});
