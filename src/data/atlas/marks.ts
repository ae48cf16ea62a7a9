/**
 * Marks that structures are made of.
 *
 * @module
 */
import type { Random } from '../random.js';
import { type Canvas, type Point, soft } from './canvas.js';
import { type Cell, nuclearEdge, type Place, placeOf, pointAt } from './cell.js';

/** Draws a structure of a cell. */
export type Structure = (canvas: Canvas, cell: Cell, random: Random) => void;

export const TURN = 2 * Math.PI;

/** Brightness by place, over the whole cell. */
export const fill =
  (value: (place: Place, cell: Cell, x: number, y: number) => number): Structure =>
  (canvas, cell) =>
    canvas.paint(cell, cell.radius * 1.4, (x, y) => cell.brightness * value(placeOf(cell, x, y), cell, x, y));

/** Several of something. */
export const many =
  (count: number, draw: (canvas: Canvas, cell: Cell, random: Random, i: number) => void): Structure =>
  (canvas, cell, random) => {
    for (let i = 0; i < count; i++) draw(canvas, cell, random, i);
  };

/** Several discs, whose radius is a share of the cell's. */
export const discs = (
  count: number,
  share: number,
  where: (cell: Cell, random: Random) => Point,
): Structure =>
  many(count, (canvas, cell, random) =>
    canvas.disc(where(cell, random), Math.max(0.6, cell.radius * share), cell.brightness),
  );

/** Several circles. */
export const rings = (
  count: number,
  share: number,
  where: (cell: Cell, random: Random) => Point,
): Structure =>
  many(count, (canvas, cell, random) =>
    canvas.ring(where(cell, random), Math.max(1.2, cell.radius * share), 1, cell.brightness),
  );

/** Points along directions and distances. */
export const along = (
  cell: Cell,
  steps: number,
  at: (t: number) => readonly [angle: number, far: number],
): Point[] => Array.from({ length: steps + 1 }, (_, i) => pointAt(cell, ...at(i / steps)));

export const pen = (cell: Cell, share: number) => Math.max(1, cell.radius * share);
/** How much of a pixel lies within `width` of an edge that is `share` = 1 away. */
export const edge = (share: number, cell: Cell, far: number, width: number) =>
  soft((width / 2) * cell.radius - Math.abs(share - 1) * far);
/** A mesh whose width is a share of the cell's radius. */
export const mesh = (cell: Cell, x: number, y: number, share: number) => {
  const k = TURN / (cell.radius * share);
  return Math.abs(Math.sin(k * x + Math.sin(k * y * 0.7)) * Math.sin(k * y + Math.sin(k * x * 0.6)));
};
/** A direction that stays the same for the structures of a cell: where its centrosome is. */
export const pole = (cell: Cell) => cell.turn + 1;
export const centre = (cell: Cell) => pointAt(cell, pole(cell), nuclearEdge(cell, pole(cell)) * 1.25);
