/**
 * A backend that is judged property by property, in this process or in another.
 *
 * @module
 */
import {
  type Judgement,
  judge,
  judgeLost,
  type KeptCases,
  type LostProcess,
  type Property,
  type PropertyReport,
  properties,
  type ReplayTarget,
  thrownPlace,
} from '../../properties/index.js';
import type { Backend, BackendModule } from '../../spec/index.js';
import { thrownText, unknownName } from '../../spec/rules.js';
import { BuiltIns } from './built-ins.js';
import { backendMaker, type MakeOptions } from './make-backend.js';
import { timedWatch, UNWATCHED } from './watch.js';

/** How one property is judged. */
export type SessionJudgement = Pick<Judgement, 'runs' | 'seed' | 'path' | 'level' | 'known'>;

/** A backend as a report names it. */
export type BackendHead = Pick<Backend, 'name' | 'engine' | 'adapter' | 'versions'> &
  Partial<Pick<Backend, 'supports'>>;

/** A backend that has been made, and can be judged. */
export interface Session {
  readonly backend: BackendHead;
  /** Judges a property. */
  readonly judge: (id: string, how: SessionJudgement) => Promise<PropertyReport>;
  /** Disposes of the backend. @returns why that failed, if it did */
  readonly close: () => Promise<string | undefined>;
}

/** Limits that a replay command names, since a case may fail within them only. */
export type ReplayLimits = Pick<ReplayTarget, 'timeout' | 'memory'>;

/** A session in this process. */
export interface LocalSession extends Session {
  /** The verdict of a property that ran in a process that was lost. */
  readonly judgeLost: (id: string, how: SessionJudgement, lost: LostProcess) => PropertyReport;
  /** Calls that are not made again, with what became of them. */
  readonly unanswered: ReadonlyMap<string, string>;
}

/**
 * Makes a backend in this process.
 *
 * @throws BackendError - if it cannot be made, or is not a backend
 * @throws Error - of the name `EngineUnavailableError`, the factory's own
 */
export async function openSession(
  module: BackendModule,
  options: MakeOptions & { readonly replay?: ReplayLimits; readonly kept?: KeptCases | undefined } = {},
): Promise<LocalSession> {
  const watch = timedWatch(options.watch ?? UNWATCHED);
  const maker = backendMaker(module, { ...options, watch });
  const subject = await maker.make();
  const { backend } = subject;
  const { as = backend.name } = options;
  const provided = new BuiltIns(); // after the backend has loaded what it polyfills
  const full = (id: string, how: SessionJudgement): Judgement => ({
    ...how,
    replay: { backend: as, engine: backend.engine, ...options.replay },
    afresh: maker.afresh,
    kept: options.kept,
    onCase: (path) => watch.onCase(id, path),
    backendTime: watch.callTime,
  });
  return {
    backend,
    unanswered: maker.unanswered,
    judge: async (id, how) => {
      const judged = await judge(propertyOf(id), subject, full(id, how));
      const report = withoutReplacing(judged, provided.restore());
      return typeof module === 'function' ? report : onSameInstance(report);
    },
    judgeLost: (id, how, lost) => judgeLost(propertyOf(id), subject, full(id, how), lost),
    close: async () => (typeof module === 'function' ? whatDisposingFailed(backend) : undefined),
  };
}

/** A property has not passed if the backend replaced what the specification computes with too. */
function withoutReplacing(report: PropertyReport, replaced: readonly string[]): PropertyReport {
  if (replaced.length === 0) return report;
  const what = `the backend replaced ${replaced.join(', ')} while it was asked`;
  const reason = `${what}: the specification computes with it too, so its answers say nothing; leave what JavaScript provides as it is`;
  const { reason: before } = report;
  return { ...report, verdict: 'failed', reason: before === undefined ? reason : `${reason}; ${before}` };
}

/** A failure of a backend of which there is no other instance says so, unless it is known to need earlier calls. */
function onSameInstance(report: PropertyReport): PropertyReport {
  const { counterexample } = report;
  if (counterexample === undefined || counterexample.needsEarlierCalls) return report;
  return { ...report, counterexample: { ...counterexample, onSameInstance: true } };
}

function propertyOf(id: string): Property {
  const known = properties.map((property) => property.id);
  return properties.find((property) => property.id === id) ?? unknownName('property', 'an id', known, id);
}

/** Why a backend could not be disposed of: that must not cost the report. */
async function whatDisposingFailed(backend: Backend): Promise<string | undefined> {
  try {
    await backend.dispose?.();
    return undefined;
  } catch (error) {
    return `dispose: ${thrownText(error)}${thrownPlace(error)}`;
  }
}
