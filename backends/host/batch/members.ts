/**
 * The members of the minority classes of a batch, visited one by one.
 *
 * @module
 */
import type { FlatSchema } from './flat-schema.js';
import type { Selection } from './selection.js';

/** Called with a sample and a minority class that it is a member of. */
export type VisitMember = (sample: number, minorityIndex: number) => void;

/** Visits every pair of a sample and a minority class that it is a member of, by ascending sample. */
export function visitMembers(
  schema: FlatSchema,
  labels: Int32Array,
  { size, minorityIndexOf, anchors }: Selection,
  visit: VisitMember,
): void {
  if (anchors === 0) return;
  const { labelWidth, encoding, first } = schema;
  for (let i = 0, at = 0; i < size; i++) {
    for (let l = 0; l < labelWidth; l++, at++) {
      const label = labels[at];
      if (label < 0 || (encoding === 'one-attribute' && label === 0)) continue;
      const column = encoding === 'one-attribute' ? l : first[l] + label;
      const minorityIndex = minorityIndexOf[column];
      if (minorityIndex >= 0) visit(i, minorityIndex);
    }
  }
}
