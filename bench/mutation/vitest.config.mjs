import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['bench/mutation/judge.test.ts'], testTimeout: 120_000 },
});
