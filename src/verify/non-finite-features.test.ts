import { expect, it } from 'vitest';
import { jaxBackend } from '../../backends/jax-js/backend.js';
import { fusedBackend, tfjsBackend } from '../../backends/tfjs/backend.js';
import { verify } from './verify.js';

const BACKENDS = {
  'tfjs on cpu': () => tfjsBackend({ engine: 'cpu' }),
  'tfjs on wasm': () => tfjsBackend({ engine: 'wasm' }),
  'tfjs-fused on wasm': () => fusedBackend({ engine: 'wasm' }),
  'jax-js': () => jaxBackend(),
} as const;

// each engine loses NaN and infinity in a way of its own: in a hinge, in top-k, or beside a placeholder
it.each(Object.keys(BACKENDS) as (keyof typeof BACKENDS)[])(
  'features that are not finite, and distances that overflow, show on %s',
  async (name) => {
    const only = ['non-finite-feature-surfaces', 'overflowing-distance-surfaces'];
    const { properties } = await verify(BACKENDS[name], { seed: 1, runs: 120, only });
    expect(properties.map(({ id, verdict, reason }) => [id, verdict, reason])).toEqual(
      only.map((id) => [id, 'passed', undefined]),
    );
  },
);
