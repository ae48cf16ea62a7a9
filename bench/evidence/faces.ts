/**
 * Synthetic faces of ten binary attributes, the kind of data for which the paper makes its largest claims. They are
 * drawn when they are first needed, with their test images set apart.
 *
 * Positions, sizes, contrast and noise vary so much that a rare attribute often looks like its absence, so that there
 * are hard negatives.
 *
 * @module
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Canvas, length, type Point, soft } from '../../src/data/atlas/canvas.js';
import { drawOrder, keyedRandom, type Random } from '../../src/data/random.js';
import { csvLine } from '../../src/support/csv-field.js';
import { writeWhole } from '../../src/support/write-whole.js';
import { writePng } from './png.js';
import { setApart } from './set-apart.js';

/** Attributes, and how many faces lack each for one that has it: CelebA's reach from 1:1 to 1:43. */
export const ATTRIBUTES: readonly (readonly [name: string, lacking: number])[] = [
  ['smile', 1],
  ['open_mouth', 2],
  ['fringe', 5],
  ['glasses', 8],
  ['beard', 13],
  ['big_nose', 16],
  ['hat', 19],
  ['earrings', 23],
  ['moustache', 24],
  ['bald', 43],
];

const IMAGES = 2400;
const SIZE = 24;
/** Seed of the faces and of their test set, which are the same for all seeds of training. */
const SEED = 2000;

/** For each face which attributes it has: exactly as many as the ratios say, each drawn independently. */
export function drawAttributes(images: number, seed: number): boolean[][] {
  const faces = Array.from({ length: images }, (): boolean[] => []);
  for (const [name, lacking] of ATTRIBUTES) {
    const order = drawOrder([...faces.keys()], keyedRandom(seed, name));
    const having = new Set(order.slice(0, Math.round(images / (1 + lacking))));
    faces.forEach((face, i) => void face.push(having.has(i)));
  }
  return faces;
}

/**
 * Draws a face: size×size grey values from 0 to 255. Each part is drawn with separate random numbers, so that an attribute
 * changes its own place of the face and nothing else.
 */
export function drawFace(
  has: readonly boolean[],
  size: number,
  ...key: readonly (number | string)[]
): Uint8Array {
  const named = new Map(ATTRIBUTES.map(([name], j) => [name, has[j] === true]));
  const face = new Face(size, keyedRandom(...key, 'head'));
  for (const [name, part] of Object.entries(PARTS))
    part(face, named.get(name) ?? true, spread(keyedRandom(...key, name)));
  return face.grey(keyedRandom(...key, 'noise'));
}

/** A number between two. */
type Between = (low: number, high: number) => number;

function spread(random: Random): Between {
  return (low, high) => low + (high - low) * random();
}

/** A head, on which parts are drawn darker or brighter than the skin. */
class Face {
  readonly #canvas: Canvas;
  readonly #head: Point & { readonly width: number; readonly height: number };
  readonly #skin: number;
  /** How far parts stand out. */
  readonly #ink: number;
  /** The width of a line, in pixels. */
  readonly pen: number;

  constructor(size: number, random: Random) {
    const between = spread(random);
    const unit = size / 24;
    this.#canvas = new Canvas(size);
    this.#head = {
      x: size * between(0.44, 0.56),
      y: size * between(0.48, 0.56),
      width: unit * between(6, 8),
      height: unit * between(7.5, 9),
    };
    this.#ink = between(0.35, 0.8);
    this.#skin = between(0.35, 0.55);
    this.pen = unit * between(0.7, 1.1);
    const { height } = this.#head;
    this.#canvas.paint(this.#head, height + 1, (x, y) => this.#skin * this.#inside(x, y));
  }

  /** A point of the face: the head reaches from −1 to 1 both ways. */
  at(x: number, y: number): Point {
    return { x: this.#head.x + x * this.#head.width, y: this.#head.y + y * this.#head.height };
  }

  /** The part of the head above a height, or below it. */
  area(on: Canvas, side: 'above' | 'below', y: number): void {
    const edge = this.at(0, y).y;
    on.paint(this.#head, this.#head.height + 1, (px, py) => {
      return this.#inside(px, py) * soft(side === 'above' ? edge - py : py - edge);
    });
  }

  darken(strength: number, draw: (on: Canvas) => void): void {
    this.#blend(draw, (old, part) => old * (1 - this.#ink * strength * part));
  }

  brighten(strength: number, draw: (on: Canvas) => void): void {
    const most = this.#skin + this.#ink * strength * (1 - this.#skin);
    this.#blend(draw, (old, part) => Math.max(old, most * part));
  }

  grey(random: Random): Uint8Array {
    const noise = spread(random)(0.04, 0.12);
    return Uint8Array.from(this.#canvas.data, (value) => {
      const noisy = value + noise * (random() + random() + random() - 1.5);
      return Math.round(255 * Math.min(1, Math.max(0, noisy)));
    });
  }

  #blend(draw: (on: Canvas) => void, of: (old: number, part: number) => number): void {
    const { data, size } = this.#canvas;
    const part = new Canvas(size);
    draw(part);
    for (const [i, value] of part.data.entries()) data[i] = of(data[i] as number, value);
  }

  #inside(x: number, y: number): number {
    const { x: middle, y: centre, width, height } = this.#head;
    return soft((1 - length((x - middle) / width, (y - centre) / height)) * width);
  }
}

