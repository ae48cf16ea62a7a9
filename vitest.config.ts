import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  test: {
    include: ['{spec,backends,properties,src,bench,docs}/**/*.test.ts'],
    // typedoc copies the files that documents link to
    exclude: ['docs/site/**'],
    // only a test that hangs takes an hour: no test may fail because a machine is slow
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    // tfjs's engine is global to a process, and two cores gain little from more workers
    maxWorkers: 2,
  },
  resolve: {
    alias: {
      'class-rectification/spec': here('./spec/index.ts'),
      'class-rectification/data': here('./src/data/index.ts'),
      'class-rectification/properties': here('./properties/index.ts'),
      'class-rectification/backends/tfjs': here('./backends/tfjs/index.ts'),
      'class-rectification/backends/host': here('./backends/host/index.ts'),
      'class-rectification/backends/reference': here('./backends/reference.ts'),
      'class-rectification/wasm-convolution': here('./src/wasm-convolution/index.ts'),
      'class-rectification/rivals': here('./src/rivals/index.ts'),
      'class-rectification/metrics': here('./src/metrics/index.ts'),
      'class-rectification': here('./src/index.ts'),
    },
  },
});
