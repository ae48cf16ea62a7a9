import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { tfjsBackend } from '../../backends/tfjs/backend.js';
import { loadEngine } from '../../backends/tfjs/index.js';
import { crossEntropyLoss, focalLoss } from '../rivals/index.js';
import { classRectificationLoss } from './class-rectification-loss.js';

const made = (options: unknown) => () => classRectificationLoss(options as never);
const given = (more: object) => made({ attributes: [3], alpha: 0.1, ...more });

describe('the options of the loss', () => {
  it('must be an object', () => {
    for (const options of [undefined, null, 3, [3], 'crl']) {
      expect(made(options)).toThrow(
        'options: expected an object with attributes, such as { attributes: [10], alpha: 0.1 }, got',
      );
    }
  });

  it('are not labels and scores: compile is given what the function returns', async () => {
    await loadEngine('cpu');
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
    model.compile({ optimizer: 'sgd', loss: classRectificationLoss as never });
    await expect(model.fit(tf.ones([2, 2]), tf.ones([2, 3]), { verbose: 0 })).rejects.toThrow(
      /give compile what classRectificationLoss/,
    );
    for (const rival of [crossEntropyLoss, focalLoss]) {
      model.compile({ optimizer: 'sgd', loss: rival as never });
      await expect(model.fit(tf.ones([2, 2]), tf.ones([2, 3]), { verbose: 0 })).rejects.toThrow(
        /give compile what it returns/,
      );
    }
  });

  it('name one that is unknown, the nearest, and all that are known', () => {
    expect(given({ fromLogit: true })).toThrow(
      expect.objectContaining({
        code: 'option-unknown',
        where: 'options.fromLogit',
        message: expect.stringMatching(
          /attributes.*encoding.*fromLogits.*trainingLabels.*kappa.*check.*observe/,
        ),
      }),
    );
    expect(given({ fromLogit: true })).toThrow(/did you mean "?fromLogits/);
    expect(given({ margins: 1 })).toThrow(/did you mean "?margin/);
  });

  it('name a value that is wrong', () => {
    expect(given({ check: 'sometimes' })).toThrow(
      'options.check: expected first | always | never, got "sometimes"',
    );
    expect(given({ observe: 3 })).toThrow('options.observe: expected a function, got 3');
    expect(() => crossEntropyLoss({ check: 'once' as never })).toThrow('options.check');
  });

  it('name a value that is not a backend, and say what to do', () => {
    const expected = 'options.backend: expected a backend, an object with supports and balancedLoss';
    expect(given({ backend: 'host' })).toThrow(`${expected}, got "host"`);
    expect(given({ backend: {} })).toThrow(`${expected}, got {}`);
    expect(given({ backend: null })).toThrow(`${expected}, got null`);
    expect(given({ backend: tfjsBackend })).toThrow(`${expected}: call the function that makes it`);
    expect(given({ backend: tfjsBackend({ engine: 'cpu' }) })).toThrow(
      `${expected}: await it, got a promise`,
    );
  });

  it('name training labels of another form', () => {
    const labelled = (trainingLabels: unknown, more: object = {}) =>
      made({ attributes: [3], trainingLabels, ...more });
    const name = 'options.trainingLabels';
    expect(
      labelled([
        [1, 0, 0],
        [0, 1, 0],
      ]),
    ).toThrow(`${name}: expected class indices, [0, 2, 1, …]: the place of the 1, not one-hot rows, got`);
    expect(labelled(tf.tensor2d([[1, 0, 0]]))).toThrow(
      `${name}: expected an array: await labels.argMax(1).array() of one-hot rows, got an array of shape [1,3]`,
    );
    expect(labelled([0, 1, 3])).toThrow(`${name}[2]: expected an integer from -1 to 2`);
    expect(labelled([[0], [1], [3]])).toThrow(`${name}[2][0]: expected an integer from -1 to 2`);
    expect(labelled([0, 'cat'])).toThrow(`${name}[1]: expected an integer from -1 to 2`);
    expect(labelled([])).toThrow(`${name}: expected at least one sample`);
    expect(labelled('0,1')).toThrow(name);
    expect(labelled([-1, -1])).toThrow(`${name}: expected a labelled sample for attribute 0, got [-1,-1]`);
    const several = { attributes: [2, 2], encoding: 'multi-label' };
    expect(labelled([0, 1], several)).toThrow(`${name}: expected rows of 2 labels, one row per sample`);
    expect(labelled([[0, 2]], several)).toThrow(`${name}[0][1]: expected an integer from -1 to 1`);
    for (const right of [[0, 1, 2, 0], Int32Array.of(0, 1, 2, 0), [[0], [1], [2], [null], [0]]]) {
      expect(labelled(right)().omega).toBeCloseTo(1 / 3, 12);
    }
  });
});
