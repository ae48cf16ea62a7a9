/**
 * The anchors of a batch, visited one by one: every member of every minority class.
 *
 * @module
 */
import type { FlatSchema } from './flat-schema.js';
import type { Selection } from './selection.js';

/** Visits every pair of a sample and a minority class that it is a member of, by ascending sample. */
export function visitAnchors(
  schema: FlatSchema,
  labels: Int32Array,
  { size, taskOf, anchors }: Selection,
  visit: (sample: number, task: number) => void,
): void {
  if (anchors === 0) return;
  const { labelWidth, encoding, first } = schema;
  for (let i = 0, at = 0; i < size; i++) {
    for (let l = 0; l < labelWidth; l++, at++) {
      const label = labels[at];
      if (label < 0 || (encoding === 'one-attribute' && label === 0)) continue;
      const column = encoding === 'one-attribute' ? l : first[l] + label;
      const task = taskOf[column];
      if (task >= 0) visit(i, task);
    }
  }
}
