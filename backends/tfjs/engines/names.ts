/**
 * The names of the engines, for code that must load no tfjs.
 *
 * @module
 */

/** The names of all engines that this package knows how to load. */
export const ENGINE_NAMES = ['cpu', 'wasm', 'tensorflow', 'tensorflow-gpu', 'webgpu', 'webgl'] as const;

/**
 * The name of an engine. It is the one that tfjs registers it under, except for `tensorflow-gpu`.
 *
 * - `cpu`, `wasm`: anywhere.
 * - `tensorflow`: in Node, where `crl engine install tensorflow` has installed it.
 * - `tensorflow-gpu`: in Node, where tfjs-node-gpu is installed and finds a GPU.
 * - `webgpu`: in a browser, and in Node with the package `webgpu` and a Vulkan driver.
 * - `webgl`: in a browser.
 */
export type EngineName = (typeof ENGINE_NAMES)[number];
