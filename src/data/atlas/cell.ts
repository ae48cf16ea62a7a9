/**
 * A cell: a wobbly outline, a nucleus in it, and places by where they lie between the two.
 *
 * @module
 */
import { drawOrder, type Random } from '../random.js';
import { length, type Point } from './canvas.js';

/** A cell, in pixels. */
export interface Cell extends Point {
  /** Mean radius of the outline. */
  readonly radius: number;
  /** Semi-axes of the nucleus. */
  readonly nucleus: readonly [number, number];
  /** The direction of the nucleus's first axis. */
  readonly turn: number;
  /** Waves of the outline: how many, how high, and where they begin. */
  readonly waves: readonly (readonly [number, number, number])[];
  /** How bright it is stained, 0 to 1. */
  readonly brightness: number;
}

/** Where a pixel lies in a cell. */
export interface Place {
  readonly angle: number;
  /** Pixels from the middle, over those of the nucleus's edge in that direction. */
  readonly nuclear: number;
  /** Pixels from the middle, over those of the outline in that direction. */
  readonly outer: number;
}

/** Three or four cells, each in its own quarter of the image. */
export function drawCells(size: number, random: Random): Cell[] {
  const between = (low: number, high: number) => low + (high - low) * random();
  const quarters = drawOrder([0, 1, 2, 3], random).slice(0, random() < 0.3 ? 3 : 4);
  return quarters.map((quarter) => {
    const radius = size * between(0.19, 0.24);
    return {
      x: size * ((quarter % 2) / 2 + between(0.2, 0.3)),
      y: size * (Math.floor(quarter / 2) / 2 + between(0.2, 0.3)),
      radius,
      nucleus: [radius * between(0.4, 0.46), radius * between(0.33, 0.4)],
      turn: between(0, Math.PI),
      waves: [2, 3, 5].map((count) => [count, between(0, 0.16 / count), between(0, 2 * Math.PI)] as const),
      brightness: between(0.7, 1),
    };
  });
}

/** Pixels from the middle to the outline. */
export function outline({ radius, waves }: Cell, angle: number): number {
  return waves.reduce(
    (sum, [count, height, from]) => sum + radius * height * Math.cos(count * angle + from),
    radius,
  );
}

/** Pixels from the middle to the edge of the nucleus. */
export function nuclearEdge({ nucleus: [a, b], turn }: Cell, angle: number): number {
  return (a * b) / length(b * Math.cos(angle - turn), a * Math.sin(angle - turn));
}

/** Where a pixel lies. */
export function placeOf(cell: Cell, x: number, y: number): Place {
  const angle = Math.atan2(y - cell.y, x - cell.x);
  const far = length(x - cell.x, y - cell.y);
  return { angle, nuclear: far / nuclearEdge(cell, angle), outer: far / outline(cell, angle) };
}

/** The point at a distance from the middle, in pixels. */
export function pointAt(cell: Cell, angle: number, far: number): Point {
  return { x: cell.x + far * Math.cos(angle), y: cell.y + far * Math.sin(angle) };
}

/** A point of the nucleus, not further out than `share` of the way to its edge. */
export function nuclearPoint(cell: Cell, random: Random, share: number): Point {
  const angle = 2 * Math.PI * random();
  return pointAt(cell, angle, nuclearEdge(cell, angle) * share * Math.sqrt(random()));
}

/** A point between nucleus (0) and outline (1). */
export function cytoplasmicPoint(cell: Cell, random: Random, from = 0.15, to = 0.9): Point {
  const angle = 2 * Math.PI * random();
  return pointAt(cell, angle, cytoplasmicRadius(cell, angle, from + (to - from) * random()));
}

/** Pixels from the middle to a share of the way from nucleus (0) to outline (1). */
export function cytoplasmicRadius(cell: Cell, angle: number, share: number): number {
  const inner = nuclearEdge(cell, angle);
  return inner + share * (outline(cell, angle) - inner);
}
