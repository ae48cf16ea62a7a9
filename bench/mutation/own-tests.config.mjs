import { defineConfig } from 'vitest/config';

const tests = process.env.CRL_OWN_TESTS ?? '*';

/**
 * The tests beside the backends; by name, also those beside the specification. The source of the WebAssembly is not
 * TypeScript, and is not mutated. Threads start the built worker, which mutants are not in and which Stryker's copy
 * lacks.
 */
export default defineConfig({
  test: {
    include: [`${tests === '*' ? 'backends' : '{backends,spec}'}/**/${tests}.test.ts`],
    exclude: [
      'backends/host/simd/functions.test.ts',
      'backends/host/threads/**',
      'backends/tfjs/engines/**',
      'backends/tfjs/fused/webgpu/**',
    ],
    testTimeout: 60_000,
    fileParallelism: false,
  },
});
