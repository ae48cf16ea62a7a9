/**
 * Checks what a backend declares before it is judged.
 *
 * @module
 */

import type { Backend, Capabilities } from '../../spec/index.js';
import { ANCHORS, COMPARISONS, ENCODINGS, LEVELS, STAGES } from '../../spec/index.js';
import { InputSourceError, shown } from '../../spec/rules.js';
import { isPrintable } from './printable.js';

/** A backend that cannot be verified: it could not be made, or it declares an impossible capability. */
export class BackendError extends InputSourceError<'backend-invalid'> {
  override readonly name = 'BackendError';
  /** @param where - the backend, and the member that is wrong */
  constructor(where: string, expected: string, got: string, options?: ErrorOptions) {
    super({ code: 'backend-invalid', where, expected, got }, options);
  }
}

const LISTS = {
  encodings: ENCODINGS,
  levels: LEVELS,
  comparisons: COMPARISONS,
} satisfies { [K in keyof Capabilities]?: Capabilities[K] };

const CHOICES = {
  precision: ['float32', 'float64'],
  execution: ['sync', 'async', 'tensor'],
  gradient: [true, false],
} satisfies { [K in keyof Capabilities]?: Capabilities[K][] };

/** Stages that may be declared missing: all but the whole walk. */
const MISSABLE = STAGES.filter((stage) => stage !== 'balancedLoss');

/** Functions that may be left out. A stage that is left out without being declared missing fails its properties. */
const OPTIONAL = [
  ...MISSABLE,
  'tensorLoss',
  'train',
  'lossOnReplicas',
  'resources',
  'dispatches',
  'dispose',
] as const;

/** What a backend may declare of replicas. */
const SHARDINGS = ['global', 'per-replica', 'none'];

/** A name is printed on every line about the backend: more characters than these are no name. */
const LONGEST_NAME = 200;

/**
 * Refuses anything that is not a backend.
 *
 * @param as - what messages call it until its name is known
 * @throws BackendError - naming the member that is wrong
 */
export function checkBackend(value: unknown, as?: string): asserts value is Backend {
  const what = as === undefined ? 'backend' : `backend ${as}`;
  if (typeof value !== 'object' || value === null || typeof (value as Backend).name !== 'string')
    throw new BackendError(what, 'a backend with a name (spec/contract.ts)', shown(value));
  const backend = value as Record<keyof Backend, unknown> & { readonly name: string };
  // names are printed
  for (const key of ['name', 'engine', 'adapter'] as const) {
    if (typeof backend[key] === 'string' && !isPrintable(backend[key]))
      throw new BackendError(`${what}: ${key}`, 'printable characters', shown(backend[key]));
  }
  const { name: ofBackend } = backend;
  if (ofBackend === '' || ofBackend.length > LONGEST_NAME)
    throw new BackendError(`${what}: name`, `1 to ${LONGEST_NAME} characters`, shown(ofBackend));
  const demand = (holds: boolean, member: string, expected: string, got: unknown) => {
    if (!holds) throw new BackendError(`backend ${backend.name}: ${member}`, expected, shown(got));
  };
  for (const key of ['engine', 'adapter'] as const)
    demand(isOptional(backend[key], 'string'), key, 'a string or undefined', backend[key]);

  const { versions = {} } = backend;
  demand(isObject(versions), 'versions', 'an object with a version per package', versions);
  for (const [name, version] of Object.entries(versions as object))
    demand(typeof version === 'string', `versions.${name}`, 'a version as text', version);
  const { supports } = backend as { readonly supports: Record<keyof Capabilities, unknown> };
  demand(isObject(supports), 'supports', 'its capabilities, as in spec/contract.ts', supports);
  for (const [key, known] of Object.entries(LISTS)) {
    const list = supports[key as keyof typeof LISTS];
    demand(Array.isArray(list), `supports.${key}`, `a list of ${known.join(', ')}`, list);
    const wrong = (list as unknown[]).filter((entry) => !(known as readonly unknown[]).includes(entry));
    demand(wrong.length === 0, `supports.${key}`, known.join(', '), wrong[0]);
  }
  for (const [key, known] of Object.entries(CHOICES)) {
    const choice = supports[key as keyof typeof CHOICES];
    demand((known as unknown[]).includes(choice), `supports.${key}`, known.join(' or '), choice);
  }
  const { anchors = ['all'] } = supports;
  const isChoice = (one: unknown) => (ANCHORS as readonly unknown[]).includes(one);
  const named = Array.isArray(anchors) && anchors.includes('all') && anchors.every(isChoice);
  demand(named, 'supports.anchors', "['all'], or ['all', 'easy']", anchors);
  const { perSample } = supports;
  demand(isOptional(perSample, 'boolean'), 'supports.perSample', 'true, false or nothing', perSample);
  const { sharding = 'none' } = supports;
  demand(SHARDINGS.includes(sharding as string), 'supports.sharding', SHARDINGS.join(' or '), sharding);
  const { missing = {} } = supports;
  demand(isObject(missing), 'supports.missing', 'an object with a reason per stage', missing);
  for (const [stage, reason] of Object.entries(missing as object)) {
    demand(
      (MISSABLE as string[]).includes(stage),
      'supports.missing',
      `stages among ${MISSABLE.join(', ')}`,
      stage,
    );
    const words = typeof reason === 'string' && reason.trim() !== '';
    demand(words, `supports.missing.${stage}`, 'a reason as text', reason);
  }

  demand(typeof backend.balancedLoss === 'function', 'balancedLoss', 'a function', backend.balancedLoss);
  for (const key of OPTIONAL)
    demand(isOptional(backend[key], 'function'), key, 'a function or undefined', backend[key]);
  const trains = supports.execution !== 'tensor' || backend.tensorLoss !== undefined;
  demand(trains, 'tensorLoss', "a function, since execution is 'tensor'", backend.tensorLoss);
  const { lossOnReplicas } = backend;
  const declared = `since supports.sharding is '${sharding}'`;
  if (sharding === 'none') {
    demand(lossOnReplicas === undefined, 'lossOnReplicas', `nothing, ${declared}`, lossOnReplicas);
  } else demand(lossOnReplicas !== undefined, 'lossOnReplicas', `a function, ${declared}`, lossOnReplicas);
}

function isOptional(value: unknown, type: 'string' | 'function' | 'boolean'): boolean {
  return value === undefined || typeof value === type;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
