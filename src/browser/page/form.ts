/**
 * The form of the page: what to verify.
 *
 * @module
 */
import { byId } from './dom.js';
import { BROWSER_ENGINES, type BrowserBackend, type PagePlan } from './plan.js';

/** Shows a plan in the form. */
export function showPlan({ backend, engines, choices }: PagePlan): void {
  byId('backend').value = backend;
  for (const engine of BROWSER_ENGINES) byId(`engine-${engine}`).checked = engines.includes(engine);
  byId('runs').value = String(choices.runs ?? '');
  byId('seed').value = String(choices.seed ?? '');
  const { only = [] } = choices;
  byId('only').textContent = only.length === 0 ? '' : `Only ${only.join(', ')}, as the address says.`;
}

/**
 * The plan that the form shows.
 *
 * @param before - brings the choices that have no field, such as single properties
 */
export function planOfForm({ choices }: PagePlan): PagePlan {
  const { seed: _, ...others } = choices;
  const seed = byId('seed').value.trim();
  return {
    backend: byId('backend').value as BrowserBackend,
    engines: BROWSER_ENGINES.filter((engine) => byId(`engine-${engine}`).checked),
    choices: {
      ...others,
      runs: Number(byId('runs').value),
      ...(seed === '' ? {} : { seed: Number(seed) }),
    },
  };
}
