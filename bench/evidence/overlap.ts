/**
 * A synthetic colour data set whose classes overlap by construction, so that hard negatives exist and no classifier
 * is right everywhere.
 *
 * An image shows stripes of one hue in one direction. A class is a pair of a hue and a direction, on a circle each;
 * an image's own hue and direction are drawn around those of its class, so that some are nearer to a neighbour's. The
 * rest (the width, phase and contrast of the stripes, the brightness, a disc of any hue in front, noise) is drawn
 * alike for all classes, and says nothing of the class.
 *
 * @module
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Canvas } from '../../src/data/atlas/canvas.js';
import { longTailProfile } from '../../src/data/index.js';
import { keyedRandom, type Random } from '../../src/data/random.js';
import { writeWhole } from '../../src/support/write-whole.js';
import { writePng } from './png.js';

const HUES = ['red', 'green', 'blue', 'violet'] as const;
const DIRECTIONS = ['level', 'rising', 'falling'] as const;
/** The number of classes. */
export const CLASSES = HUES.length * DIRECTIONS.length;
/**
 * The standard deviation of an image's hue and direction around those of its class, as a share of the distance
 * between two neighbours on the circle.
 */
const SPREAD = 0.26;

const SIZE = 16;
/** Training images: the most of a class, and their ratio to the fewest. */
const [MOST, RATIO] = [600, 100];
/** Images of each class to choose values on, and to test with; the same for all seeds of training. */
const [VALIDATION, TEST] = [40, 100];
const SEED = 3000;

/** A class, as its hue and its direction, both counted from 0. */
export interface StripeClass {
  readonly hue: number;
  readonly direction: number;
}

/**
 * The class of an index; index 0 is the most frequent in the training sets. Neighbours on the circles are far apart
 * in frequency: a step of 5 visits all 12.
 */
export function stripeClass(index: number): StripeClass {
  const at = (5 * index) % CLASSES;
  return { hue: at % HUES.length, direction: Math.floor(at / HUES.length) };
}

/** Where an image lies on both circles, as shares of a turn in [0, 1): drawn around the place of its class. */
export function drawPlace(
  { hue, direction }: StripeClass,
  random: Random,
): { hue: number; direction: number } {
  const around = (centre: number, classes: number) => {
    const turn = (centre + SPREAD * normal(random)) / classes;
    return turn - Math.floor(turn);
  };
  return { hue: around(hue, HUES.length), direction: around(direction, DIRECTIONS.length) };
}

/** The class whose place is nearest: of a hue and a direction alone, no classifier can tell more. */
export function nearestClass(place: { readonly hue: number; readonly direction: number }): StripeClass {
  const nearest = (turn: number, classes: number) => Math.round(turn * classes) % classes;
  return { hue: nearest(place.hue, HUES.length), direction: nearest(place.direction, DIRECTIONS.length) };
}

/**
 * The class-balanced accuracy of the best classifier that is told the hue and the direction of each image. An image
 * shows them at best, so that no classifier of images is better: (P(|z| < 1/(2·spread)))² for a standard normal z.
 * The share that lies more than half a circle away is below 1e-7.
 */
export function mostAccuracy(): number {
  return within(1 / (2 * SPREAD)) ** 2;
}

/** P(|z| < reach) of a standard normal z, by the trapezoidal rule, whose error is below 1e-9 here. */
function within(reach: number): number {
  const steps = 10_000;
  const width = reach / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++)
    sum += Math.exp(-((i * width) ** 2) / 2) * (i === 0 || i === steps ? 0.5 : 1);
  return sum * width * Math.sqrt(2 / Math.PI);
}

/** Box, Muller: *A Note on the Generation of Random Normal Deviates*, 1958. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

/** Draws an image of a class: size×size×3 values from 0 to 255. */
export function drawStripes(of: StripeClass, size: number, ...key: readonly (number | string)[]): Uint8Array {
  const random = keyedRandom(...key);
  const between = (low: number, high: number) => low + (high - low) * random();
  const { hue, direction } = drawPlace(of, random);
  const angle = Math.PI * direction; // stripes turned by half a turn are the same
  const waves = between(1.5, 3) / size;
  const [phase, contrast] = [between(0, 1), between(0.6, 1)];
  const [ground, height] = [between(0.2, 0.45), between(0.3, 0.55)];
  const colour = ofHue(hue);
  const front = ofHue(random());
  const disc = new Canvas(size);
  disc.disc({ x: between(0, size), y: between(0, size) }, size * between(0.08, 0.2), between(0.5, 1));
  const noise = between(0.02, 0.06);
  const data = new Uint8Array(size * size * 3);
  for (let at = 0; at < size * size; at++) {
    const [x, y] = [at % size, Math.floor(at / size)];
    const along = (x * Math.sin(angle) + y * Math.cos(angle)) * waves + phase;
    const stripe = (contrast * (1 + Math.cos(2 * Math.PI * along))) / 2;
    const covered = disc.data[at] as number;
    for (let c = 0; c < 3; c++) {
      const behind = ground + height * stripe * (colour[c] as number);
      const value = behind * (1 - covered) + covered * (front[c] as number);
      const noisy = value + noise * (random() + random() + random() - 1.5);
      data[3 * at + c] = Math.round(255 * Math.min(1, Math.max(0, noisy)));
    }
  }
  return data;
}

/** Red, green and blue of a hue in turns, each from 0 to 1; their sum is the same for every hue. */
function ofHue(turn: number): number[] {
  return [0, 1, 2].map((c) => (1 + Math.cos(2 * Math.PI * (turn - c / 3))) / 2);
}

/**
 * The fields of a config's `data` that name the images; draws those that are missing. Each seed of training has
 * other training images.
 */
export async function overlapFiles(work: string, seed: number): Promise<object> {
  const folder = (name: string) => join(work, 'overlap', name);
  const sets = { folder: folder(`training-${seed}`), validation: folder('validation'), test: folder('test') };
  await drawSet(sets.folder, longTailProfile(MOST, 1 / RATIO, CLASSES), 'training', seed);
  await drawSet(sets.validation, new Array(CLASSES).fill(VALIDATION), 'validation');
  await drawSet(sets.test, new Array(CLASSES).fill(TEST), 'test');
  return { ...sets, size: SIZE };
}

/** Draws a folder of classes. Its last file says that it is whole. */
async function drawSet(
  folder: string,
  counts: readonly number[],
  ...key: readonly (number | string)[]
): Promise<void> {
  const whole = join(folder, '.whole');
  if (existsSync(whole)) return;
  for (const [index, count] of counts.entries()) {
    const of = stripeClass(index);
    // class folders are sorted by name: the number keeps the most frequent first
    const name = `${String(index).padStart(2, '0')}-${HUES[of.hue]}-${DIRECTIONS[of.direction]}`;
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = 0; i < count; i++)
      await writePng(join(folder, name, `${i}.png`), drawStripes(of, SIZE, SEED, ...key, index, i), SIZE);
  }
  writeWhole(whole, '');
}
