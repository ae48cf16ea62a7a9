/**
 * Structures of the cytoplasm and of the outline.
 *
 * @module
 */
import { cytoplasmicPoint, nuclearEdge, outline, pointAt } from './cell.js';
import { along, discs, edge, fill, many, mesh, pen, pole, rings, type Structure, TURN } from './marks.js';

/** A mesh around the nucleus that fades outwards. */
export const reticulum: Structure = fill(({ nuclear, outer }, cell, x, y) =>
  nuclear > 1 && outer < 0.85 ? (1.1 - outer) * (0.3 + mesh(cell, x, y, 0.25)) : 0,
);

/** A stack of arcs at one side of the nucleus. */
export const golgi: Structure = many(3, (canvas, cell, random, i) => {
  const from = pole(cell) - 0.7 + 0.2 * random();
  const arc = along(cell, 6, (t) => [from + 1.4 * t, nuclearEdge(cell, from + 1.4 * t) * (1.2 + 0.17 * i)]);
  canvas.stroke(arc, pen(cell, 0.07), cell.brightness);
});

/** Many fine dots all over the cytoplasm. */
export const peroxisomes: Structure = discs(45, 0.025, (cell, random) => cytoplasmicPoint(cell, random));

/** Circles in the cytoplasm. */
export const endosomes: Structure = rings(9, 0.08, (cell, random) =>
  cytoplasmicPoint(cell, random, 0.3, 0.8),
);

/** Discs around the nucleus. */
export const lysosomes: Structure = discs(14, 0.065, (cell, random) =>
  cytoplasmicPoint(cell, random, 0.12, 0.45),
);

/** Small circles around the nucleus. */
export const lipidDroplets: Structure = rings(20, 0.045, (cell, random) =>
  cytoplasmicPoint(cell, random, 0.1, 0.5),
);

/** A line along the outline. */
export const plasmaMembrane: Structure = fill(({ outer, angle }, cell) =>
  edge(outer, cell, outline(cell, angle), 0.07),
);

/** Thick parts of the outline, opposite each other. */
export const cellJunctions: Structure = fill(({ outer, angle }, cell) =>
  Math.cos(2 * (angle - cell.turn)) > 0.5 ? edge(outer, cell, outline(cell, angle), 0.16) : 0,
);

/** Short bent threads in the cytoplasm. */
export const mitochondria: Structure = many(30, (canvas, cell, random) => {
  const { x, y } = cytoplasmicPoint(cell, random, 0.12, 0.75);
  const [angle, bend, far] = [TURN * random(), random() - 0.5, cell.radius * 0.09];
  const end = (sign: number) => ({
    x: x + sign * far * Math.cos(angle + sign * bend),
    y: y + sign * far * Math.sin(angle + sign * bend),
  });
  canvas.stroke([end(-1), { x, y }, end(1)], pen(cell, 0.055), cell.brightness);
});

/** One large disc beside the nucleus. */
export const aggresome: Structure = (canvas, cell) =>
  canvas.disc(
    pointAt(cell, pole(cell), nuclearEdge(cell, pole(cell)) * 1.55),
    cell.radius * 0.22,
    cell.brightness,
  );

/** The cytoplasm, evenly. */
export const cytosol: Structure = fill(({ nuclear, outer }) => (nuclear > 1 && outer < 1 ? 0.6 : 0));

/** A few discs in the cytoplasm. */
export const cytoplasmicBodies: Structure = discs(6, 0.075, (cell, random) =>
  cytoplasmicPoint(cell, random, 0.3, 0.85),
);

/** Rods and large circles. */
export const rodsAndRings: Structure = (canvas, cell, random) => {
  // rods & rings
  rings(2, 0.17, (its, draw) => cytoplasmicPoint(its, draw, 0.4, 0.7))(canvas, cell, random);
  for (let i = 0; i < 3; i++) {
    const { x, y } = cytoplasmicPoint(cell, random, 0.4, 0.7);
    const [dx, dy] = [cell.radius * 0.2 * (random() - 0.5), cell.radius * 0.2];
    canvas.stroke(
      [
        { x: x - dx, y: y - dy },
        { x: x + dx, y: y + dy },
      ],
      pen(cell, 0.07),
      cell.brightness,
    );
  }
};
