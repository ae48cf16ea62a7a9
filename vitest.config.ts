import { defineConfig } from 'vitest/config';
import { entries } from './src/support/entries.js';

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
    // exactly: a name alone would match as a prefix too
    alias: Object.entries(entries(import.meta.dirname, 'source')).map(([name, replacement]) => ({
      find: new RegExp(`^${name}$`),
      replacement,
    })),
  },
});
