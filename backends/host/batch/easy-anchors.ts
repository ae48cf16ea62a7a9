/**
 * The easy anchors of a batch (ruling: easy anchors): of every minority class, the members that score highest on it.
 *
 * @module
 */
import { HardestLists } from '../arrays/hardest-lists.js';
import type { FlatSchema } from './flat-schema.js';
import { type VisitMember, visitMembers } from './members.js';
import type { ScoreView } from './scores.js';
import type { Selection } from './selection.js';

/** Chooses the easy anchors of one batch after the other. */
export class EasyAnchors {
  /** The κ highest scored members of each minority class. Hardness is the score. */
  private readonly lists = new HardestLists();

  constructor(
    private readonly schema: FlatSchema,
    private readonly kappa: number,
  ) {}

  /** Chooses those of a batch, whose scores are probabilities. */
  choose(
    labels: Int32Array,
    { data, offset, rowStride, columnStride }: ScoreView,
    selection: Selection,
  ): void {
    const { lists, schema, kappa } = this;
    const { scoreOf, signOf } = schema;
    const { minorityCount, members, column } = selection;
    lists.reset(minorityCount);
    for (let t = 0; t < minorityCount; t++) lists.addList(t, kappa, members[t]);
    lists.allocate();
    visitMembers(schema, labels, selection, (i, t) => {
      const c = column[t];
      lists.push(t, signOf[c] * data[offset + i * rowStride + scoreOf[c] * columnStride], i);
    });
    lists.sortAndCutAll(minorityCount);
  }

  /** A visitor of members that passes on the anchors only. */
  only(visit: VisitMember): VisitMember {
    const { row, start, count } = this.lists;
    return (sample, t) => {
      if (row.subarray(start[t], start[t] + count[t]).includes(sample)) visit(sample, t);
    };
  }
}
