import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { verify } from '../verify/verify.js';
import { declaredBackends, readDeclarations } from './declared-backends.js';

const folder = mkdtempSync(join(tmpdir(), 'third-family-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The built specification: a module outside of the package cannot import its sources. */
const SPEC = pathToFileURL(resolve(import.meta.dirname, '../../dist/spec/index.js')).href;

/** A family whose tensors are objects of its own, and which differentiates by itself. */
const BACKEND = `
import { balancedLoss, COMPARISONS, ENCODINGS, LEVELS } from '${SPEC}';
const stages = { formTriplets: 'fused', selectMinority: 'fused', mineHardSamples: 'fused', rectificationLoss: 'fused' };
class Abacus { constructor(numbers) { this.numbers = numbers; } }
export default ({ engine = 'third-engine' }) => ({
  name: 'third',
  engine,
  versions: { abacus: '1.2.3' },
  supports: { encodings: ENCODINGS, levels: LEVELS, comparisons: COMPARISONS, gradient: true,
    precision: 'float64', execution: 'tensor', missing: stages },
  balancedLoss,
  tensorLoss: () => (labels, scores) => new Abacus([labels, scores]),
  async train(batch, options, { madeAt = options.alpha, withoutAlpha = false } = {}) {
    const found = balancedLoss(batch, withoutAlpha ? { ...options, alpha: madeAt } : options);
    const { gradient, featureGradient } = found;
    return { loss: found.loss, gradient: gradient.data, ...(featureGradient && { featureGradient: featureGradient.data }) };
  },
});
`;

const DECLARED = `
export default [{
  name: 'third',
  module: 'third/backend.js',
  engines: [{ name: 'third-engine', use: 'always' }],
  load: async () => (await import('./backend.js')).default,
}];
`;

describe('a backend of a third family', () => {
  it('is found by what its folder declares, judged, and trained by its own differentiation', async () => {
    mkdirSync(join(folder, 'third'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'third/declared.js'), DECLARED);
    writeFileSync(join(folder, 'third/backend.js'), BACKEND);
    const [third, ...others] = await readDeclarations(folder);
    expect(others).toEqual([]);
    expect(third).toMatchObject({ name: 'third', engines: [{ name: 'third-engine' }] });
    const only = ['balanced-agrees', 'balanced-gradient-agrees', 'training-agrees', 'training-logits-agree'];
    const report = await verify(await (third as NonNullable<typeof third>).load(), {
      engine: 'third-engine',
      runs: 10,
      seed: 1,
      only,
    });
    expect(report.properties.map(({ id, verdict }) => [id, verdict])).toEqual(
      only.map((id) => [id, 'passed']),
    );
    expect(report).toMatchObject({ backend: 'third', engine: 'third-engine' });
    expect(report.versions).toMatchObject({ abacus: '1.2.3' });
  });

  it('is found beside the others in the same way', () => {
    const names = declaredBackends.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['reference', 'host', 'jax-js', 'tfjs', 'tfjs-fused']));
  });
});
