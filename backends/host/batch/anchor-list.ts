/**
 * Who the anchors are: the samples, and the members of every minority class.
 *
 * @module
 */

import { roomFor } from '../arrays/scratch.js';
import { visitAnchors } from './anchors.js';
import type { Plan } from './flat-schema.js';
import type { Selection } from './selection.js';

/** Lists of one batch; their arrays are used again by the next. */
export class AnchorList {
  /** Samples that are anchors, ascending. */
  samples = new Int32Array(0);
  count = 0;
  /** Members of task t, ascending: from start[t] to start[t + 1]. */
  members = new Int32Array(0);
  start = new Int32Array(1);

  /** @param attribute - whose anchors `samples` are; undefined: any's */
  list(plan: Plan, labels: Int32Array, selection: Selection, attribute: number | undefined): void {
    const { tasks, size, anchors, column } = selection;
    this.samples = roomFor(this.samples, size);
    this.members = roomFor(this.members, anchors);
    this.start = roomFor(this.start, tasks + 1);
    const { samples, members, start } = this;
    // start[t + 1] is first where the next member of t goes, and so in the end where those of t + 1 begin
    let begin = 0;
    for (let t = 0; t < tasks; t++) {
      start[t + 1] = begin;
      begin += selection.members[t];
    }
    let count = 0;
    let last = -1;
    visitAnchors(plan, labels, selection, (sample, t) => {
      const at = start[t + 1];
      members[at] = sample;
      start[t + 1] = at + 1;
      if (attribute !== undefined && plan.attributeOf[column[t]] !== attribute) return;
      if (sample !== last) samples[count++] = sample;
      last = sample;
    });
    this.count = count;
  }
}
