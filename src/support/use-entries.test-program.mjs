/**
 * Uses every entry that trains, where code may not be generated from text: in Node under
 * `--disallow-code-generation-from-strings`, in a page under a content security policy.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { classRectificationLoss, every, isInputError, trainStep } from 'class-rectification';
import { hostLoss } from 'class-rectification/backends/host';
import { loadEngine, tensorLoss } from 'class-rectification/backends/tfjs';
import { averagePrecision, geometricMean, macroF1, shotAccuracy } from 'class-rectification/metrics';
import {
  classAwareBatches,
  classBalancedLoss,
  crossEntropyLoss,
  focalLoss,
  ldamLoss,
  logitAdjustedLoss,
  weightedCrossEntropyLoss,
} from 'class-rectification/rivals';
import 'class-rectification/tensorflow-gradients';
import 'class-rectification/wasm-convolution';

const LABELS = [0, 0, 1, 1, 1, 2];
const SIZE = LABELS.length;

/**
 * @param data - the entry `data`, or `data/arrays` where there is no file system
 * @param mayGenerateCode - for an engine of JavaScript that cannot forbid it
 * @returns what was done, in order
 */
export async function useEntries(data, { mayGenerateCode = false } = {}) {
  const done = [];
  demand(mayGenerateCode || generatesNoCode(), 'code can be generated here: nothing is tested');
  refusals(done);
  for (const engine of ['cpu', 'wasm']) {
    await loadEngine(engine);
    for (const level of ['class', 'instance']) {
      for (const comparison of ['relative', 'absolute', 'distribution']) {
        await trains({ level, comparison }, `${engine}: ${level} level, ${comparison}`, done);
      }
    }
    await trains({ encoding: 'multi-label', attributes: [2, 2, 2] }, `${engine}: multi-label`, done);
    rivals(engine, done);
  }
  convolution(done);
  metrics(done);
  await arrays(data, done);
  return done;
}

function generatesNoCode() {
  try {
    new Function('');
    return false;
  } catch {
    return true;
  }
}

/** The host's loss, and refused input in the specification's words. */
function refusals(done) {
  const { rectification, balanced } = hostLoss({ attributes: [2], kappa: 1 });
  const scores = Float32Array.of(0.25, 0.75, 0.25, 0.75, 0.5, 0.5, 0.5, 0.5);
  demand(rectification({ labels: [0, 0, 1, 1], scores }).loss === 0.75, 'hostLoss at class level');
  const features = Float32Array.of(0, 0, 3, 4, 6, 8, 9, 12);
  const instance = hostLoss({ attributes: [2], kappa: 1, level: 'instance' });
  demand(
    instance.rectification({ labels: [0, 0, 1, 1], features }).triplets > 0,
    'hostLoss at instance level',
  );
  done.push('hostLoss');
  const refused = [
    [
      () => balanced({ labels: [0, 2], scores: scores.slice(0, 4) }),
      'labels[1][0]: expected an integer from -1 to 1',
    ],
    [() => balanced({ labels: [0, 1], scores }), 'scores: expected 2 rows, one per sample, got 4'],
    [
      () => balanced({ labels: [0, 1], scores: Float32Array.of(0.5, 0.5, 2, 0) }),
      'scores[1][0]: expected a probability',
    ],
    [() => instance.rectification({ labels: [0, 1], features: Float32Array.of(1, NaN) }), 'features[1][0]'],
    [() => hostLoss({ attributes: [2], kappa: 0 }), 'options.kappa: expected an integer ≥ 1, got 0'],
    [
      () => classRectificationLoss({ attributes: [2], trainingLabels: [0, 5] }),
      'options.trainingLabels[1]: expected an integer',
    ],
    [
      () => classRectificationLoss({ attributes: [], alpha: 1 }),
      'attributes: expected at least one attribute',
    ],
  ];
  for (const [call, message] of refused) {
    let error;
    try {
      call();
    } catch (thrown) {
      error = thrown;
    }
    demand(isInputError(error) && error.message.startsWith(message), `expected ${message}, got ${error}`);
  }
  done.push('refused input');
}

