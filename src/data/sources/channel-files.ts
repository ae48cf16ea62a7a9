/**
 * Images in one grey file per channel, `ID_red.png` and so on: the Human Protein Atlas's, read the
 * article's way.
 *
 * @module
 */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { refuseUnknownFields, wrongType } from '../../../spec/errors.js';
import { dataError } from '../errors.js';
import { leavesFolder, spellingsOf } from '../file-name.js';
import type { Image, Size } from '../image.js';
import type { LabelFile } from '../label-file.js';
import { combineChannels } from '../transforms/channels.js';
import { type DecodeOptions, decodeImage } from './decode.js';
import { readBits } from './sixteen-bits.js';
import type { ImageRecord, ImageSource } from './source.js';

/** A stain of the atlas: microtubules, the protein itself, the nucleus, the endoplasmic reticulum. */
export type Colour = 'red' | 'green' | 'blue' | 'yellow';

/** The article's four channels, for a net trained from scratch, in its order: not that of a photograph. */
export const FOUR_COLOURS: readonly Colour[] = ['red', 'blue', 'green', 'yellow'];
/** The article's three channels, for a net that was trained on photographs. */
export const THREE_COLOURS: readonly Colour[] = ['red', 'green', 'blue'];

/** What {@link channelFiles} takes. */
export interface ChannelFileOptions extends DecodeOptions {
  /** Folder of the files. */
  readonly folder: string;
  /** Ids and labels, as {@link readLabelFile} gives them. */
  readonly labels: Pick<LabelFile, 'file' | 'rows' | 'classes' | 'attributes'>;
  /** The channels of an image, in order: the file names' last part. Default {@link FOUR_COLOURS}. */
  readonly channels?: readonly string[];
  /** What file names end in. Default `.png`. */
  readonly extension?: string;
  /** The size that every file must have. Default: any, but the same for all channels of an image. */
  readonly size?: Size;
}

const OPTIONS = ['folder', 'labels', 'channels', 'extension', 'size', 'resize', 'bits'];

/**
 * Images of several grey files each, combined: the file `ID_CHANNEL.png` of a folder is one channel. Only
 * the files of the channels that are asked for are read, one at a time. Accents may be composed in an id and
 * decomposed in the name of its file, or the other way round.
 *
 * @returns a source of 8-bit images. `load` throws a DataError that names the file and the line of the
 * label file: `image-missing`, `image-broken`, `image-wrong-channels` (it is not grey),
 * `image-wrong-size` (it differs from `size`, or from the first channel), `image-wrong-depth`
 * @throws InputTypeError, InputRangeError - an unknown option, no channel
 * @throws DataError - `id-outside`: an id such as `../x` that leaves the folder
 */
export function channelFiles(options: ChannelFileOptions): ImageSource {
  refuseUnknownFields(options, OPTIONS);
  const { folder, labels, channels = FOUR_COLOURS, extension = '.png', size, ...decode } = options;
  if (!Array.isArray(channels) || channels.length === 0)
    wrongType('wrong-type', 'options.channels', 'at least one name', channels);
  const sixteenBits = { files: 0, largest: 0, bits: readBits(decode.bits) };
  const real = realFolder(folder);
  const records: readonly ImageRecord[] = labels.rows.map(({ id, labels: its, line }) => {
    if (leavesFolder(id)) {
      const expected = 'an id that stays in its folder';
      throw dataError({ code: 'id-outside', file: labels.file, line, expected, got: id });
    }
    const file = `${id}_*${extension}`;
    const realFile = join(real, file.normalize('NFC'));
    return { id, labels: its, file: join(folder, file), realFile, labelledAt: `${labels.file}:${line}` };
  });
  const load = async (at: number): Promise<Image> => {
    const { id, labelledAt = '' } = records[at] as ImageRecord;
    const planes: Image[] = [];
    let wanted = size;
    for (const channel of channels) {
      const [file = '', ...otherwise] = spellingsOf(`${id}_${channel}${extension}`).map((name) =>
        join(folder, name),
      );
      const sized = { ...decode, ...(wanted && { size: wanted }) };
      const { image, decoded } = await decodeImage({ file, otherwise, labelledAt }, 1, sized, sixteenBits);
      wanted = decoded; // the channels of an image must lie on each other
      planes.push(image);
    }
    return combineChannels(planes);
  };
  const { classes, attributes } = labels;
  return { records, classes, ...(attributes && { attributes }), sixteenBits, load };
}

/** The folder that links lead to; a folder that is not there is refused with the first image. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
