/**
 * The anchors of a batch as lists: the samples, and the members of every minority class.
 *
 * @module
 */

import { ensureLength } from '../arrays/scratch.js';
import type { EasyAnchors } from './easy-anchors.js';
import type { FlatSchema } from './flat-schema.js';
import { visitMembers } from './members.js';
import type { Selection } from './selection.js';

/** The lists of one batch; their arrays are reused by the next. */
export class AnchorList {
  /** The samples that are anchors, ascending. */
  samples = new Int32Array(0);
  /** How many samples are anchors. */
  count = 0;
  /** The members of minority class t, ascending: from start[t] to start[t + 1] − 1. */
  members = new Int32Array(0);
  start = new Int32Array(1);

  /**
   * Lists the anchors of a batch.
   *
   * @param attribute - lists in `samples` the anchors of this attribute only; undefined: those of all
   * @param easy - chosen for this batch. Default: every member is an anchor
   */
  fill(
    schema: FlatSchema,
    labels: Int32Array,
    selection: Selection,
    attribute: number | undefined,
    easy?: EasyAnchors,
  ): void {
    const { minorityCount, size, column } = selection;
    this.samples = ensureLength(this.samples, size);
    this.start = ensureLength(this.start, minorityCount + 1);
    const { samples, start } = this;
    // while members are listed, start[t + 1] is where the next member of t goes; in the end that is where t
    // + 1 begins
    let begin = 0;
    for (let t = 0; t < minorityCount; t++) {
      start[t + 1] = begin;
      begin += selection.members[t];
    }
    this.members = ensureLength(this.members, begin);
    const { members } = this;
    let count = 0;
    let last = -1;
    const list = (sample: number, t: number) => {
      if (attribute !== undefined && schema.attributeOf[column[t]] !== attribute) return;
      if (sample !== last) samples[count++] = sample;
      last = sample;
    };
    const listAnchor = easy ? easy.only(list) : list;
    visitMembers(schema, labels, selection, (sample, t) => {
      const at = start[t + 1];
      members[at] = sample;
      start[t + 1] = at + 1;
      listAnchor(sample, t);
    });
    this.count = count;
  }
}
