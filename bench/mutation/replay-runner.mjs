/**
 * Stryker's runner for mutants of a backend. Every property of the suite judges them, at a fixed seed. The
 * specification's part of that takes most of the time and is the same for all mutants. So the calls that the
 * suite makes to the right backend are recorded once and repeated on each mutant. If all answers are the same
 * to the last bit, so is the verdict; if one differs, its property runs for real. Properties that look at more
 * than answers (training, leaks, concurrent calls) always run for real. `run.mjs` has run the backend's own
 * tests before.
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import vm from 'node:vm';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner';
import { buildSync } from 'esbuild';
import { record, replay } from './recording.mjs';

const group = process.env.CRL_MUTATED ?? 'host';

/** How often one call may pass a mutated place; a loop that passes it more often counts as endless. */
const MOST_PASSES = 30_000_000;

class ReplayRunner {
  #recorded;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    const { outputFiles } = buildSync({
      absWorkingDir: process.cwd(), // the sandbox: esbuild's default is the folder before Stryker entered it
      entryPoints: ['bench/mutation/subjects.mts'],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      packages: 'external',
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': '__url', 'import.meta.dirname': '__dirname' },
      logLevel: 'error',
    });
    // no coverage: counting it in every loop would take ten times as long as the loops
    const code = outputFiles[0].text.replaceAll(/\bstryCov_9fa48\("[^)]*\),/g, '0,');
    const file = resolve('bench/mutation/subjects.mts');
    this.require = createRequire(file);
    this.script = new vm.Script(`(function (module, exports, require, __dirname, __url) {${code}\n})`, {
      filename: file,
    });
  }

  /** A fresh copy of all modules, with one mutant active from the first line on, or none. */
  #copy(active) {
    globalThis.__stryker__ = { ...(active === undefined ? {} : { activeMutant: active }) };
    const module = { exports: {} };
    const file = resolve('bench/mutation/subjects.mts');
    this.script.runInThisContext()(
      module,
      module.exports,
      this.require,
      resolve('bench/mutation'),
      `file://${file}`,
    );
    return module.exports;
  }

  async #record() {
    const { modules, ids, failureOf } = this.#copy();
    const recorded = [];
    for (const [m, make] of modules[group].entries()) {
      const backend = await make();
      for (const id of ids) {
        const began = performance.now();
        const found = await record(backend, (watched) => failureOf(watched, id, group));
        recorded.push({
          m,
          id,
          name: `${backend.name}: ${id}`,
          timeSpentMs: performance.now() - began,
          ...found,
        });
      }
    }
    this.#recorded = recorded;
    return recorded;
  }

  async dryRun() {
    const recorded = await this.#record();
    const tests = recorded.map(({ name, failure, timeSpentMs }) => {
      const test = { id: name, name, timeSpentMs };
      return failure === undefined
        ? { ...test, status: TestStatus.Success }
        : { ...test, status: TestStatus.Failed, failureMessage: failure };
    });
    const again = await this.#judge(undefined);
    if (again.failure !== undefined)
      return {
        status: DryRunStatus.Error,
        errorMessage: `not the same when replayed: ${again.name}: ${again.failure}`,
      };
    return {
      status: DryRunStatus.Complete,
      tests: [...tests, { id: 'replay', name: 'replay', timeSpentMs: again.ms, status: TestStatus.Success }],
    };
  }

  async mutantRun({ activeMutant }) {
    if (!this.#recorded) await this.#record();
    const nrOfTests = this.#recorded.length;
    const { failure, name, endless } = await this.#judge(activeMutant.id);
    if (endless) return { status: MutantRunStatus.Timeout, reason: name };
    if (failure === undefined) return { status: MutantRunStatus.Survived, nrOfTests };
    return { status: MutantRunStatus.Killed, killedBy: [name], failureMessage: failure, nrOfTests };
  }

  /** The property that kills a mutant, if there is one. */
  async #judge(mutant) {
    const began = performance.now();
    const done = (found) => ({ ...found, ms: performance.now() - began });
    let copy;
    const made = [];
    try {
      copy = this.#copy(mutant);
      for (const make of copy.modules[group]) made.push(await make());
    } catch (error) {
      return done({ name: this.#recorded[0].name, failure: `it cannot be made: ${error.message}` });
    }
    const { failureOf } = copy;
    const passes = globalThis.__stryker__;
    const begin = () => {
      passes.hitCount = 0;
      passes.hitLimit = MOST_PASSES;
    };
    const isEndless = () => passes.hitCount > MOST_PASSES;
    const forReal = async ({ m, id, name }) => {
      begin();
      const failure = await failureOf(made[m], id, group);
      return failure === undefined ? undefined : { name, failure, endless: isEndless() };
    };
    for (const recorded of this.#recorded) {
      if (!recorded.replayable) continue;
      begin();
      const outcome = await replay(made[recorded.m], recorded.calls, () => {
        if (!isEndless()) begin();
      });
      if (outcome === 'same') continue;
      if (isEndless()) return done({ name: recorded.name, failure: 'no end', endless: true });
      if (outcome === 'wrote') {
        await this.#record(); // the recorded arguments were overwritten
        return this.#judgeForReal(mutant);
      }
      const killed = await forReal(recorded);
      if (killed) return done(killed);
    }
    for (const recorded of this.#recorded) {
      if (recorded.replayable) continue;
      const killed = await forReal(recorded);
      if (killed) return done(killed);
    }
    return done({});
  }

  /** Runs the whole suite for real: for a mutant that writes to its arguments. */
  async #judgeForReal(mutant) {
    const { modules, ids, failureOf } = this.#copy(mutant);
    for (const make of modules[group]) {
      const backend = await make();
      for (const id of [...ids].reverse()) {
        const failure = await failureOf(backend, id, group);
        if (failure !== undefined) return { name: `${backend.name}: ${id}`, failure };
      }
    }
    return {};
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'replay', ReplayRunner)];
