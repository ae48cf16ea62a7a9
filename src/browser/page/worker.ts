/**
 * Runs the suite on one engine outside the page's thread, so that the page stays responsive. Each engine has its
 * own worker, so that none sees what another left behind.
 *
 * @module
 */
import type { PageBackends } from '../../../backends/declaration.js';
import { verify } from '../../verify/verify.js';
import type { VerifyAnswer, VerifyRequest } from './messages.js';

/** The parts of a worker's global scope that are used. */
interface Scope {
  onmessage: (event: { readonly data: VerifyRequest }) => void;
  postMessage(answer: VerifyAnswer): void;
}

const scope = globalThis as unknown as Scope;

/**
 * Verifies what the page asks for.
 *
 * @param families - what makes the backends
 * @param versions - of each backend: the versions of the packages that it computes with
 */
export function answerRequests(
  families: readonly PageBackends[],
  versions: Readonly<Record<string, Readonly<Record<string, string>>>>,
): void {
  scope.onmessage = async ({ data: { backend, engine, choices, folder } }) => {
    try {
      const made = families.map((family) => family(folder)).find((found) => Object.hasOwn(found, backend));
      if (made === undefined) throw new Error(`the page has no backend ${backend}`);
      const report = await verify(made[backend] as (typeof made)[string], {
        ...choices,
        engine,
        replayAs: backend,
        onProgress: (property, completed, total) =>
          scope.postMessage({ kind: 'progress', property, completed, total }),
      });
      const all = { ...report.versions, ...versions[backend] };
      scope.postMessage({ kind: 'report', report: { ...report, versions: all } });
    } catch (error) {
      scope.postMessage({ kind: 'error', message: String((error as Error).stack ?? error) });
    }
  };
}
