/**
 * Where images come from, in a config.
 *
 * @module
 */
import { FOUR_COLOURS } from '../../data/sources/channel-files.js';
import {
  byKind,
  choice,
  type Field,
  file,
  flag,
  folder,
  list,
  number,
  numberOr,
  optional,
  seed,
  text,
  where,
  whole,
} from './fields.js';

const share = number('a share in (0, 1)', (x) => x > 0 && x < 1);

/** What becomes of images on the way. */
const ON_THE_WAY = {
  /** What is drawn anew each epoch: nothing, a flip, or a crop and a flip. */
  augment: optional(choice('none', 'flip', 'crop'), 'none'),
  /** Whether channels get mean 0 and deviation 1, by the training set's figures. */
  normalise: optional(flag, false),
};

const FILES = {
  /** Side of the square that every image is resized to. */
  size: whole(8),
  skipBad: optional(flag, false),
  /** MiB of decoded images that are kept after the first epoch, of each set of files; 0 keeps none. */
  cache: optional(whole(0), 512),
  ...ON_THE_WAY,
};

/** Names, or how many there are. */
const classes: Field<number | readonly string[]> = numberOr(whole(2), list(text));

export const dataField = byKind({
  /** A label file, and a folder with one grey file a channel. */
  channels: {
    labels: file,
    folder,
    classes: optional(classes),
    channels: optional(list(text), FOUR_COLOURS),
    encoding: optional(choice('one-attribute', 'multi-label', 'categorical'), 'one-attribute'),
    /** A share of the label file, or another label file for images of the same folder. */
    validation: optional(numberOr(share, file), 0.2),
    test: optional(numberOr(share, file)),
    ...FILES,
  },
  /** A folder a class. */
  folders: {
    folder,
    channels: optional(choice(1, 3), 3),
    /** A share of the folder, or another folder of classes. */
    validation: optional(numberOr(share, folder), 0.2),
    test: optional(numberOr(share, folder)),
    ...FILES,
  },
  /** The digits of the package mnist, thinned out. */
  digits: {
    most: optional(whole(1), 500),
    ratio: optional(
      number('a number ≥ 1', (x) => x >= 1),
      100,
    ),
    validation: optional(whole(1), 100),
    test: optional(whole(1), 200),
    /** Draws the test images, whatever the seed draws. */
    testSeed: optional(seed),
    ...ON_THE_WAY,
  },
});

/** Where images come from. */
export type DataConfig = ReturnType<typeof dataField>;
/** Images in files. */
export type FilesConfig = Exclude<DataConfig, { readonly kind: 'digits' }>;

/** How labels are written: an image of a folder has one class, and so has a digit. */
export function encodingOf(data: DataConfig): 'one-attribute' | 'multi-label' | 'categorical' {
  return data.kind === 'channels' ? data.encoding : 'categorical';
}

/** Shares that leave nothing to train on are a mistake of both. */
export const sharesLeaveSome = where<unknown>('shares of validation and test with a sum below 1', (given) => {
  const { validation, test } = Object(given) as { validation?: unknown; test?: unknown };
  const sum = [validation, test].reduce<number>((s, x) => s + (typeof x === 'number' && x < 1 ? x : 0), 0);
  return sum < 1;
});
