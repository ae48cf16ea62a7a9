/**
 * Backends that are right for a few attributes with a few classes each, and wrong for more.
 *
 * @module
 */
import ndarray from 'ndarray';
import { type Batch, mineHardSamples, selectMinority } from '../../spec/index.js';
import { minorityOfFirst, readingInputs, readingOptions, where, wrongFromLogits } from './conditions.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

const MINING = 'mining-agrees-on-combinations';
const BALANCED = 'balanced-agrees-on-combinations';

/** Wrong backends of many attributes. */
export const manyAttributes: readonly WrongBackend[] = [
  wrongStages(
    'attributes-in-a-byte',
    'categorical attributes after the eighth, kept in a mask of eight bits, have no minority classes',
    BALANCED,
    minorityOfFirst(8),
  ),
  wrongStages(
    'attributes-in-16-bits',
    'categorical attributes after the sixteenth, kept in a mask of sixteen bits, have no minority classes',
    BALANCED,
    minorityOfFirst(16),
  ),
  wrongStages(
    'later-attributes-of-8-classes',
    'after the first attribute, classes past the eighth have no samples',
    BALANCED,
    {
      selectMinority(batch, options) {
        const { profile, minority } = selectMinority(batch, options);
        return {
          profile: profile.map((sizes, j) => sizes.map((h, k) => (j > 0 && k >= 8 ? 0 : h))),
          minority: minority.map((classes, j) => classes.filter((k) => j === 0 || k < 8)),
        };
      },
    },
  ),
  {
    ...wrongStages(
      'columns-wrap-at-32',
      'score columns past the thirty-second are read from the first on again',
      MINING,
      {
        mineHardSamples(batch, ...rest) {
          const columns = batch.columns.map((c) => ({ ...c, score: c.score % 32 }));
          return mineHardSamples({ ...batch, columns }, ...rest);
        },
      },
    ),
    least: 132, // so many columns take long to make smaller
  },
  wrongStages(
    'unlabelled-past-8-attributes',
    'a sample that is unlabelled for an attribute after the eighth is a negative of it',
    MINING,
    {
      mineHardSamples: (batch, ...rest) =>
        mineHardSamples(
          relabelled(batch, (own, _, j) => own || j >= 8),
          ...rest,
        ),
    },
  ),
  wrongStages(
    'margins-of-four',
    'the margin of an attribute after the fourth is that of the attribute four before it',
    BALANCED,
    readingOptions(({ margin }) => ({ margin: margin.map((_, j) => margin[j % 4] as number) })),
  ),
  wrongStages(
    'matrices-of-four',
    'with features by attribute, attributes after the fourth share the features of the fourth',
    MINING,
    readingInputs((batch) =>
      batch.features
        ? {
            ...batch,
            features: {
              ...batch.features,
              matrices: batch.features.matrices.map((own, j, all) => (j < 4 ? own : (all[3] as typeof own))),
            },
          }
        : batch,
    ),
  ),
  wrongFromLogits(
    'logits-of-four-attributes',
    'from logits, only the first four categorical attributes are rectified',
    BALANCED,
    {
      mineHardSamples(batch, ...rest) {
        const { anchors } = mineHardSamples(batch, ...rest);
        const kept = batch.encoding === 'categorical' ? 4 : batch.attributes.length;
        return { anchors: anchors.filter(({ attribute }) => attribute < kept) };
      },
    },
  ),
  wrongStages(
    'many-unlabelled-attributes',
    'with more than two attributes, a sample that lacks one label is left out of all attributes',
    BALANCED,
    where(({ attributes }) => attributes.length > 2, {
      selectMinority: (batch, options) => selectMinority(onlyWhollyLabelled(batch), options),
    }),
  ),
];

/** The batch with its labels, one by one, taken as given or missing. */
function relabelled(batch: Batch, given: (own: boolean, i: number, j: number) => boolean): Batch {
  const { size, attributes, membership, columns } = batch;
  const labelled = ndarray(new Uint8Array(size * attributes.length), [size, attributes.length]);
  const members = ndarray(new Uint8Array(size * columns.length), [size, columns.length]);
  for (let i = 0; i < size; i++) {
    attributes.forEach((_, j) => {
      labelled.set(i, j, +given(batch.labelled.get(i, j) === 1, i, j));
    });
    columns.forEach(({ attribute }, c) => {
      members.set(i, c, membership.get(i, c) * labelled.get(i, attribute));
    });
  }
  return { ...batch, labelled, membership: members };
}

/** The batch without the samples that lack a label. */
function onlyWhollyLabelled(batch: Batch): Batch {
  const lacks = (i: number) => batch.attributes.some((_, j) => batch.labelled.get(i, j) === 0);
  return relabelled(batch, (own, i) => own && !lacks(i));
}
