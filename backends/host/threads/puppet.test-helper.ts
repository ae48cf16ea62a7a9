/**
 * Workers on the calling thread, which do something only when they are told to: what the threads of a test do, and
 * when, does not depend on the machine.
 *
 * @module
 */
import { computeCall } from './compute-call.js';
import { type Compute, DONE, Lane, OFFERED, SLOTS, TAKEN } from './lane.js';
import { Pool, type Receiver } from './pool.js';

/** A worker. */
export class Puppet implements Receiver {
  lane!: Lane;
  private readonly begun: { lane: Lane; slot: number }[] = [];

  postMessage(memory: SharedArrayBuffer): void {
    this.lane = new Lane(memory);
  }

  /** Computes what is offered. */
  serve(compute: Compute): void {
    this.lane.serveOffered(compute);
  }

  /** Takes what is offered, and leaves it unfinished. */
  begin(): void {
    for (let slot = 0; slot < SLOTS; slot++)
      if (this.lane.move(slot, OFFERED, TAKEN)) this.begun.push({ lane: this.lane, slot });
  }

  /** Finishes what has been begun, with results that no right block has. */
  finishWrongly(): void {
    for (const { lane, slot } of this.begun.splice(0)) {
      lane.image(slot).floats.fill(-1);
      lane.move(slot, TAKEN, DONE);
    }
  }
}

/**
 * A pool whose workers compute what they are offered whenever the calling thread computes a block.
 *
 * @param block - how many scores a block has; batches of any size are shared
 * @param onCall - is told of every block that a worker computes
 */
export function servingPool(workers: number, block: number, onCall = () => {}): Pool {
  const puppets = Array.from({ length: workers }, () => new Puppet());
  const pool = new Pool(0, block);
  for (const puppet of puppets) pool.add(puppet);
  const share = pool.share.bind(pool);
  const compute: Compute = (call, image) => {
    onCall();
    return computeCall(call, image);
  };
  pool.share = (work, here) =>
    share(work, (at) => {
      for (const puppet of puppets) puppet.serve(compute);
      return here(at);
    });
  return pool;
}
