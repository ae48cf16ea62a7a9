/**
 * The few small cases of instance level that properties of features out of bounds are asked.
 *
 * @module
 */
import { cases } from '../../cases/arbitraries.js';
import { type CaseCapabilities, narrowed } from '../../cases/case-capabilities.js';
import type { Subject } from '../../property.js';

/** Small cases of instance level, nearly all with triplets. */
export function few(supports: CaseCapabilities): ReturnType<typeof cases> {
  const within = narrowed(supports, { level: 'instance' });
  return cases(within, { samples: 8, blockEdges: false, triplets: true });
}

/** A case says much here, and a run has many others. */
export function half(asked: number): number {
  return Math.ceil(asked / 2);
}

/** Why a property of features cannot be asked, if it cannot. */
export function needsInstanceLevel({ backend }: Subject): string | undefined {
  const { levels } = backend.supports;
  return levels.includes('instance') ? undefined : 'the backend does not support instance level';
}
