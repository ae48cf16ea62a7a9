import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { classBalancedAccuracy } from '../../spec/index.js';
import { resultText, trainingTarget, verifyingText } from './start-command.js';

describe('crl start', () => {
  const accuracy = (right: number) =>
    classBalancedAccuracy([0, 0, 1, 1], [0, right > 0 ? 0 : 1, right > 1 ? 1 : 0, 1], 2);
  const seeds = (ce: number, crl: number) =>
    [1, 2, 3].map((seed) => ({
      seed,
      crossEntropy: accuracy(ce),
      rectified: accuracy(crl),
      minorityShare: [0, 0.5],
    }));
  const result = {
    counts: [500, 5],
    omega: 0.5,
    validation: [
      { eta: 0, alpha: 0, accuracy: 0.7 },
      { eta: 0.2, alpha: 0.1, accuracy: 0.6 },
    ],
    eta: 0.2,
    alpha: 0.1,
  };

  it('trains through TensorFlow where it has passed, else through wasm, and fused where that has passed', () => {
    const report = (backend: string, engine: string, passed = true) => ({ backend, engine, passed });
    const plain = [report('host', ''), report('tfjs', 'cpu'), report('tfjs', 'wasm')];
    const onTensorFlow = { backend: 'tfjs-fused', engine: 'tensorflow' };
    expect(trainingTarget([...plain, report('tfjs-fused', 'tensorflow')])).toEqual(onTensorFlow);
    expect(trainingTarget([...plain, report('tfjs-fused', 'tensorflow', false)]).engine).toBe('wasm');
    expect(trainingTarget(plain)).toEqual({ backend: 'tfjs', engine: 'wasm' });
    const fused = { backend: 'tfjs-fused', engine: 'wasm' };
    expect(trainingTarget([...plain, report('tfjs-fused', 'wasm')])).toEqual(fused);
    expect(() => trainingTarget([report('host', '')])).toThrow('no engine of tfjs is available');
  });

  it('loads no tfjs itself: its processes do, and the first results come sooner', () => {
    const loadedBy = (name: string) => {
      const file = pathToFileURL(resolve(import.meta.dirname, '../../dist/src/cli', name)).href;
      const program = `import Module from 'node:module';
        await import(${JSON.stringify(file)});
        console.log(Object.keys(Module._cache).join('\\n'));`;
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      return ['@tensorflow/tfjs-core', 'cli-table3'].filter((each) => stdout.includes(each));
    };
    expect(loadedBy('start-command.js')).toEqual(['cli-table3']);
    expect(loadedBy('../browser/verify-in-browser.js')).toEqual(['@tensorflow/tfjs-core']);
  });

  it('says whether TensorFlow is installed, and how to get it', () => {
    expect(verifyingText({ state: 'works' })).toContain('and tfjs-fused on TensorFlow.');
    const reason = 'npx crl engine install tensorflow';
    expect(verifyingText({ state: 'missing', reason })).toContain(
      `TensorFlow is not installed; to train on it, get it with: ${reason}`,
    );
    expect(verifyingText({ state: 'broken', reason: 'it crashed' })).toContain(
      'TensorFlow is broken here: it crashed',
    );
  });

  it('says which did better, or that nothing shows', () => {
    expect(resultText({ ...result, seeds: seeds(0, 2) })).toContain('CRL did better here (+50.00 points');
    expect(resultText({ ...result, seeds: seeds(2, 0) })).toContain('CRL did worse here (−50.00 points');
    expect(resultText({ ...result, seeds: seeds(1, 1) })).toContain('No difference that 3 seeds can show');
    expect(resultText({ ...result, seeds: seeds(1, 1) })).toContain('50 % of batches');
  });
});
