/**
 * Samples as points: in the plane of their features, or on the axis of a class's scores, one line per label.
 *
 * @module
 */
import { useRef } from 'preact/hooks';
import type { State } from '../../src/support/playground-state.js';
import { isPlane } from './edit.js';
import type { Found, TripletTerm } from './walk.js';

const WIDTH = 640;
const HEIGHT = 400;
const MARGIN = 28;
/** A key moves a point by this share of the drawing's width. */
const KEY_STEP = 0.02;

/** What a drawing needs of the page. */
export interface PlaneProps {
  readonly state: State;
  readonly found: Found;
  /** The triplets of the selected anchor, each with its class. */
  readonly triplets: readonly TripletTerm[];
  readonly move: (sample: number, x: number, y: number) => void;
  /** Whether a caption explains the marks. */
  readonly caption: boolean;
  readonly relabel: (sample: number) => void;
}

/** Marks of classes: told apart by shape, not by colour alone. */
export const SHAPES = ['●', '▲', '■', '◆', '✚', '★', '▼', '⬟'];

/** Where the samples lie, and what a place means. */
function placing({ state, found }: PlaneProps) {
  const { features } = state.document;
  const inPlane = found.options.level === 'instance' && isPlane(features);
  if (inPlane) {
    const bounds = [0, 1].map((axis) => {
      const values = features.map((row) => row[axis] as number);
      const [low, high] = [Math.min(...values, 0), Math.max(...values, 1)];
      return [low, high - low] as const;
    }) as [readonly [number, number], readonly [number, number]];
    const at = (value: number, axis: 0 | 1) => (value - bounds[axis][0]) / bounds[axis][1];
    return {
      inPlane,
      of: (i: number) => {
        const [x = 0, y = 0] = features[i] as readonly number[];
        return [at(x, 0), at(y, 1)] as const;
      },
      value: (u: number, v: number) =>
        [bounds[0][0] + u * bounds[0][1], bounds[1][0] + v * bounds[1][1]] as const,
      slope: (i: number) => [found.slopes[i]?.[0] ?? 0, found.slopes[i]?.[1] ?? 0] as const,
    };
  }
  const logits = state.document.fromLogits === true;
  const rows = Math.max(1, ...found.selection.profile.map((sizes) => sizes.length));
  return {
    inPlane,
    of: (i: number) => {
      const p = found.probabilities[i]?.[state.column] ?? 0;
      const label = labelOf(found, i, state.column);
      return [p, 1 - (label + 1.5 + 0.6 * (((i * 7) % 11) / 11 - 0.5)) / (rows + 1)] as const;
    },
    value: (u: number, v: number) => {
      const p = Math.min(0.999, Math.max(0.001, u));
      return [logits ? Math.log(p / (1 - p)) : u, v] as const;
    },
    slope: (i: number) => [found.slopes[i]?.[state.column] ?? 0, 0] as const,
  };
}

/** A sample's class of the attribute that a column belongs to; -1 for none. */
export function labelOf({ batch }: Found, i: number, column: number): number {
  const attribute = batch.attributes.find(({ columns }) => columns.includes(column));
  if (attribute === undefined || batch.labelled.get(i, batch.attributes.indexOf(attribute)) === 0) return -1;
  if (attribute.classes.length === 2 && attribute.columns.length === 1)
    return batch.membership.get(i, column);
  return attribute.columns.findIndex((c) => batch.membership.get(i, c) === 1);
}

/** The samples of the surviving minority classes. */
function minoritySamples({ batch, selection }: Found): ReadonlySet<number> {
  const columns = selection.minority.flatMap((classes, j) =>
    classes.map((k) => batch.attributes[j]?.columns[k] as number),
  );
  const samples = Array.from({ length: batch.size }, (_, i) => i);
  return new Set(samples.filter((i) => columns.some((c) => batch.membership.get(i, c) === 1)));
}

