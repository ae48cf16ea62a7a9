/** Engines, as tfjs registers them, whose tensors the processor can read at once. */
export const HOST_ENGINES: readonly string[] = ['cpu', 'wasm', 'tensorflow'];
