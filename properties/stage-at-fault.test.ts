import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../backends/reference.js';
import { type Backend, mineHardSamples, selectMinority } from '../spec/index.js';
import { runSuite } from './suite.js';

const MINING = [
  'mining-agrees',
  'mining-agrees-on-oddities',
  'mining-agrees-on-combinations',
  'mining-at-block-edges',
];

const reported = async (backend: Backend) => runSuite(backend, { only: MINING, seed: 1, runs: 40 });

describe('the stage at fault', () => {
  // the classes are found, and one of them is forgotten
  const forgetful: Backend = {
    ...referenceBackend(),
    selectMinority(batch, options) {
      const { profile, minority } = selectMinority(batch, options);
      return { profile, minority: minority.map((classes) => classes.slice(1)) };
    },
  };

  it('is the earlier stage, where a property asks that too and it is wrong', async () => {
    const { properties, stages } = await reported(forgetful);
    expect(properties.map(({ stage, verdict }) => [stage, verdict])).toEqual([
      ['mineHardSamples', 'passed'],
      ...MINING.slice(1).map(() => ['selectMinority', 'failed']),
    ]);
    expect(stages.map(({ stage, failed }) => [stage, failed])).toContainEqual(['mineHardSamples', 0]);
    expect(stages.map(({ stage, failed }) => [stage, failed])).toContainEqual(['selectMinority', 3]);
  });

  it('is where the earlier stage throws, too', async () => {
    const throwing: Backend = {
      ...referenceBackend(),
      selectMinority() {
        throw new Error('no classes');
      },
    };
    const { properties } = await reported(throwing);
    expect(properties.map(({ stage }) => stage)).toEqual([
      'mineHardSamples',
      ...MINING.slice(1).map(() => 'selectMinority'),
    ]);
  });

  it('is the stage of the property, where that is wrong', async () => {
    const backwards: Backend = {
      ...referenceBackend(),
      mineHardSamples(...given) {
        const { anchors } = mineHardSamples(...given);
        return { anchors: [...anchors].reverse() };
      },
    };
    const { properties } = await reported(backwards);
    expect(properties.map(({ stage, verdict }) => [stage, verdict])).toEqual(
      MINING.map(() => ['mineHardSamples', 'failed']),
    );
  });
});
