import { defineConfig } from 'vitest/config';

const ofSpec = (process.env.CRL_MUTATED ?? 'spec') === 'spec';

export default defineConfig({
  test: {
    include: [`properties/mutation/${ofSpec ? '' : 'backend-'}judge.test.ts`],
    testTimeout: 120_000,
  },
});
