/**
 * Labels for synthetic images, as often as the real ones have them.
 *
 * @module
 */
import { drawOrder, keyedRandom } from '../random.js';
import { IMAGES, LABELS_AN_IMAGE, STRUCTURES } from './frequencies.js';

/**
 * Draws the labels of images. Each label is as frequent as in the real set, and so are images with one label,
 * two, and so on; which labels come together is left to chance.
 *
 * @param images - ≥ 1
 * @param least - the least number of images of each label, if there are enough images
 * @returns class indices by image, ascending, at least one each
 */
export function drawTargets(images: number, seed: number, least = 1): number[][] {
  const random = keyedRandom(seed, 'targets');
  const scaled = (count: number) => Math.round((count * images) / IMAGES);
  const sizes = LABELS_AN_IMAGE.flatMap((count, i) => Array<number>(scaled(count)).fill(i + 1));
  const room = drawOrder([...sizes, ...Array<number>(images).fill(1)].slice(0, images), random);
  const rows = room.map((): number[] => []);
  const rarestFirst = [...STRUCTURES.keys()].sort((a, b) => countOf(a) - countOf(b));
  rarestFirst.forEach((k, turn) => {
    let wanted = Math.max(least, scaled(countOf(k)));
    // an image with room for three labels is met three times as often as one with room for one; one with
    // more room than there are labels left could not be filled any more, and goes first
    const left = rarestFirst.length - turn - 1;
    const urgent = [...room.keys()].filter((i) => (room[i] as number) > left);
    const slots = room.flatMap((places, i) => Array<number>(places).fill(i));
    for (const i of [...urgent, ...drawOrder(slots, random)]) {
      const row = rows[i] as number[];
      if (wanted === 0) break;
      if (row.includes(k)) continue;
      row.push(k);
      (room[i] as number) -= 1;
      wanted -= 1;
    }
  });
  const [commonest] = rarestFirst.slice(-1) as [number];
  return rows.map((row) => (row.length === 0 ? [commonest] : row.sort((a, b) => a - b)));
}

function countOf(k: number): number {
  return STRUCTURES[k]?.[1] ?? 0;
}