/** The eyes are where glasses go. */
const EYES = [-0.4, 0.4] as const;
const EYE_HEIGHT = -0.18;

/** How each part is drawn, with its attribute and without. Every face has the parts that no attribute names. */
const PARTS: Readonly<Record<string, (face: Face, has: boolean, between: Between) => void>> = {
  eyes: (face) =>
    face.darken(1, (on) => {
      for (const x of EYES) on.disc(face.at(x, EYE_HEIGHT), face.pen, 1);
    }),
  big_nose: (face, has, between) => {
    const size = has ? between(0.2, 0.36) : between(0.08, 0.22);
    const line = [face.at(0, -0.05), face.at(size, 0.22), face.at(-size, 0.22)];
    face.darken(0.7, (on) => on.stroke(line, face.pen, 1));
  },
  smile: (face, has, between) => {
    const curve = has ? between(0.03, 0.2) : between(-0.14, 0.05);
    const wide = between(0.3, 0.45);
    const line = [face.at(-wide, 0.5 - curve), face.at(0, 0.5 + curve), face.at(wide, 0.5 - curve)];
    face.darken(1, (on) => on.stroke(line, face.pen, 1));
  },
  open_mouth: (face, has, between) => {
    const height = has ? between(1.3, 2.4) : between(0.6, 1.5);
    face.darken(1, (on) => on.disc(face.at(0, 0.5), face.pen * height, 1));
  },
  bald: (face, has, between) =>
    face.darken(has ? between(0, 0.3) : between(0.2, 0.9), (on) => face.area(on, 'above', -0.5)),
  fringe: (face, has, between) => {
    if (!has) return;
    const line = [face.at(-0.6, -0.42), face.at(0.6, between(-0.5, -0.35))];
    face.darken(between(0.4, 1), (on) => on.stroke(line, face.pen * 1.6, 1));
  },
  hat: (face, has, between) => {
    if (!has) return;
    const line = [face.at(-0.9, -0.75), face.at(0.9, -0.75 - between(0, 0.1))];
    face.brighten(between(0.5, 1), (on) => on.stroke(line, face.pen * between(1.8, 3), 1));
  },
  glasses: (face, has, between) => {
    if (!has) return;
    const radius = face.pen * between(1.8, 2.4);
    face.darken(between(0.4, 1), (on) => {
      for (const x of EYES) on.ring(face.at(x, EYE_HEIGHT), radius, face.pen * 0.8, 1);
    });
  },
  beard: (face, has, between) => {
    if (has) face.darken(between(0.35, 0.9), (on) => face.area(on, 'below', 0.62));
  },
  moustache: (face, has, between) => {
    if (!has) return;
    const line = [face.at(-0.35, 0.34), face.at(0.35, 0.34)];
    face.darken(between(0.4, 1), (on) => on.stroke(line, face.pen * between(0.9, 1.5), 1));
  },
  earrings: (face, has, between) => {
    if (!has) return;
    const radius = face.pen * between(0.8, 1.2);
    face.brighten(between(0.5, 1), (on) => {
      for (const x of [-1, 1]) on.disc(face.at(x, 0.25), radius, 1);
    });
  },
};

/** The fields of a config's `data` that name the images and their labels; draws the faces if they are missing. */
export async function faceFiles(work: string): Promise<object> {
  const out = join(work, 'faces');
  const [labels, test] = [join(out, 'training.csv'), join(out, 'test.csv')];
  const folder = join(out, 'images');
  const attributes = ATTRIBUTES.map(([name]) => ({ column: name, classes: ['no', 'yes'] }));
  const files = { labels, test, folder, attributes, channels: ['grey'], size: SIZE };
  if (existsSync(labels) && existsSync(test)) return files;
  mkdirSync(folder, { recursive: true });
  const faces = drawAttributes(IMAGES, SEED);
  const idOf = (i: number) => `face-${String(i).padStart(4, '0')}`;
  for (const [i, face] of faces.entries())
    await writePng(join(folder, `${idOf(i)}_grey.png`), drawFace(face, SIZE, SEED, idOf(i)), SIZE);
  const sets = setApart(
    faces.map((face) => face.flatMap((has, j) => (has ? [j] : []))),
    SEED,
  );
  for (const [file, indices] of [
    [test, sets.test],
    [labels, sets.training],
  ] as const) {
    const row = (i: number) =>
      csvLine([idOf(i), ...(faces[i] as boolean[]).map((has) => (has ? 'yes' : 'no'))]);
    const head = csvLine(['Id', ...ATTRIBUTES.map(([name]) => name)]);
    writeWhole(file, `${[head, ...indices.map(row)].join('\n')}\n`);
  }
  return files;
}
