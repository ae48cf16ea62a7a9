/**
 * Images in one grey file a channel, `ID_red.png` and so on: the Human Protein Atlas's, read the
 * article's way.
 *
 * @module
 */
import { join } from 'node:path';
import { wrongType } from '../../../spec/errors.js';
import { knownOptions } from '../checks.js';
import type { Image, Size } from '../image.js';
import type { LabelFile } from '../label-file.js';
import { combineChannels } from '../transforms/channels.js';
import { decodeImage } from './decode.js';
import type { ImageRecord, ImageSource } from './source.js';

/** A stain of the atlas: microtubules, the protein itself, the nucleus, the endoplasmic reticulum. */
export type Colour = 'red' | 'green' | 'blue' | 'yellow';

/** The article's four channels for a net of its own, in its order, which is not that of a photograph. */
export const FOUR_COLOURS: readonly Colour[] = ['red', 'blue', 'green', 'yellow'];
/** The article's three channels for a net that was trained on photographs. */
export const THREE_COLOURS: readonly Colour[] = ['red', 'green', 'blue'];

/** What {@link channelFiles} takes. */
export interface ChannelFileOptions {
  /** Folder of the files. */
  readonly folder: string;
  /** Ids and labels, as {@link readLabelFile} gives them. */
  readonly labels: Pick<LabelFile, 'file' | 'rows' | 'classes'>;
  /** Which files make an image, in the order of its channels. Default {@link FOUR_COLOURS}. */
  readonly channels?: readonly string[];
  /** What file names end in. Default `.png`. */
  readonly extension?: string;
  /** The size that every file must have. Default: any, but one an image. */
  readonly size?: Size;
  /** The size that every channel is resized to as it is decoded. Default: as it is. */
  readonly resize?: Size;
}

const OPTIONS = ['folder', 'labels', 'channels', 'extension', 'size', 'resize'];

/**
 * Images of several grey files each, combined: file `ID_CHANNEL.png` of a folder gives one channel. Only
 * the files of the channels that are asked for are read, one at a time.
 *
 * @returns a source of 8-bit images. `load` throws a DataError that names the file and the line of the
 * label file: `image-missing`, `image-broken`, `image-wrong-channels` (it is not grey),
 * `image-wrong-size` (it differs from `size`, or from the first channel)
 * @throws InputTypeError - options that are unknown, or no channel
 */
export function channelFiles(options: ChannelFileOptions): ImageSource {
  knownOptions(options, OPTIONS);
  const { folder, labels, channels = FOUR_COLOURS, extension = '.png', size, resize } = options;
  if (!Array.isArray(channels) || channels.length === 0)
    wrongType('wrong-type', 'options.channels', 'at least one name', channels);
  const records: readonly ImageRecord[] = labels.rows.map(({ id, labels: its, line }) => ({
    id,
    labels: its,
    file: join(folder, `${id}_*${extension}`),
    labelledAt: `${labels.file}:${line}`,
  }));
  const load = async (at: number): Promise<Image> => {
    const { id, labelledAt = '' } = records[at] as ImageRecord;
    const planes: Image[] = [];
    let wanted = size;
    for (const channel of channels) {
      const file = join(folder, `${id}_${channel}${extension}`);
      const { image, decoded } = await decodeImage({ file, labelledAt }, 1, {
        ...(wanted && { size: wanted }),
        ...(resize && { resize }),
      });
      wanted = decoded; // the channels of an image must lie on each other
      planes.push(image);
    }
    return combineChannels(planes);
  };
  return { records, classes: labels.classes, load };
}
