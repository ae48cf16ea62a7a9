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
  object,
  optional,
  seed,
  text,
  where,
  whole,
} from './fields.js';
import type { Problems } from './problems.js';

const share = number('a share in (0, 1)', (x) => x > 0 && x < 1);

/** What is done to images before they are trained on. */
const TRANSFORMS = {
  /** What is drawn anew each epoch: nothing, a flip, a crop and a flip, or a shift. */
  augment: optional(choice('none', 'flip', 'crop', 'shift'), 'none'),
  /** The largest shift in each direction, in pixels. Default 2. */
  shift: optional(whole(0)),
  /** Whether channels get mean 0 and deviation 1, by the training set's figures. */
  normalise: optional(flag, false),
};

/** A column, or a column and its classes in order. */
const attribute: Field<string | { readonly column: string; readonly classes: readonly string[] }> = (
  value,
  path,
  problems,
) =>
  typeof value === 'object' && value !== null
    ? object({ column: text, classes: list(text) })(value, path, problems)
    : text(value, path, problems);

/** A share of the images, or a file or folder of others; a name of digits is a name where it is no share. */
function shareOr(other: Field<string>): Field<number | string> {
  return (value, path, problems) =>
    typeof value === 'number' && !(Number.isInteger(value) && value >= 1)
      ? share(value, path, problems)
      : other(typeof value === 'number' ? String(value) : value, path, problems);
}

const FILES = {
  /** Side of the square that every image is resized to. */
  size: whole(8),
  skipBad: optional(flag, false),
  /** Whether an image may have no label, or a class no image. */
  allowEmpty: optional(flag, false),
  /** Bits that files of 16 bits use. */
  bits: optional(whole(9, 16), 16),
  /** MiB of decoded images that are kept once they are loaded, of each set of files; 0 keeps none. */
  cache: optional(whole(0), 512),
  ...TRANSFORMS,
};

/** Names, or how many there are. */
const classes: Field<number | readonly string[]> = numberOr(whole(2), list(text));

export const dataField = byKind({
  /** A label file, and a folder with one grey file per channel. */
  channels: {
    labels: file,
    folder,
    classes: optional(classes),
    channels: optional(list(text), FOUR_COLOURS),
    /** What file names end in. */
    extension: optional(text, '.png'),
    /** Default one-attribute; categorical with `attributes`. */
    encoding: optional(choice('one-attribute', 'multi-label', 'categorical')),
    idColumn: optional(text, 'Id'),
    targetColumn: optional(text, 'Target'),
    /** Columns that are an attribute each, instead of `targetColumn`. */
    attributes: optional(list(attribute)),
    /** What separates the fields of a line. */
    delimiter: optional(choice(',', ';', '|', 'tab'), ','),
    /** What separates the labels of a field, or none; without it spaces. */
    separator: optional(text),
    /** A share of the label file, or another label file for images of the same folder. */
    validation: optional(shareOr(file), 0.2),
    test: optional(shareOr(file)),
    ...FILES,
  },
  /** A folder per class. */
  folders: {
    folder,
    channels: optional(choice(1, 3), 3),
    /** A share of the folder, or another folder of classes. */
    validation: optional(shareOr(folder), 0.2),
    test: optional(shareOr(folder)),
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
    /** Seed of the test images, independent of the seed of the run. */
    testSeed: optional(seed),
    ...TRANSFORMS,
  },
});

/** Where images come from. */
export type DataConfig = ReturnType<typeof dataField>;
/** Images in files. */
export type FilesConfig = Exclude<DataConfig, { readonly kind: 'digits' }>;

/** How labels are encoded: an image of a folder has one class, and so has a digit. */
export function encodingOf(data: DataConfig): 'one-attribute' | 'multi-label' | 'categorical' {
  if (data.kind !== 'channels' || data.attributes) return 'categorical';
  return data.encoding ?? 'one-attribute';
}

/** The size of a shift is only for images that are shifted. */
export function shiftIsUsed({ augment, shift }: DataConfig, path: string, problems: Problems): void {
  if (shift !== undefined && augment !== 'shift')
    problems.add(`${path}.shift`, 'no value unless augment is shift', shift);
}

/** Settings of labels that are right by themselves and wrong together. */
export function labelsAgree(data: DataConfig, path: string, problems: Problems): void {
  if (data.kind !== 'channels') return;
  const { attributes, encoding, classes: given, allowEmpty } = data;
  if (attributes && encoding !== undefined && encoding !== 'categorical')
    problems.add(`${path}.encoding`, 'categorical, or none, beside attributes', encoding);
  if (attributes && given !== undefined)
    problems.add(`${path}.classes`, 'no value together with attributes', given);
  if (!attributes && encoding === 'categorical' && allowEmpty)
    problems.add(
      `${path}.allowEmpty`,
      'false with encoding categorical: each image has one label',
      allowEmpty,
    );
}

/** Shares that leave nothing to train on are a mistake of both. */
export const sharesLeaveSome = where<unknown>('shares of validation and test with a sum below 1', (given) => {
  const { validation, test } = Object(given) as { validation?: unknown; test?: unknown };
  const sum = [validation, test].reduce<number>((s, x) => s + (typeof x === 'number' && x < 1 ? x : 0), 0);
  return sum < 1;
});
