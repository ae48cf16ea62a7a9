/**
 * State: what a backend keeps of one batch is not taken for another that is like it.
 *
 * @module
 */
import type { Encoding } from '../../../spec/index.js';
import { bothForms } from '../../cases/arbitraries.js';
import { type CaseCapabilities, narrowed } from '../../cases/case-capabilities.js';
import { combined } from '../../cases/combined.js';
import { alternating } from '../../cases/planned.js';
import { similarCase } from '../../cases/similar-batches.js';
import type { Property } from '../../property.js';
import { transformed } from '../../transformation.js';
import { checkWhole } from '../agreement-checks.js';

/** The property of batches that are like each other. */
export const similarBatches: readonly Property[] = [
  {
    id: 'similar-batches-heeded',
    stage: 'balancedLoss',
    source: 'contract: no call depends on another',
    claim:
      'A batch is computed by its own schema, encoding, form and number of samples, also after one that has the same class sizes, number of columns or arrays.',
    required: true,
    runs: (asked) => Math.ceil(asked / 3), // two walks per case
    cases: ofFewOrManyClasses,
    ways: ({ backend }, given) => [similarCase(given, backend.supports.encodings).way],
    async check({ backend }, given) {
      const { similar } = similarCase(given, backend.supports.encodings);
      await transformed('a batch that is like it was given before', () => checkWhole({ backend }, similar));
      await checkWhole({ backend }, given);
    },
  },
];

/**
 * Ordinary batches, and some of nine classes and more, whose counts have two digits. Of these some are categorical and
 * some one-attribute, since batches of these encodings can be like others in more.
 */
function ofFewOrManyClasses(supports: CaseCapabilities) {
  const small = bothForms(supports);
  const ofMany = (...encodings: Encoding[]) =>
    combined(
      encodings.reduce((within, encoding) => narrowed(within, { encoding }), supports),
      {
        sizes: ['ordinary', 'middling'],
        only: { classes: ['mixed', 'nine-and-more'], attributes: ['several'] },
      },
    );
  return alternating(small, ofMany(), small, ofMany('categorical'), ofMany('one-attribute'));
}
