/**
 * Who the anchors are: the samples, and the members of every minority class.
 *
 * @module
 */
import { visitAnchors } from './anchors.js';
import type { Plan } from './plan.js';
import type { Selection } from './selection.js';

/** Lists of one batch; their arrays are used again by the next. */
export class AnchorList {
  /** Samples that are anchors, ascending. */
  samples = new Int32Array(0);
  count = 0;
  /** Members of task t, ascending: from start[t] to start[t + 1]. */
  members = new Int32Array(0);
  start = new Int32Array(1);
  private filled = new Int32Array(0);

  /** @param attribute - whose anchors `samples` are; undefined: any's */
  list(plan: Plan, labels: Int32Array, selection: Selection, attribute: number | undefined): void {
    const { tasks, size, anchors, column } = selection;
    if (this.samples.length < size) this.samples = new Int32Array(size);
    if (this.members.length < anchors) this.members = new Int32Array(anchors);
    if (this.filled.length < tasks) {
      this.filled = new Int32Array(tasks);
      this.start = new Int32Array(tasks + 1);
    }
    const { samples, members, start, filled } = this;
    for (let t = 0; t < tasks; t++) {
      start[t + 1] = (start[t] as number) + (selection.members[t] as number);
      filled[t] = start[t] as number;
    }
    let count = 0;
    visitAnchors(plan, labels, selection, (sample, t) => {
      const at = filled[t] as number;
      members[at] = sample;
      filled[t] = at + 1;
      if (attribute !== undefined && plan.attributeOf[column[t] as number] !== attribute) return;
      if (count === 0 || samples[count - 1] !== sample) samples[count++] = sample;
    });
    this.count = count;
  }
}
