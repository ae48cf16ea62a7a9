/** Engines, by the names that tfjs registers them under, whose tensors the processor can read at once. */
export const HOST_ENGINES: readonly string[] = ['cpu', 'wasm', 'tensorflow'];
