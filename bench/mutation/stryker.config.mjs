const judged = process.env.CRL_MUTATED ?? 'spec';
/** Judges by the tests beside the sources only. */
const byOwnTests = judged === 'own';
/** For authors of tests: survivors are printed and not kept. */
const keepsNothing = process.env.CRL_KEEP_NOTHING !== undefined;
const ofSpec = judged === 'spec';
const inVitest = ofSpec || byOwnTests;
const vitestConfig = byOwnTests ? 'own-tests' : 'vitest';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  // a file of types alone has no test that Vitest finds related to it; run.mjs then goes on with the next judge
  allowEmpty: process.env.CRL_ALLOW_EMPTY !== undefined,
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
  // an endless loop is recognised by its time, and a busy machine must not look like one
  timeoutMS: 20_000,
  timeoutFactor: inVitest ? 3 : 1, // the first run of a replay takes twice as long as that of a mutant
  ignorePatterns: [
    '/dist*',
    // tsconfig.json names those of these folders
    '/docs/*',
    '!/docs/build',
    '!/docs/playground',
    '/bench/*',
    '!/bench/mutation',
    '/.ci',
    '/properties/wrong-backends',
  ].concat(
    // the sandbox does not need what the judges do not import
    ofSpec ? ['/src', '/backends/tfjs', '/backends/host/**/*.ts'] : [],
  ),
  tempDirName: '.stryker/tmp',
  incremental: !keepsNothing,
  reporters: keepsNothing ? ['clear-text'] : ['progress-append-only'],
};
