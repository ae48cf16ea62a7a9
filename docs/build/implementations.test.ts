import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NO_PYTHON, pythonWithNumpy } from '../../backends/command/python.test-helper.js';
import { referenceBackend } from '../../backends/reference.js';
import { runSuite } from '../../properties/index.js';
import { STAGES } from '../../spec/index.js';
import {
  type Found,
  implementationsPage,
  judged,
  MOST_SAMPLES,
  programs,
  type Results,
} from './implementations.js';

const docs = resolve(import.meta.dirname, '..');
const results: Results = JSON.parse(readFileSync(join(docs, 'results/implementations.json'), 'utf8'));
const all = programs().map((program) => [program.file, program, results[program.file] as Found] as const);

/** Right or wrong, it cannot pass: whatever it is asked, it throws. */
const failing = () => {
  const refuse = () => {
    throw new Error('asked');
  };
  const stages = Object.fromEntries([...STAGES, 'lossOnReplicas'].map((name) => [name, refuse]));
  return { ...referenceBackend(), ...stages };
};

// npm run implementations judges the programs again, as a change of what the suite draws demands
describe('the page of public implementations', () => {
  it('is what npm run implementations makes, of at least eight programs', () => {
    expect(readFileSync(join(docs, 'implementations.md'), 'utf8')).toBe(implementationsPage(results));
    expect(Object.keys(results).sort()).toEqual(all.map(([file]) => file));
    expect(all.length).toBeGreaterThanOrEqual(8);
  });

  it.each(all)('%s: its error was found by its property, in a few samples', (_, { caughtBy }, found) => {
    expect([found.verdict, found.property]).toEqual(['failed', caughtBy]);
    expect(found.counterexample.document.labels.length).toBeLessThanOrEqual(MOST_SAMPLES);
  });

  it.each(all)(
    '%s: its token draws the case that is shown, which a right backend passes',
    async (_, __, found) => {
      const { token: replay, document } = found.counterexample;
      const drawn = await runSuite(failing(), { replay });
      expect(drawn.properties[0]?.counterexample?.document).toEqual(document);
      expect((await runSuite(referenceBackend(), { replay })).properties[0]?.verdict).toBe('passed');
    },
  );

  it.skipIf(pythonWithNumpy === undefined).each(all)(
    `%s: fails again by its token${pythonWithNumpy ? '' : ` (${NO_PYTHON})`}`,
    async (_, program, found) => {
      const { message, token } = found.counterexample;
      const again = await judged(pythonWithNumpy as string, program, { replay: token });
      expect(again?.counterexample.message).toBe(message);
    },
  );
});