/** A step of training moves the weights of a model, by a loss that is a number. */
async function trains(options, name, done) {
  const { attributes = [3], encoding = 'categorical', level = 'class' } = options;
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [2], name: 'features' }),
      tf.layers.dense({ units: 3, activation: 'sigmoid' }),
    ],
  });
  const seen = [];
  const observe = every(1, (statistics) => seen.push(statistics));
  const loss = classRectificationLoss({ attributes, alpha: 0.5, observe, ...options });
  const step = trainStep(
    model,
    tf.train.sgd(0.1),
    loss,
    level === 'instance' ? { features: 'features' } : {},
  );
  const x = tf.tensor2d(LABELS.map((k, i) => [k, i / 4]));
  const before = model.getWeights().map((weights) => weights.dataSync().slice());
  const value = step(x, oneHot()).dataSync()[0];
  await observe.flush();
  const moved = model.getWeights().some((w, at) => w.dataSync().some((v, i) => v !== before[at][i]));
  demand(Number.isFinite(value) && moved && seen.length === 1, `a step of ${name}`);
  if (level === 'class' && encoding === 'categorical') {
    model.compile({ optimizer: 'sgd', loss: classRectificationLoss({ attributes, alpha: 0.5, ...options }) });
    const history = await model.fit(x, oneHot(), { epochs: 1, verbose: 0 });
    demand(Number.isFinite(history.history.loss[0]), `fit of ${name}`);
    const own = tensorLoss(loss.schema, loss.options);
    demand(
      Number.isFinite(
        own(oneHot(), tf.fill([SIZE, 3], 0.25))
          .mean()
          .dataSync()[0],
      ),
      'tensorLoss',
    );
  }
  done.push(`a step on ${name}`);
}

function oneHot() {
  return tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(LABELS, 'int32'), 3), 'float32'));
}

function rivals(engine, done) {
  const counts = [2, 3, 1];
  const losses = {
    crossEntropyLoss: crossEntropyLoss(),
    weightedCrossEntropyLoss: weightedCrossEntropyLoss({ counts }),
    focalLoss: focalLoss(),
    classBalancedLoss: classBalancedLoss({ counts }),
    ldamLoss: ldamLoss({ counts }),
    logitAdjustedLoss: logitAdjustedLoss({ counts }),
  };
  for (const [name, loss] of Object.entries(losses)) {
    const slope = tf.grad((logits) => tf.mean(loss(oneHot(), logits)))(
      tf.tensor2d(LABELS.map((k) => [k, 1, 0])),
    );
    demand(slope.dataSync().every(Number.isFinite), name);
    done.push(`${name} on ${engine}`);
  }
  const [batch] = classAwareBatches(LABELS, { batchSize: 3, perClass: 1 });
  demand(new Set(batch.map((i) => LABELS[i])).size === 3, 'classAwareBatches');
}

/** tfjs's wasm engine lacks what the entry `wasm-convolution` brings. */
function convolution(done) {
  const image = tf.ones([1, 2, 2, 1]);
  const slope = tf.grad((filter) => tf.sum(tf.conv2d(image, filter, 1, 'same')))(tf.ones([1, 2, 1, 1]));
  demand(`${Array.from(slope.dataSync())}` === '4,2', 'the derivative of a convolution');
  done.push('a convolution on wasm');
}

function metrics(done) {
  demand(macroF1([0, 0, 0, 1], [0, 0, 1, 1], 3).byClass[0] === 4 / 5, 'macroF1');
  demand(averagePrecision([1, 0, 0, 0], [0.5, 0.5, 0.5, 0.5]) === 0.25, 'averagePrecision');
  demand(shotAccuracy([0, 0, 1, 2], [0, 1, 1, 0], [500, 50, 5]).many === 0.5, 'shotAccuracy');
  demand(geometricMean([0, 1], [0, 1], 2) !== undefined, 'geometricMean');
  done.push('metrics');
}

async function arrays({ arrayImages, imageDataset, stratifiedSplit, toFloat }, done) {
  const size = { width: 1, height: 1 };
  const source = arrayImages({ size, channels: 1, pixels: Uint8Array.from(LABELS), labels: LABELS });
  const batches = imageDataset(source, { batchSize: 4, transform: toFloat(), seed: 7 });
  const shapes = [];
  for await (const { xs } of batches.epoch(0)) shapes.push(xs.shape);
  demand(JSON.stringify(shapes) === '[[4,1,1,1],[2,1,1,1]]', 'imageDataset');
  demand(typeof stratifiedSplit === 'function', 'stratifiedSplit');
  done.push('images in arrays');
}

function demand(holds, what) {
  if (!holds) throw new Error(`failed: ${what}`);
}
