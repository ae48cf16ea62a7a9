/** The programs that `crl new-backend` writes refuse a question that they cannot answer, with a sentence. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NO_PYTHON, pythonWithNumpy } from './command/python.test-helper.js';

const folder = mkdtempSync(join(tmpdir(), 'refusals-'));
afterAll(() => rmSync(folder, { recursive: true }));

const array = (numbers: Int32Array | Float64Array, width: number) => ({
  dtype: numbers instanceof Int32Array ? 'int32' : 'float64',
  shape: [numbers.length / width, width],
  data: Buffer.from(numbers.buffer).toString('base64'),
});
const labels = (...numbers: number[]) => array(Int32Array.from(numbers), 1);
const BATCH = {
  ...{ encoding: 'categorical', attributes: [2], fromLogits: true, size: 4 },
  ...{ labels: labels(0, 0, 1, -1), scores: array(new Float64Array(8), 2) },
};
const OPTIONS = { rho: 0.5, kappa: 3, level: 'class', comparison: 'relative', margin: [0.5], alpha: 0.5 };
const loss = (change: object, options: object = {}) => ({
  ...{ ask: 'balancedLoss', batch: { ...BATCH, ...change }, options: { ...OPTIONS, ...options } },
});
const ofTriplet = (...triplet: number[]) => ({
  ...{ ask: 'rectificationLoss', batch: { ...BATCH, fromLogits: false }, options: OPTIONS },
  triplets: array(Int32Array.from(triplet), 5),
});

/** The message of the error with which a program answers each question; undefined for a result. */
function messages(program: string, args: string[], questions: readonly object[]) {
  const lines = [...questions, { ask: 'goodbye' }].map((question, id) => JSON.stringify({ id, ...question }));
  const { stdout, status } = spawnSync(program, args, { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
  expect(status).toBe(0);
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers.map(({ id }) => id)).toEqual(questions.map((_, id) => id));
  return answers.map(({ error }) => error?.message);
}

describe('a program that crl new-backend writes', () => {
  it('refuses an unknown question and another protocol, in Python', (context) => {
    if (pythonWithNumpy === undefined) return context.skip(NO_PYTHON);
    const program = join(import.meta.dirname, 'numpy/numpy_backend.py');
    const asked = [{ ask: 'hello', protocol: 1 }, { ask: 'hello', protocol: 2 }, { ask: 'nope' }, loss({})];
    expect(messages(pythonWithNumpy, [program], asked)).toEqual([
      undefined,
      'protocol: expected 1, got 2',
      expect.stringMatching(/^ask: expected one of hello, selectMinority, .*, goodbye, got nope$/),
      undefined,
    ]);
  });

  it('refuses what would be read past the end of an array, in C++', (context) => {
    const program = join(folder, 'cpp_backend');
    const source = join(import.meta.dirname, 'cpp/cpp_backend.cpp');
    const built = spawnSync('c++', ['-std=c++17', '-Wall', '-Wextra', '-Werror', '-o', program, source]);
    if (built.error) return context.skip('no C++ compiler was found: install g++ or clang');
    const { labels: _, ...unlabelled } = BATCH;
    const cases: [question: object, message: unknown][] = [
      [{ ask: 'hello', protocol: 1 }, undefined],
      [{ ask: 'hello', protocol: 2 }, 'protocol: expected 1, got 2'],
      [{ ask: 'no"pe\\' }, expect.stringMatching(/^ask: expected hello, balancedLoss, .*, got no"pe\\$/)],
      [loss({}), undefined],
      [loss({ labels: labels(0, 0, 2, -1) }), 'labels[2][0]: expected a whole number from -1 to 1, got 2'],
      [loss({ labels: labels(-2, 0, 1, 1) }), 'labels[0][0]: expected a whole number from -1 to 1, got -2'],
      [loss({ labels: labels(0, 0, 1) }), 'labels.data: expected 16 bytes, for 4×1 numbers, got 12'],
      [
        loss({ scores: array(new Float64Array(2), 2) }),
        'scores.data: expected 64 bytes, for 4×2 numbers, got 16',
      ],
      [loss({ scores: { ...BATCH.scores, data: '*' } }), 'scores.data: expected base64, got the character *'],
      [loss({ attributes: [] }), 'attributes: expected at least one, got none'],
      [loss({ attributes: [0] }), 'attributes: expected at least one class for each, got 0'],
      [loss({ size: -1 }), 'size: expected a whole number ≥ 0, got -1'],
      [loss({}, { margin: [] }), 'margin: expected length 1, got 0'],
      [{ ...loss({}), batch: unlabelled }, 'question: expected a field labels, got none'],
      [ofTriplet(2, 1, 0, 0, 1), undefined],
      [ofTriplet(4, 1, 0, 0, 1), 'triplets: expected a whole number from 0 to 3, got 4'],
      [ofTriplet(2, 1, 0, 1, 1), 'triplets: expected a whole number from 0 to 0, got 1'],
      [ofTriplet(2, 1, 0, 0, 2), 'triplets: expected a whole number from 0 to 1, got 2'],
      [
        { ...loss({}), ask: 'mineHardSamples', selection: { minority: [[2]] } },
        'minority: expected a whole number from 0 to 1, got 2',
      ],
    ];
    const asked = cases.map(([question]) => question);
    expect(messages(program, [], asked)).toEqual(cases.map(([, message]) => message));
  });
});
