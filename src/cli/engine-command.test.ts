import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineCheck } from '../engines/check-engine.js';
import { crl, folder } from './crl.test-helper.js';

describe('crl engine list', () => {
  it('says what works, on what, and what this machine lacks', () => {
    const { code, out } = crl(['engine', 'list', 'wasm', 'webgl', '--json']);
    expect(code).toBe(0);
    const [wasm, webgl] = JSON.parse(out) as [EngineCheck, EngineCheck];
    expect(wasm).toMatchObject({ engine: 'wasm', state: 'works', version: 'tfjs 4.22.0' });
    expect(wasm.products).toBeGreaterThan(0);
    expect(webgl).toEqual({
      engine: 'webgl',
      state: 'unavailable',
      reason: 'Node has no WebGL; it runs in a browser',
    });
  });

  it('tries the engine of another family by a case of the suite', () => {
    const { out } = crl(['engine', 'list', 'jax-wasm', '--json']);
    expect(JSON.parse(out)).toEqual([
      { engine: 'jax-wasm', state: 'works', device: 'processor', version: '@jax-js/jax 0.1.25' },
    ]);
  });

  it('prints a table', () => {
    const { out } = crl(['engine', 'list', 'cpu']);
    expect(out).toMatch(/│ cpu +│ works │ .*; tfjs 4.22.0; \d+ products of 256×256 matrices per second │/);
  });

  it('names an engine that does not exist', () => {
    const { code, err } = crl(['engine', 'list', 'abacus']);
    expect([code, err]).toEqual([2, expect.stringContaining('cpu, wasm, tensorflow')]);
  });
});

describe('crl engine install', () => {
  it('refuses an engine that npm installs, and a version that it does not know', () => {
    expect(crl(['engine', 'install', 'wasm']).err).toContain(
      'Allowed choices are tensorflow, tensorflow-gpu.',
    );
    const { code, err } = crl(['engine', 'install', 'tensorflow', '--version', '2.3.0']);
    expect([code, err]).toEqual([
      2,
      'crl: --version: expected TensorFlow 2.15 or a later 2, got 2.3.0; 2.21.0, 2.18.1, 2.15.1 were tried\n',
    ]);
  });

  it('links nothing where its files are missing', () => {
    const cache = join(folder, 'cache');
    const { code, err } = crl(['engine', 'install', 'tensorflow', '--offline', folder, '--cache', cache]);
    expect(code).toBe(2);
    // one of them, in this order, depending on the machine
    expect(err).toMatch(
      /^crl: (TensorFlow (is built|needs glibc)|there is no g\+\+|python3 is|.*GB of free|--offline)/,
    );
    expect(existsSync(join(cache, 'tensorflow', '2.21.0-1'))).toBe(false);
  });
});
