/**
 * Structures of the nucleus.
 *
 * @module
 */
import { nuclearEdge, nuclearPoint } from './cell.js';
import { discs, edge, fill, many, mesh, pen, type Structure } from './marks.js';

/** The nucleus, evenly. */
export const nucleoplasm: Structure = fill(({ nuclear }) => (nuclear < 1 ? 0.8 : 0));

/** A thin line around the nucleus. */
export const nuclearMembrane: Structure = fill(({ nuclear, angle }, cell) =>
  edge(nuclear, cell, nuclearEdge(cell, angle), 0.09),
);

/** A few large discs in the nucleus. */
export const nucleoli: Structure = discs(3, 0.13, (cell, random) => nuclearPoint(cell, random, 0.6));

/** Fine dots close together, at two places of the nucleus. */
export const fibrillarCenters: Structure = many(2, (canvas, cell, random) => {
  const { x, y } = nuclearPoint(cell, random, 0.5);
  const off = () => cell.radius * 0.22 * (random() - 0.5);
  for (let i = 0; i < 4; i++) canvas.disc({ x: x + off(), y: y + off() }, pen(cell, 0.03), cell.brightness);
});

/** A mesh that fills the nucleus. */
export const speckles: Structure = fill(({ nuclear }, cell, x, y) =>
  nuclear < 0.95 && mesh(cell, x, y, 0.3) > 0.55 ? 1 : 0,
);

/** Single small dots in the nucleus. */
export const nuclearBodies: Structure = discs(5, 0.045, (cell, random) => nuclearPoint(cell, random, 0.85));

/** Fibres between two poles, within the nucleus. */
export const mitoticSpindle: Structure = many(7, (canvas, cell, _random, i) => {
  const [a] = cell.nucleus;
  const [c, s] = [Math.cos(cell.turn), Math.sin(cell.turn)];
  const fibre = Array.from({ length: 9 }, (_, step) => {
    const [u, v] = [a * (step / 4 - 1), a * 0.25 * (i - 3) * (1 - (step / 4 - 1) ** 2)];
    return { x: cell.x + u * c - v * s, y: cell.y + u * s + v * c };
  });
  canvas.stroke(fibre, 1, cell.brightness);
});
