/**
 * An image of the synthetic atlas: four grey planes of a few cells.
 *
 * @module
 */
import type { Image } from '../image.js';
import { keyedRandom, type Random } from '../random.js';
import type { Colour } from '../sources/channel-files.js';
import { Canvas } from './canvas.js';
import { type Cell, drawCells } from './cell.js';
import { microtubules } from './filaments.js';
import type { Structure } from './marks.js';
import { nucleoplasm } from './nuclear.js';
import { reticulum } from './organelles.js';
import { DRAWN } from './structures.js';

/** Landmarks, the same in every image: microtubules red, the nucleus blue, the reticulum yellow. */
const LANDMARKS: Readonly<Record<Exclude<Colour, 'green'>, Structure>> = {
  red: microtubules,
  blue: nucleoplasm,
  yellow: reticulum,
};
/** Darkness and noise, on 0 to 1, so that no plane is quite empty. */
const DARK = 0.03;
const NOISE = 0.06;

/**
 * Draws an image: its cells by seed and id, the landmarks in three planes, its labels' structures in the
 * green one.
 *
 * @param size - side in pixels, ≥ 16
 * @returns 8-bit grey planes by colour
 */
export function drawAtlasImage(
  id: string,
  labels: readonly number[],
  size: number,
  seed: number,
): Record<Colour, Image> {
  const cells = drawCells(size, keyedRandom(seed, id, 'cells'));
  const plane = (colour: Colour, structures: readonly Structure[]) =>
    developed(
      stained(size, cells, structures, keyedRandom(seed, id, colour)),
      keyedRandom(seed, id, colour, 'noise'),
    );
  return {
    red: plane('red', [LANDMARKS.red]),
    green: plane(
      'green',
      labels.map((k) => DRAWN[k] as Structure),
    ),
    blue: plane('blue', [LANDMARKS.blue]),
    yellow: plane('yellow', [LANDMARKS.yellow]),
  };
}

function stained(
  size: number,
  cells: readonly Cell[],
  structures: readonly Structure[],
  random: Random,
): Canvas {
  const canvas = new Canvas(size);
  for (const cell of cells) for (const draw of structures) draw(canvas, cell, random);
  return canvas;
}

/** Brightness as 8-bit grey values, with noise. */
function developed({ size, data }: Canvas, random: Random): Image {
  const grey = Uint8Array.from(data, (value) => {
    const seen = DARK + NOISE * random() + value * (1 - DARK - NOISE);
    return Math.round(255 * Math.min(1, seen));
  });
  return { width: size, height: size, channels: 1, data: grey };
}
