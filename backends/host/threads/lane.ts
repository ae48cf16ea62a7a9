/**
 * The memory that the calling thread and one worker share. Both sides use this file.
 *
 * It has two slots, so that a worker that has finished one block finds the next. The state of a slot goes from FREE
 * to OFFERED (the caller has written a block), to TAKEN (the worker computes it), to DONE (its results can be read),
 * and back to FREE. The caller may take back what is offered, and never waits for what is taken.
 *
 * @module
 */
import type { BlockFunction, MemoryImage } from './block-work.js';

/** States of a slot. */
export const FREE = 0;
export const OFFERED = 1;
export const TAKEN = 2;
export const DONE = 3;

/** The SIMD functions by the number that stands for them in a slot. */
export const FUNCTIONS: readonly BlockFunction[] = ['softmax', 'sigmoid'];

/** How many blocks a worker can have at once. */
export const SLOTS = 2;

/** The arguments that a slot has space for. */
const ARGUMENTS = 6;
// where a slot's numbers are, in int32
const STATE = 0;
const FUNCTION = 1;
const BYTES = 2;
const RESULTS = 3;
const VALID = 4;
const FIRST_ARGUMENT = 5;
const SLOT_HEADER = 16;
// where the lane's own numbers are, in int32
const OFFERS = SLOTS * SLOT_HEADER;
const CLOSED = OFFERS + 1;
const HEADER_BYTES = 4 * 16 * (SLOTS + 1);

/** One block's call, as the worker reads it. */
export interface Call {
  readonly run: BlockFunction;
  readonly bytes: number;
  readonly results: number;
  readonly given: readonly number[];
}

/** Computes a block in place; returns whether its input was valid. */
export type Compute = (call: Call, image: MemoryImage) => boolean;

/** The shared memory of one worker, seen from either side. */
export class Lane {
  private readonly control: Int32Array;
  private readonly images: readonly MemoryImage[];

  /** @param memory - made by {@link memoryOf} */
  constructor(readonly memory: SharedArrayBuffer) {
    this.control = new Int32Array(memory, 0, HEADER_BYTES / 4);
    const { capacity } = this;
    this.images = Array.from({ length: SLOTS }, (_, slot) => {
      const at = HEADER_BYTES + slot * capacity;
      return {
        integers: new Int32Array(memory, at, capacity / 4),
        floats: new Float32Array(memory, at, capacity / 4),
        doubles: new Float64Array(memory, at, capacity / 8),
      };
    });
  }

  /** Allocates the memory of a lane whose blocks take at most so many bytes. */
  static memoryOf(bytes: number): SharedArrayBuffer {
    return new SharedArrayBuffer(HEADER_BYTES + SLOTS * 16 * Math.ceil(bytes / 16));
  }

  /** How many bytes a block may take. */
  get capacity(): number {
    return (this.memory.byteLength - HEADER_BYTES) / SLOTS;
  }

  image(slot: number): MemoryImage {
    return this.images[slot];
  }

  stateOf(slot: number): number {
    return Atomics.load(this.control, slot * SLOT_HEADER + STATE);
  }

  /** Whether the last block of a slot was valid. */
  isValid(slot: number): boolean {
    return this.control[slot * SLOT_HEADER + VALID] === 1;
  }

  /** Offers the block whose input is in the slot's image, and wakes the worker. */
  offer(slot: number, { run, bytes, results, given }: Call): void {
    const { control } = this;
    const at = slot * SLOT_HEADER;
    control[at + FUNCTION] = FUNCTIONS.indexOf(run);
    control[at + BYTES] = bytes;
    control[at + RESULTS] = results;
    for (let k = 0; k < ARGUMENTS; k++) control[at + FIRST_ARGUMENT + k] = given[k] ?? 0;
    Atomics.store(control, at + STATE, OFFERED);
    this.wake();
  }

  /** Moves a slot from one state to another; false if it was in a third. */
  move(slot: number, from: number, to: number): boolean {
    return Atomics.compareExchange(this.control, slot * SLOT_HEADER + STATE, from, to) === from;
  }

  /** Makes the worker leave this lane. */
  close(): void {
    Atomics.store(this.control, CLOSED, 1);
    this.wake();
  }

  /** Computes what is offered, until the lane is closed. Blocks the thread, so only a worker may call it. */
  serve(compute: Compute): void {
    const { control } = this;
    while (!Atomics.load(control, CLOSED)) {
      const seen = Atomics.load(control, OFFERS);
      // returns at once if something was offered since, or the lane was closed
      if (!this.serveOffered(compute)) Atomics.wait(control, OFFERS, seen);
    }
  }

  /**
   * Computes what is offered now.
   *
   * @returns whether there was something
   */
  serveOffered(compute: Compute): boolean {
    const { control } = this;
    let found = false;
    for (let slot = 0; slot < SLOTS; slot++) {
      if (!this.move(slot, OFFERED, TAKEN)) continue;
      found = true;
      control[slot * SLOT_HEADER + VALID] = Number(compute(this.callOf(slot), this.images[slot]));
      Atomics.store(control, slot * SLOT_HEADER + STATE, DONE);
    }
    return found;
  }

  private callOf(slot: number): Call {
    const at = slot * SLOT_HEADER;
    const { control } = this;
    const first = at + FIRST_ARGUMENT;
    return {
      run: FUNCTIONS[control[at + FUNCTION]],
      bytes: control[at + BYTES],
      results: control[at + RESULTS],
      given: Array.from(control.subarray(first, first + ARGUMENTS)),
    };
  }

  private wake(): void {
    Atomics.add(this.control, OFFERS, 1);
    Atomics.notify(this.control, OFFERS);
  }
}
