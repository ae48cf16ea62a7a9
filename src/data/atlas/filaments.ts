/**
 * Structures of the skeleton, and where it begins and ends.
 *
 * @module
 */
import { cytoplasmicRadius, outline, pointAt } from './cell.js';
import { along, centre, many, pen, type Structure, TURN } from './marks.js';

/** Waves around the nucleus. */
export const intermediateFilaments: Structure = many(12, (canvas, cell, random) => {
  const [from, share] = [TURN * random(), 0.1 + 0.7 * random()];
  const wave = along(cell, 10, (t) => {
    const angle = from + 1.8 * t;
    return [angle, cytoplasmicRadius(cell, angle, share + 0.12 * Math.sin(TURN * 2 * t))];
  });
  canvas.stroke(wave, pen(cell, 0.03), cell.brightness);
});

/** Straight lines across the cell, side by side. */
export const actinFilaments: Structure = many(9, (canvas, cell, _random, i) => {
  const off = ((i - 4) / 4.6) * cell.radius;
  const half = Math.sqrt(Math.max(0, (cell.radius * 0.95) ** 2 - off ** 2));
  const [c, s] = [Math.cos(cell.turn), Math.sin(cell.turn)];
  const end = (sign: number) => ({
    x: cell.x + sign * half * c - off * s,
    y: cell.y + sign * half * s + off * c,
  });
  canvas.stroke([end(-1), end(1)], pen(cell, 0.04), cell.brightness);
});

/** Short dashes inwards from the outline. */
export const focalAdhesions: Structure = many(16, (canvas, cell, random) => {
  const angle = TURN * random();
  const far = outline(cell, angle);
  canvas.stroke(
    along(cell, 1, (t) => [angle, far * (0.98 - 0.17 * t)]),
    pen(cell, 0.07),
    cell.brightness,
  );
});

/** Lines from the centrosome to the outline. */
export const microtubules: Structure = many(20, (canvas, cell, random, i) => {
  const angle = (TURN * (i + random())) / 20;
  canvas.stroke([centre(cell), pointAt(cell, angle, outline(cell, angle) * 0.93)], 1, cell.brightness * 0.8);
});

/** Short comets near the outline. */
export const microtubuleEnds: Structure = many(22, (canvas, cell, random, i) => {
  const angle = (TURN * (i + 0.6 * random())) / 22;
  const far = outline(cell, angle) * (0.78 + 0.1 * random());
  canvas.stroke(
    along(cell, 1, (t) => [angle, far * (1 - 0.07 * t)]),
    pen(cell, 0.035),
    cell.brightness,
  );
});

/** A bar out of the cell. */
export const cytokineticBridge: Structure = (canvas, cell) => {
  const far = outline(cell, cell.turn);
  canvas.stroke(
    along(cell, 1, (t) => [cell.turn, far * (0.9 + 0.45 * t)]),
    pen(cell, 0.12),
    cell.brightness,
  );
};

/** A spot with short rays. */
export const organizingCenter: Structure = many(9, (canvas, cell, _random, i) => {
  const { x, y } = centre(cell);
  const [angle, far] = [(TURN * i) / 9, cell.radius * 0.28];
  canvas.disc({ x, y }, cell.radius * 0.1, cell.brightness);
  canvas.stroke(
    [
      { x, y },
      { x: x + far * Math.cos(angle), y: y + far * Math.sin(angle) },
    ],
    1,
    cell.brightness * 0.7,
  );
});

/** Two fine dots beside the nucleus. */
export const centrosome: Structure = (canvas, cell) => {
  const off = cell.radius * 0.06;
  const { x, y } = centre(cell);
  for (const sign of [-1, 1]) canvas.disc({ x: x + sign * off, y }, pen(cell, 0.04), 1);
};
