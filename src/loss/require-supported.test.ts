import { expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import type { Backend } from '../../spec/index.js';
import { classRectificationLoss } from '../index.js';
import { trainableBackend } from '../verify/index.js';

const { balancedLoss, supports } = referenceBackend();

/** The loss of a backend that declares less than the specification has. */
function lossOf(declared: Partial<Backend['supports']>, options: object): unknown {
  const backend = trainableBackend({ name: 'mine', balancedLoss, supports: { ...supports, ...declared } });
  return classRectificationLoss({ attributes: [2], alpha: 0.5, backend, ...options });
}

it('refuses what a backend of the caller does not declare, and says what can be done', () => {
  const { anchors: _, ...withoutAnchors } = supports;
  const olderBackend = { name: 'mine', balancedLoss, supports: withoutAnchors };
  expect(() =>
    classRectificationLoss({
      attributes: [2],
      alpha: 0.5,
      backend: trainableBackend(olderBackend),
      anchors: 'easy',
    }),
  ).toThrow(
    'options.anchors: expected a value that backend mine declares in supports.anchors, all (without options.backend, every value is available), got "easy"',
  );
  for (const [declared, options] of [
    [{ anchors: ['all'] }, { anchors: 'easy' }],
    [{ levels: ['class'] }, { level: 'instance' }],
    [{ comparisons: ['relative'] }, { comparison: 'absolute' }],
    [{ encodings: ['categorical'] }, { encoding: 'multi-label' }],
  ] as const) {
    const [key] = Object.keys(declared) as [string];
    expect(() => lossOf(declared, options)).toThrow(`declares in supports.${key}, `);
    expect(() => lossOf({}, options)).not.toThrow();
  }
});
