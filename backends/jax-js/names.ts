/**
 * The names of the engines of jax-js, for code that must not load it.
 *
 * @module
 */

/** The engines. `jax-wasm` runs in Node and in browsers, `jax-webgpu` in browsers. */
export const JAX_ENGINE_NAMES = ['jax-wasm', 'jax-webgpu'] as const;

/** The name of an engine. */
export type JaxEngineName = (typeof JAX_ENGINE_NAMES)[number];
