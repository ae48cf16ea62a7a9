/**
 * The suite as tests of a test runner.
 *
 * @module
 */
import { judge, type PropertyReport, planSuite, properties, type Subject } from '../../properties/index.js';
import { unknownName } from '../../spec/errors.js';
import type { BackendModule } from '../../spec/index.js';
import { readTimeout } from './answer-in-time.js';
import { backendMaker } from './make-backend.js';
import type { VerifyChoices } from './verify-choices.js';

/** `test` or `it` of vitest, jest or node:test. */
// biome-ignore lint/suspicious/noExplicitAny: each runner hands its own context to a test
export type TestFunction = (name: string, run: (...context: any[]) => Promise<void>) => unknown;

/** Which properties to register, and how they run. */
export interface BackendPropertiesOptions extends VerifyChoices {
  /** Handed to a factory. */
  readonly engine?: string;
}

/** A property that does not hold; the message has the smallest batch and how to run it again. */
export class PropertyFailedError extends Error {
  override readonly name = 'PropertyFailedError';
  constructor(readonly report: PropertyReport) {
    super(failureMessage(report));
  }
}

/**
 * Registers one test per property. It fails if the property does not hold, or if it is required and cannot run.
 *
 * Properties that the backend's declared capabilities exclude are skipped where the runner's context can skip
 * (vitest, node:test), and pass where it cannot (jest). The backend is made once, by the first test. If it is not
 * a backend, or declares an impossible capability, every test fails with a BackendError.
 *
 * @param test - `test` or `it` of vitest, jest or node:test
 * @param factory - a backend, or a function that makes one
 * @throws InputRangeError - if an option is out of range
 * @example
 * ```ts
 * import { backendProperties } from 'class-rectification/verify';
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * const names: string[] = [];
 * const test = (name: string) => names.push(name); // import { test } from 'vitest'
 * backendProperties(test, referenceBackend, { runs: 50, seed: 1, only: ['minority-paired'] });
 * names[0].startsWith('selectMinority: minority-paired'); // → true
 * ```
 */
export function backendProperties(
  test: TestFunction,
  factory: BackendModule,
  options: BackendPropertiesOptions = {},
): void {
  const { engine, timeout, ...choices } = options;
  readTimeout(timeout); // a wrong one is refused here, as the other options are
  const plan = planSuite(choices);
  const maker = backendMaker(factory, { engine, timeout });
  let made: Promise<Subject> | undefined;
  for (const property of plan.properties) {
    // no parameters by name: jest takes a first one for its done callback
    test(`${property.stage}: ${property.id}: ${property.claim}`, async (...context) => {
      made ??= maker.make();
      const subject = await made;
      const { backend } = subject;
      const { known } = planSuite(choices, backend);
      const report = await judge(property, subject, {
        ...plan,
        known,
        afresh: maker.afresh,
        replay: { backend: backend.name, engine: backend.engine },
      });
      conclude(report, context[0]);
    });
  }
  for (const id of plan.stale) {
    test(`known failure ${id}`, async () => {
      const ids = properties.map((property) => property.id);
      unknownName('known', 'the id of a property (this entry is stale)', ids, id);
    });
  }
}

function conclude(report: PropertyReport, context: unknown): void {
  const { verdict, reason, cases, required } = report;
  if (verdict === 'failed' || verdict === 'unexpected-pass' || (required && cases === 0))
    throw new PropertyFailedError(report);
  if (verdict === 'passed') return;
  const { skip } = (context ?? {}) as { skip?: (why?: string) => void };
  if (typeof skip === 'function') skip.call(context, `${verdict}: ${reason}`);
}

function failureMessage({
  id,
  source,
  claim,
  verdict,
  reason,
  counterexample,
  replay,
}: PropertyReport): string {
  return [
    `${id} ${verdict}: ${reason ?? 'it ran no case'}`,
    `claim: ${claim} (${source})`,
    ...(counterexample
      ? [
          `smallest batch found (${counterexample.document.labels.length} samples): ${JSON.stringify(counterexample.document)}`,
          `token: ${counterexample.token}`,
        ]
      : []),
    `replay: ${replay}`,
  ].join('\n');
}
