import { defineConfig } from 'vitest/config';

/** The judges, and no other test: of the specification's own, only the vectors. */
export default defineConfig({
  test: { include: ['properties/mutation/judge.test.ts', 'spec/vectors.test.ts'], testTimeout: 120_000 },
});
