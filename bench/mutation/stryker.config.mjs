const judged = process.env.CRL_MUTATED ?? 'spec';
/** By the tests that lie beside the sources, and nothing else. */
const byOwnTests = judged === 'own';
/** For who writes tests: what lives is shown, and forgotten. */
const keepsNothing = process.env.CRL_KEEP_NOTHING !== undefined;
const ofSpec = judged === 'spec';
const inVitest = ofSpec || byOwnTests;
const vitestConfig = byOwnTests ? 'own-tests' : 'vitest';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  plugins: [
    inVitest ? '@stryker-mutator/vitest-runner' : './bench/mutation/replay-runner.mjs',
    './bench/mutation/wording.mjs',
  ],
  ...(inVitest
    ? {
        testRunner: 'vitest',
        vitest: { configFile: `bench/mutation/${vitestConfig}.config.mjs`, related: byOwnTests },
        coverageAnalysis: 'perTest',
      }
    : { testRunner: 'replay', coverageAnalysis: 'off' }),
  ignorers: ['wording'],
  concurrency: 1,
  // an endless loop is judged by what it takes, and a machine at work elsewhere must not look like one
  timeoutMS: 20_000,
  timeoutFactor: inVitest ? 3 : 1, // a replay's first run takes twice what a mutant's does
  ignorePatterns: [
    '/dist*',
    '/docs',
    '/bench/*',
    '!/bench/mutation',
    '/.ci',
    '/properties/wrong-backends',
  ].concat(
    // what the judges do not import, the sandbox need not have
    ofSpec ? ['/src', '/backends/tfjs', '/backends/host'] : [],
  ),
  tempDirName: '.stryker/tmp',
  incremental: !keepsNothing,
  reporters: keepsNothing ? ['clear-text'] : ['progress-append-only'],
};
