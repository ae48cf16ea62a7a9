import { availableParallelism } from 'node:os';
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
    // tfjs's engine is global to a process, and a worker more than there are cores gains nothing; more than eight
    // would need more memory than most machines have
    maxWorkers: Math.min(8, Math.max(2, availableParallelism())),
  },
  resolve: {
    // exactly: a name alone would match as a prefix too
    alias: Object.entries(entries(import.meta.dirname, 'source')).map(([name, replacement]) => ({
      find: new RegExp(`^${name}$`),
      replacement,
    })),
  },
});
