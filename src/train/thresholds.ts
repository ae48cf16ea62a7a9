/**
 * Thresholds of labels, learned on a validation set.
 *
 * @module
 */

/** The threshold of a label for which none can be learned. */
export const PLAIN_THRESHOLD = 0.5;

/**
 * For each label the threshold with the largest F1, halfway between the lowest score that is predicted and
 * the next one below; the highest such threshold if several are as good.
 *
 * @param labels - n×L of 0 and 1
 * @param scores - n×L in [0, 1]
 * @returns L thresholds; 0.5 for a label that no image has
 */
export function learnThresholds(
  labels: readonly (readonly number[])[],
  scores: readonly (readonly number[])[],
): number[] {
  const L = labels[0]?.length ?? 0;
  return Array.from({ length: L }, (_, l) => {
    const samples = labels
      .map((row, i) => ({ label: row[l] as number, score: scores[i]?.[l] as number }))
      .sort((a, b) => b.score - a.score);
    const held = samples.reduce((sum, { label }) => sum + label, 0);
    let best = { f1: 0, threshold: PLAIN_THRESHOLD };
    let right = 0;
    samples.forEach(({ label, score }, at) => {
      right += label;
      const below = samples[at + 1]?.score ?? 0;
      if (below === score && at + 1 < samples.length) return; // equal scores are predicted together
      const f1 = (2 * right) / (at + 1 + held);
      if (f1 > best.f1) best = { f1, threshold: (score + below) / 2 };
    });
    return best.threshold;
  });
}
