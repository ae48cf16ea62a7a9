const ofSpec = (process.env.CRL_MUTATED ?? 'spec') === 'spec';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'properties/mutation/vitest.config.mjs', related: false },
  plugins: ['@stryker-mutator/vitest-runner', './properties/mutation/wording.mjs'],
  ignorers: ['wording'],
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // an endless loop is judged by what it takes, and a machine at work elsewhere must not look like one
  timeoutMS: 20_000,
  timeoutFactor: 3,
  ignorePatterns: ['/dist*', '/docs', '/bench', '/.ci', '/properties/mutants'].concat(
    // what the judges do not import, the sandbox need not have
    ofSpec ? ['/src', '/backends/tfjs', '/backends/host'] : [],
  ),
  tempDirName: '.stryker/tmp',
  incremental: true,
  reporters: ['progress-append-only'],
};
