const ofSpec = (process.env.CRL_MUTATED ?? 'spec') === 'spec';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  plugins: [
    ofSpec ? '@stryker-mutator/vitest-runner' : './properties/mutation/replay-runner.mjs',
    './properties/mutation/wording.mjs',
  ],
  ...(ofSpec
    ? {
        testRunner: 'vitest',
        vitest: { configFile: 'properties/mutation/vitest.config.mjs', related: false },
        coverageAnalysis: 'perTest',
      }
    : { testRunner: 'replay', coverageAnalysis: 'off' }),
  ignorers: ['wording'],
  concurrency: 1,
  // an endless loop is judged by what it takes, and a machine at work elsewhere must not look like one
  timeoutMS: 20_000,
  timeoutFactor: ofSpec ? 3 : 1, // a replay's first run takes twice what a mutant's does
  ignorePatterns: ['/dist*', '/docs', '/bench', '/.ci', '/properties/mutants'].concat(
    // what the judges do not import, the sandbox need not have
    ofSpec ? ['/src', '/backends/tfjs', '/backends/host'] : [],
  ),
  tempDirName: '.stryker/tmp',
  incremental: true,
  reporters: ['progress-append-only'],
};
