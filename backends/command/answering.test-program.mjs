/**
 * A backend in a process of its own that answers by the specification, or misbehaves as its argument says once it
 * is asked for a loss.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import ndarray from 'ndarray';
import * as spec from '../../dist/spec/index.js';

const [, , misbehaviour = ''] = process.argv;
const TYPES = { float64: Float64Array, float32: Float32Array, int32: Int32Array, uint8: Uint8Array };

const numbers = ({ dtype, data }) => new TYPES[dtype](Uint8Array.from(Buffer.from(data, 'base64')).buffer);
const wire = ({ data, shape }) => ({
  dtype: data instanceof Int32Array ? 'int32' : 'float64',
  shape,
  data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
});
const number = (x) => (Number.isFinite(x) ? x : String(x));

/** Nested arrays of an array in a message. */
function nested({ shape, ...array }) {
  const flat = numbers(array);
  const cut = (from, [size, ...rest]) => {
    const step = rest.reduce((a, b) => a * b, 1);
    return Array.from({ length: size }, (_, i) =>
      rest.length === 0 ? flat[from + i] : cut(from + i * step, rest),
    );
  };
  return cut(0, shape);
}

function batchOf({ labels, scores, features, size, given: whole, ...schema }) {
  if (whole) return spec.createBatch({ ...schema, ...whole });
  const given = { ...schema, labels: nested(labels) };
  if (scores) given.scores = nested(scores);
  if (features) given.features = nested(features);
  return spec.createBatch(given);
}

const answers = {
  hello: () => ({
    protocol: 1,
    name: 'by-the-specification',
    language: 'javascript',
    supports: {
      encodings: spec.ENCODINGS,
      levels: spec.LEVELS,
      comparisons: spec.COMPARISONS,
      gradient: true,
      precision: 'float64',
      perSample: true,
      sharding: 'global',
    },
    answers: [
      'selectMinority',
      'mineHardSamples',
      'formTriplets',
      'rectificationLoss',
      'train',
      'lossOnReplicas',
    ],
  }),
  selectMinority: ({ batch, options }) => spec.selectMinority(batchOf(batch), options),
  mineHardSamples: ({ batch, selection, options }) =>
    spec.mineHardSamples(batchOf(batch), selection, options),
  formTriplets: ({ hard, options }) => wire(spec.formTriplets(hard, options)),
  rectificationLoss({ batch, hard, triplets, options }) {
    const rows = ndarray(numbers(triplets), triplets.shape);
    const { loss, gradient } = spec.rectificationLoss(batchOf(batch), hard, rows, options);
    return { loss: number(loss), gradient: wire(gradient) };
  },
  balancedLoss({ batch, options }) {
    const { gradient, featureGradient, loss, rectification, crossEntropy, statistics } = spec.balancedLoss(
      batchOf(batch),
      options,
    );
    return {
      loss: number(loss),
      rectification: number(rectification),
      crossEntropy: number(crossEntropy),
      statistics,
      gradient: wire(gradient),
      ...(featureGradient ? { featureGradient: wire(featureGradient) } : {}),
    };
  },
  train({ batch, options, training: { upstream, weights, evaluated, beside } }) {
    const step = (given, chosen, own) => {
      const { loss, gradient, featureGradient } = spec.balancedLoss(given, chosen, own);
      const times = ({ data, shape }) => wire({ data: data.map((x) => upstream * x), shape });
      return {
        loss: number(loss),
        gradient: times(gradient),
        ...(featureGradient ? { featureGradient: times(featureGradient) } : {}),
      };
    };
    const given = batchOf(batch);
    const { alpha } = options;
    const sampleLosses = () => {
      const { rectification } = spec.balancedLoss(given, options);
      const losses = spec.sampleCrossEntropies(given).map((ce) => alpha * rectification + (1 - alpha) * ce);
      return { sampleLosses: wire({ data: Float64Array.from(losses), shape: [given.size] }) };
    };
    return {
      ...step(given, options, weights && numbers(weights)),
      ...(weights ? sampleLosses() : {}),
      ...(evaluated ? { evaluated: number(spec.balancedLoss(given, options).loss) } : {}),
      ...(beside ? { beside: step(batchOf(beside.batch), beside.sameLoss ? options : beside.options) } : {}),
    };
  },
  lossOnReplicas({ shards, options, averaging, weights }) {
    const whole = batchOf(joined(shards));
    const step = { averaging, ...(weights ? { weights: weights.map(numbers) } : {}) };
    const sizes = shards.map(({ size }) => size);
    return spec
      .globalBatchLoss(spec.shardBatch(whole, sizes), options, step)
      .map(({ loss, gradient, featureGradient }) => ({
        loss: number(loss),
        gradient: wire(gradient),
        ...(featureGradient ? { featureGradient: wire(featureGradient) } : {}),
      }));
  },
};

/** The batch of all shards as one message, since `createBatch` takes no empty one. */
function joined(shards) {
  const [{ size: _, labels, scores, features, ...schema }] = shards;
  const along = (axis, name) => {
    const lists = shards.map((shard) => nested(shard[name]));
    const flat = axis === 0 ? lists.flat() : lists[0].map((_, j) => lists.flatMap((list) => list[j]));
    return flat;
  };
  return {
    ...schema,
    size: undefined,
    given: {
      labels: along(0, 'labels'),
      ...(scores ? { scores: along(0, 'scores') } : {}),
      ...(features ? { features: along(features.shape.length - 2, 'features') } : {}),
    },
  };
}

/** A result, or why there is none. */
function answerOf(ask, question) {
  try {
    return { result: answers[ask](question) };
  } catch ({ name, message }) {
    return { error: { name, message } };
  }
}

const misbehave = {
  crash: () => process.kill(process.pid, 'SIGABRT'),
  exit: () => process.exit(3),
  garbage: () => console.log('loss = 0.5'),
  'half a line': () => process.stdout.write('{"id": 1, "res', () => process.exit(0)),
  'another question': (id) => console.log(JSON.stringify({ id: id + 1000, result: {} })),
  'no answer': () => {},
  'no array': (id) =>
    console.log(JSON.stringify({ id, result: { loss: 1, rectification: 1, crossEntropy: 1 } })),
  'an error without a name': (id) => console.log(JSON.stringify({ id, error: 'no such class' })),
  'an end beside a child': () => {
    spawn('sleep', ['300'], { stdio: 'inherit' });
    setTimeout(() => process.exit(4), 50);
  },
  'an error': (id) =>
    console.log(JSON.stringify({ id, error: { name: 'ValueError', message: 'no such class' } })),
};

if (misbehaviour === 'ignores its end') setInterval(() => {}, 1000);
if (misbehaviour === 'leaves a child') spawn('sleep', ['300'], { stdio: 'inherit' }).unref();
const also = misbehaviour === 'null for no error' ? { error: null } : {};
for await (const line of createInterface({ input: process.stdin })) {
  const { id, ask, ...question } = JSON.parse(line);
  if (ask === 'goodbye') break;
  if (ask === 'balancedLoss' && misbehave[misbehaviour]) misbehave[misbehaviour](id);
  else console.log(JSON.stringify({ id, ...also, ...answerOf(ask, question) }));
}