/** The drawing. */
export function Plane(props: PlaneProps) {
  const { state, found, triplets, move, relabel } = props;
  const svg = useRef<SVGSVGElement>(null);
  const dragged = useRef<{ sample: number; moved: boolean } | undefined>(undefined);
  const where = placing(props);
  const pixels = ([u, v]: readonly [number, number]) =>
    [MARGIN + u * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - v * (HEIGHT - 2 * MARGIN)] as const;
  const spot = (i: number) => pixels(where.of(i));
  const most = Math.max(1e-12, ...found.slopes.flat().map(Math.abs));
  const anchor = found.anchors[state.anchor];
  const roles = new Map<number, string>();
  for (const i of anchor?.negatives ?? []) roles.set(i, 'hard negative');
  for (const i of anchor?.positives ?? []) roles.set(i, 'hard positive');
  if (anchor) roles.set(anchor.sample, 'anchor');
  const minority = minoritySamples(found);

  const drag = (event: PointerEvent) => {
    const held = dragged.current;
    if (held === undefined || svg.current === null) return;
    const box = svg.current.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * WIDTH;
    const y = ((event.clientY - box.top) / box.height) * HEIGHT;
    const [u, v] = [(x - MARGIN) / (WIDTH - 2 * MARGIN), (HEIGHT - MARGIN - y) / (HEIGHT - 2 * MARGIN)];
    const [old, up] = where.of(held.sample);
    if (!held.moved && Math.hypot(u - old, v - up) < 0.01) return; // a click is no move
    held.moved = true;
    move(held.sample, ...where.value(u, v));
  };
  const key = (event: KeyboardEvent, i: number) => {
    const steps: Record<string, readonly [number, number]> = {
      ArrowLeft: [-KEY_STEP, 0],
      ArrowRight: [KEY_STEP, 0],
      ArrowUp: [0, KEY_STEP],
      ArrowDown: [0, -KEY_STEP],
    };
    const step = steps[event.key];
    if (step === undefined) {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      relabel(i);
      return;
    }
    event.preventDefault();
    const [u, v] = where.of(i);
    move(i, ...where.value(u + step[0], v + step[1]));
  };
  const axis = where.inPlane
    ? 'Features: drag a point to move it. Distances are between points.'
    : `Score of class column ${state.column}: the farther right, the higher. One line per label.`;
  return (
    <figure>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a drawing */}
      <svg
        ref={svg}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        class="plane"
        role="group"
        aria-label={axis}
        onPointerMove={drag}
        onPointerUp={() => {
          const held = dragged.current;
          dragged.current = undefined;
          if (held && !held.moved) relabel(held.sample);
        }}
      >
        <defs>
          <marker
            id="head"
            viewBox="0 0 8 8"
            refX="6"
            refY="4"
            markerWidth="6"
            markerHeight="6"
            orient="auto"
          >
            <path d="M0 0 8 4 0 8z" class="arrow-head" />
          </marker>
        </defs>
        {where.inPlane ? null : (
          <g class="axis">
            {[0, 0.25, 0.5, 0.75, 1].map((p) => {
              const [x, y] = pixels([p, 0]);
              return (
                <g key={p}>
                  <line x1={x} x2={x} y1={MARGIN} y2={y} />
                  <text x={x} y={y + 18} text-anchor="middle">
                    {p}
                  </text>
                </g>
              );
            })}
          </g>
        )}
        {triplets.map(({ anchor: a, positive, negative, term }) => {
          const [ax, ay] = spot(a);
          const [px, py] = spot(positive);
          const [nx, ny] = spot(negative);
          const active = term === undefined || term > 0;
          return (
            <g key={`${a}-${positive}-${negative}`} class={active ? 'triplet' : 'triplet inactive'}>
              <line x1={ax} y1={ay} x2={px} y2={py} class="to-positive" />
              <line x1={ax} y1={ay} x2={nx} y2={ny} class="to-negative" />
            </g>
          );
        })}
        {state.document.labels.map((_, i) => {
          const [x, y] = spot(i);
          const label = labelOf(found, i, state.column);
          const role = roles.get(i);
          const [sx, sy] = where.slope(i);
          const length = 60 / most;
          const names = [
            `sample ${i}`,
            label < 0 ? 'unlabelled' : `class ${label}`,
            ...(role ? [role] : minority.has(i) ? ['of a minority class'] : []),
          ].join(', ');
          return (
            // biome-ignore lint/a11y/useSemanticElements: a button cannot lie in a drawing
            <g
              key={i}
              role="button"
              tabindex={0}
              aria-label={`${names}. Arrow keys move it, Enter changes its label`}
              class={`sample class-${label < 0 ? 'none' : label % SHAPES.length} ${role?.replace(' ', '-') ?? ''}`}
              onPointerDown={(event) => {
                (event.currentTarget as SVGGElement).ownerSVGElement?.setPointerCapture(event.pointerId);
                dragged.current = { sample: i, moved: false };
              }}
              onKeyDown={(event) => key(event, i)}
            >
              <title>{names}</title>
              {Math.hypot(sx, sy) * length > 3 ? (
                <line
                  x1={x}
                  y1={y}
                  x2={x - sx * length}
                  y2={y + sy * length}
                  class="slope"
                  marker-end="url(#head)"
                />
              ) : null}
              <circle cx={x} cy={y} r={14} class="ring" />
              <text x={x} y={y + 6} text-anchor="middle">
                {label < 0 ? '○' : SHAPES[label % SHAPES.length]}
              </text>
            </g>
          );
        })}
      </svg>
      {props.caption ? (
        <figcaption>
          {axis} Arrows: where a step of gradient descent moves a sample. Rings: the chosen anchor, its hard
          positives (solid) and hard negatives (dashed). Click a sample, or press Enter on it, to give it the
          next label.
        </figcaption>
      ) : null}
    </figure>
  );
}
