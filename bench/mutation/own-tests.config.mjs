import { defineConfig } from 'vitest/config';

/** The tests beside the backends. The source of the WebAssembly is not TypeScript, and is not mutated. */
export default defineConfig({
  test: {
    include: [`backends/**/${process.env.CRL_OWN_TESTS ?? '*'}.test.ts`],
    exclude: [
      'backends/host/simd/functions.test.ts',
      'backends/tfjs/engines/**',
      'backends/tfjs/fused/webgpu/**',
    ],
    testTimeout: 60_000,
    fileParallelism: false,
  },
});
