/**
 * The form of the page: what to verify.
 *
 * @module
 */
import { byId } from './dom.js';
import type { PageEngines, PagePlan } from './plan.js';

/** Shows a plan in the form. @param known - what the page has */
export function showPlan({ backend, engines, choices }: PagePlan, known: PageEngines): void {
  byId('backend').value = backend;
  for (const engine of new Set(Object.values(known).flat()))
    byId(`engine-${engine}`).checked = engines.includes(engine);
  byId('runs').value = String(choices.runs ?? '');
  byId('seed').value = String(choices.seed ?? '');
  const { only = [] } = choices;
  byId('only').textContent = only.length === 0 ? '' : `Only ${only.join(', ')}, as the address says.`;
}

/**
 * The plan that the form shows.
 *
 * @param before - brings the choices that have no field, such as single properties
 * @param known - what the page has: engines that the backend lacks are left out
 */
export function planOfForm({ choices }: PagePlan, known: PageEngines): PagePlan {
  const backend = byId('backend').value;
  const { seed: _, ...others } = choices;
  const seed = byId('seed').value.trim();
  return {
    backend,
    engines: (known[backend] ?? []).filter((engine) => byId(`engine-${engine}`).checked),
    choices: {
      ...others,
      runs: Number(byId('runs').value),
      ...(seed === '' ? {} : { seed: Number(seed) }),
    },
  };
}
