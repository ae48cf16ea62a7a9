import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandBackend } from '../../backends/command/index.js';
import { NO_PYTHON, pythonWithNumpy } from '../../backends/command/python.test-helper.js';
import { runSuite } from '../../properties/index.js';
import { type JsonSchema, violations } from './json-schema.test-helper.js';

const root = resolve(import.meta.dirname, '../..');
const schema = JSON.parse(readFileSync(join(root, 'schemas/protocol.schema.json'), 'utf8')) as JsonSchema;
const folder = mkdtempSync(join(tmpdir(), 'protocol-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a message violates of one definition. */
const violated = (name: string, value: unknown) => violations({ $ref: `#/$defs/${name}` }, value, schema);

interface Message {
  readonly id: number;
  readonly ask?: string;
  readonly result?: unknown;
}

/** Properties that together ask every question. */
const ASKING_ALL = [
  ...['minority-agrees', 'mining-agrees', 'triplets-agree', 'gradient-agrees', 'balanced-agrees'],
  ...[
    'training-agrees',
    'training-steps-independent',
    'training-weighs-samples',
    'training-losses-independent',
    'training-evaluates',
  ],
  'global-batch-agrees',
];

/** The lines of a session in which the suite judges a program. */
async function session(
  program: readonly [string, ...string[]],
  more: readonly string[] = [],
): Promise<[sign: string, message: Message][]> {
  const file = join(folder, `${program.length}-${program[0].length}`);
  const recorder = join(import.meta.dirname, 'recording.test-program.mjs');
  const backend = await commandBackend({
    command: [process.execPath, recorder, file, ...program],
    timeout: 60,
  });
  const train = backend.train?.bind(backend);
  const report = await runSuite(backend, {
    runs: 4,
    seed: 1,
    only: [...ASKING_ALL, ...more],
    ...(train ? { train } : {}),
  });
  await backend.dispose?.();
  expect(report.properties.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id)).toEqual([]);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => [line[0] as string, JSON.parse(line.slice(2))]);
}

/** Demands that every line fits the schema, each answer as the result of what was asked. */
function expectFits(lines: readonly [string, Message][]): void {
  const asked = new Map<number, string>();
  const met = new Set<string>();
  for (const [sign, message] of lines) {
    expect(violations(schema, message)).toEqual([]);
    if (sign === '>') {
      expect(violated(`ask-${message.ask}`, message)).toEqual([]);
      asked.set(message.id, message.ask as string);
      continue;
    }
    const ask = asked.get(message.id) as string;
    if ('error' in message) {
      expect(violated('refusal', message)).toEqual([]);
      continue;
    }
    met.add(ask);
    expect(violated('answer', message)).toEqual([]);
    expect(violated(`result-${ask}`, message.result), ask).toEqual([]);
  }
  const answered = Object.keys(Object(schema.$defs)).filter((name) => name.startsWith('result-'));
  expect([...met].map((ask) => `result-${ask}`).sort()).toEqual(answered.sort());
}

describe('the schema of the protocol', () => {
  it('holds for every message of a session', async () => {
    const program = join(root, 'backends/command/answering.test-program.mjs');
    expectFits(await session([process.execPath, program]));
  });

  it('holds for a session with a program in Python', async (context) => {
    if (pythonWithNumpy === undefined) return context.skip(NO_PYTHON);
    const program = join(root, 'backends/numpy/numpy_backend.py');
    // its answers to numbers that are not finite hold such numbers, as text
    expectFits(await session([pythonWithNumpy, program], ['non-finite-probability-surfaces']));
  });

  it('holds for a refusal', () => {
    const refusal = { id: 3, error: { name: 'ValueError', message: 'no such class' } };
    expect([violations(schema, refusal), violated('refusal', refusal)]).toEqual([[], []]);
  });

  it('is violated by anything else', () => {
    const array = { dtype: 'float64', shape: [1, 2], data: 'AAAA' };
    const right = { loss: 0.5, gradient: array };
    expect(violated('result-rectificationLoss', right)).toEqual([]);
    expect(violated('result-rectificationLoss', { ...right, loss: 'nan' })).toEqual(['$.loss: anyOf']);
    expect(violated('result-rectificationLoss', { loss: 0.5 })).toEqual(['$: required gradient']);
    for (const wrong of [{ dtype: 'int32' }, { dtype: 'float16' }, { shape: [-1, 2] }, { data: 'A A' }])
      expect(
        violated('result-rectificationLoss', { ...right, gradient: { ...array, ...wrong } }),
      ).toHaveLength(1);
    expect(violations(schema, { id: 1, ask: 'multiply' })).toEqual(['$: anyOf']);
    expect(violations(schema, { result: right })).toEqual(['$: anyOf']);
  });
});
