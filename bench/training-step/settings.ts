/**
 * The nets whose training step is timed, and what is said between the processes that train them.
 *
 * @module
 */

/** A net, and the batch that it is trained on. The PyTorch program reads the same object. */
export interface Setting {
  readonly title: string;
  /** Images per step. */
  readonly batch: number;
  /** Pixels in each row and column, and channels. */
  readonly pixels: number;
  readonly channels: number;
  readonly classes: number;
  /** As the config of `crl train` has it. */
  readonly model:
    | { readonly kind: 'conv'; readonly filters: readonly number[]; readonly hidden: number }
    | { readonly kind: 'resnet'; readonly filters: readonly number[]; readonly blocks: number };
}

/** By name, from small to large. */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  small: {
    title: '8 and 16 filters, 128 images of 28×28×1',
    batch: 128,
    pixels: 28,
    channels: 1,
    classes: 10,
    model: { kind: 'conv', filters: [8, 16], hidden: 64 },
  },
  larger: {
    title: '32, 64 and 128 filters, 32 images of 64×64×4',
    batch: 32,
    pixels: 64,
    channels: 4,
    classes: 28,
    model: { kind: 'conv', filters: [32, 64, 128], hidden: 64 },
  },
  resnet: {
    title: 'residual net of 16, 32 and 64 filters, 32 images of 64×64×4',
    batch: 32,
    pixels: 64,
    channels: 4,
    classes: 28,
    model: { kind: 'resnet', filters: [16, 32, 64], blocks: 1 },
  },
};

/** The loss of a step; `ce` is cross entropy alone. */
export type StepLoss = 'crl' | 'ce';

/** What a process is told, one line of JSON per request: the net to build at first, then how many steps to take. */
export type StepRequest =
  | { readonly setting: Setting; readonly loss: StepLoss }
  | { readonly steps: number; readonly loss: StepLoss };

/** What it answers, one line of JSON per request. */
export type StepAnswer =
  | { readonly about: string }
  | {
      /** Milliseconds of each step. */
      readonly wall: readonly number[];
      /** Processor time of all steps together, over all threads, in milliseconds. */
      readonly processor: number;
      /** The loss of the last step: it must be a number, and fall while the net trains. */
      readonly loss: number;
    };
