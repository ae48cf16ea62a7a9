/**
 * The anchors of a batch, visited one by one: every member of every minority class, or of each the easy ones.
 *
 * @module
 */
import type { EasyAnchors } from './easy-anchors.js';
import type { FlatSchema } from './flat-schema.js';
import { type VisitMember, visitMembers } from './members.js';
import type { Selection } from './selection.js';

/**
 * Visits every anchor, by ascending sample.
 *
 * @param easy - chosen for this batch. Default: every member is an anchor
 */
export function visitAnchors(
  schema: FlatSchema,
  labels: Int32Array,
  selection: Selection,
  visit: VisitMember,
  easy?: EasyAnchors,
): void {
  visitMembers(schema, labels, selection, easy ? easy.only(visit) : visit);
}
