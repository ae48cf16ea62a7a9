/**
 * The drawing of a batch, whose samples can be moved and given other labels.
 *
 * @module
 */
import { withNextLabel, withPoint, withScore } from './edit.js';
import { Plane } from './plane.js';
import type { PanelProps } from './shown.js';
import type { Found, TripletTerm } from './walk.js';

/** What the drawing needs of its page. */
export interface EditablePlaneProps extends PanelProps {
  /** The triplets that are drawn as lines. */
  readonly triplets: readonly TripletTerm[];
  /** Whether a caption explains the marks (default: true). */
  readonly caption?: boolean;
}

/** The drawing; an edit changes a score, or at instance level a feature. */
export function EditablePlane({ state, found, edit, triplets, caption = true }: EditablePlaneProps) {
  return (
    <Plane
      state={state}
      found={found}
      triplets={triplets}
      caption={caption}
      move={(sample, x, y) =>
        edit({
          document:
            found.options.level === 'instance'
              ? withPoint(state.document, sample, x, y)
              : withScore(state.document, found, sample, state.column, x),
        })
      }
      relabel={(sample) =>
        edit({ document: withNextLabel(state.document, sample, attributeOf(found, state.column)) })
      }
    />
  );
}

function attributeOf({ batch }: Found, column: number): number {
  return Math.max(
    0,
    batch.attributes.findIndex(({ columns }) => columns.includes(column)),
  );
}
