/**
 * The workers of the process, and how blocks of work are shared with them.
 *
 * The calling thread never waits. It computes blocks from the front, hands others to the workers from the back, and
 * in the end computes itself what a worker has not finished. A worker that is slow, or gone, costs some time and no
 * result.
 *
 * @module
 */
import type { BlockWork, Helpers } from './block-work.js';
import { DONE, FREE, Lane, OFFERED, SLOTS } from './lane.js';

/** What the pool needs of a worker. */
export interface Receiver {
  postMessage(memory: SharedArrayBuffer): void;
}

/** At 131,072 scores the softmax takes about 0.4 ms, and waking a worker up to 0.1 ms. */
const LEAST_SCORES = 1 << 17;
/** 64 KiB of scores: they and their copy fit the second-level cache. */
const BLOCK_SCORES = 1 << 14;

/** No block of the work at hand. */
const NONE = -1;

/** A worker with its lane, and the block in each slot. */
interface Helper {
  readonly worker: Receiver;
  lane: Lane;
  blocks: number[];
}

/** Shares work with workers. */
export class Pool implements Helpers {
  private readonly helpers = new Map<Receiver, Helper>();

  /** @param least, block - as in {@link Helpers} */
  constructor(
    readonly least: number = LEAST_SCORES,
    readonly block: number = BLOCK_SCORES,
  ) {}

  /** How many workers take part. */
  get size(): number {
    return this.helpers.size;
  }

  add(worker: Receiver): void {
    this.helpers.set(worker, connected(worker, 0));
  }

  /** Leaves out a worker that has ended. */
  remove(worker: Receiver): void {
    this.helpers.get(worker)?.lane.close();
    this.helpers.delete(worker);
  }

  share(work: BlockWork, here: (block: number) => boolean): boolean {
    const helpers = [...this.helpers.values()].map((helper) => this.large(helper, work.bytes));
    let next = 0;
    let end = work.blocks;
    let valid = true;
    while (valid && next < end) {
      for (const helper of helpers) {
        for (let slot = 0; valid && slot < SLOTS; slot++) {
          valid = collect(helper, slot, work);
          // the last one is for this thread
          if (helper.lane.stateOf(slot) === FREE && end - next > 1) offer(helper, slot, work, --end);
        }
      }
      if (valid) valid = here(next++);
    }
    // first what no worker has begun; while that is computed, most others are finished
    for (const begun of [false, true]) {
      for (const helper of helpers) {
        for (let slot = 0; slot < SLOTS; slot++) {
          const block = helper.blocks[slot];
          if (block === NONE) continue;
          if (!begun && !helper.lane.move(slot, OFFERED, FREE)) continue;
          if (helper.lane.stateOf(slot) === DONE) valid &&= collect(helper, slot, work);
          else valid &&= here(block);
          helper.blocks[slot] = NONE; // a worker that still computes it writes to its slot only
        }
      }
    }
    return valid;
  }

  /** A helper whose slots hold blocks of so many bytes. */
  private large(helper: Helper, bytes: number): Helper {
    if (helper.lane.capacity >= bytes) return helper;
    helper.lane.close();
    return Object.assign(helper, connected(helper.worker, bytes));
  }
}

function connected(worker: Receiver, bytes: number): Helper {
  const lane = new Lane(Lane.memoryOf(bytes));
  worker.postMessage(lane.memory);
  return { worker, lane, blocks: new Array(SLOTS).fill(NONE) };
}

/**
 * Reads the results of a slot if there are any, and frees it.
 *
 * @returns false if the block was not valid
 */
function collect({ lane, blocks }: Helper, slot: number, work: BlockWork): boolean {
  if (lane.stateOf(slot) !== DONE) return true;
  const block = blocks[slot];
  const valid = block === NONE || lane.isValid(slot);
  if (valid && block !== NONE) work.read(block, lane.image(slot));
  blocks[slot] = NONE;
  lane.move(slot, DONE, FREE);
  return valid;
}

function offer({ lane, blocks }: Helper, slot: number, work: BlockWork, block: number): void {
  const { run, bytes, results } = work;
  work.fill(block, lane.image(slot));
  blocks[slot] = block;
  lane.offer(slot, { run, bytes, results, given: work.argumentsOf(block) });
}
