import { defineConfig } from 'vitest/config';

const group = process.env.CRL_MUTATED ?? 'spec';
const ofSpec = group === 'spec';

export default defineConfig({
  test: {
    include: ofSpec
      ? ['properties/mutation/judge.test.ts']
      : [
          'properties/mutation/backend-judge.test.ts',
          ...(group === 'host' ? ['backends/host/**/*.test.ts'] : []),
        ],
    testTimeout: 120_000,
  },
});
