import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createSchema, type Encoding } from '../../../spec/index.js';
import { hostLoss } from '../host-loss.js';
import { type BlockWork, setHelpers } from './block-work.js';
import { type Compute, TAKEN } from './lane.js';
import { Pool, type Receiver } from './pool.js';
import { Puppet, servingPool } from './puppet.test-helper.js';

afterEach(() => setHelpers(undefined));

/** What a worker does at a moment: nothing, compute, or begin without finishing. */
const MOVES = ['rest', 'serve', 'begin'] as const;
type Move = (typeof MOVES)[number];

const square: Compute = ({ given }, { floats }) => {
  floats[1] = (floats[0] as number) ** 2;
  return given[0] === 1;
};

/** Squares the numbers from `offset` on, one a block; a block is invalid if its number is the bad one. */
function squaring(blocks: number, offset: number, bad?: number) {
  const found = new Array<number>(blocks).fill(0);
  const times = new Array<number>(blocks).fill(0);
  const note = (block: number, value: number) => {
    found[block] = value;
    times[block] = (times[block] as number) + 1;
  };
  const work: BlockWork = {
    run: 'softmax',
    blocks,
    bytes: 16,
    results: 0,
    argumentsOf: (block) => [Number(block !== bad)],
    fill: (block, { floats }) => {
      floats[0] = offset + block;
    },
    read: (block, { floats }) => note(block, floats[1] as number),
  };
  const here = (block: number) => {
    if (block === bad) return false;
    note(block, (offset + block) ** 2);
    return true;
  };
  return { work, here, found, times };
}

function poolOf(workers: readonly Receiver[]): Pool {
  const pool = new Pool(0, 1);
  for (const worker of workers) pool.add(worker);
  return pool;
}

const anyMoves = fc.array(fc.array(fc.constantFrom(...MOVES), { minLength: 4, maxLength: 4 }), {
  minLength: 1,
  maxLength: 30,
});

describe('sharing blocks with workers', () => {
  it('computes each block once, whatever the workers do, and takes nothing of an earlier batch', () => {
    const seen = { shared: false, abandoned: false };
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 30 }),
        anyMoves,
        (count, blocks, moves) => {
          const puppets = Array.from({ length: count }, () => new Puppet());
          const pool = poolOf(puppets);
          for (const offset of [0, 1000, 2000]) {
            const { work, here, found, times } = squaring(blocks, offset);
            let turn = 0;
            let own = 0;
            const valid = pool.share(work, (block) => {
              const now = moves[turn++ % moves.length] as Move[];
              puppets.forEach((puppet, k) => {
                if (now[k] === 'serve') puppet.serve(square);
                else if (now[k] === 'begin') puppet.begin();
              });
              own++;
              return here(block);
            });
            seen.shared ||= own < blocks;
            seen.abandoned ||= puppets.some(({ lane }) => lane.stateOf(0) === TAKEN);
            expect(valid).toBe(true);
            expect(times).toEqual(new Array(blocks).fill(1));
            expect(found).toEqual(Array.from({ length: blocks }, (_, b) => (offset + b) ** 2));
            for (const puppet of puppets) puppet.finishWrongly(); // too late: the batch is over
          }
        },
      ),
      { seed: 1 },
    );
    expect(seen).toEqual({ shared: true, abandoned: true });
  });

  it('reports a block that is not valid, whoever computed it', () => {
    for (const bad of [0, 3, 9]) {
      for (const serving of [true, false]) {
        const puppet = new Puppet();
        const { work, here } = squaring(10, 0, bad);
        const valid = poolOf([puppet]).share(work, (block) => {
          if (serving) puppet.serve(square);
          return here(block);
        });
        expect(valid).toBe(false);
      }
    }
  });

  it('gives a worker a larger memory where blocks are larger, and closes the one before', () => {
    const puppet = new Puppet();
    const pool = poolOf([puppet]);
    const before = puppet.lane;
    const { work, here } = squaring(5, 0);
    pool.share({ ...work, bytes: 1000 }, here);
    expect(puppet.lane).not.toBe(before);
    expect(puppet.lane.capacity).toBeGreaterThanOrEqual(1000);
    const after = puppet.lane;
    pool.share({ ...work, bytes: 900 }, here);
    expect(puppet.lane).toBe(after);
    before.serve(() => true); // returns, since the lane is closed
  });

  it('leaves out a worker that has ended', () => {
    const puppets = [new Puppet(), new Puppet()];
    const pool = poolOf(puppets);
    expect(pool.size).toBe(2);
    pool.remove(puppets[0] as Puppet);
    expect(pool.size).toBe(1);
    const { work, here, times } = squaring(9, 0);
    pool.share(work, here);
    expect(times).toEqual(new Array(9).fill(1));
    (puppets[0] as Puppet).lane.serve(() => true); // returns, since the lane is closed
  });
});

describe('the whole loss with workers', () => {
  const SCHEMAS: [Encoding, number[]][] = [
    ['categorical', [5]],
    ['categorical', [2, 3, 4]],
    ['categorical', [1025]],
    ['multi-label', [2, 2, 2, 2, 2]],
    ['one-attribute', [513]],
  ];

  it.each(SCHEMAS)(
    '%s labels, %j classes: the same bits for 1, 2 and 5 threads, in blocks of any size',
    (encoding, classes) => {
      const schema = createSchema({ attributes: classes, encoding, fromLogits: true });
      const n = 23;
      const width = schema.scoreWidth;
      const labels = Int32Array.from({ length: n * schema.labelWidth }, (_, at) => (at * 7 + (at >> 2)) % 2);
      const scores = Float32Array.from({ length: n * width }, (_, at) => 5 * Math.sin(at * at));
      const loss = hostLoss({ attributes: classes, encoding, fromLogits: true, alpha: 0.5 });
      const alone = loss.balanced({ labels, scores });
      for (const workers of [0, 1, 4]) {
        for (const rows of [1, 2, 7, 23, 30]) {
          let calls = 0;
          setHelpers(servingPool(workers, rows * width, () => calls++));
          const { gradient, ...shared } = loss.balanced({ labels, scores });
          setHelpers(undefined);
          expect(calls > 0).toBe(workers > 0 && rows < n);
          expect(shared).toEqual({ ...alone, gradient: undefined });
          expect(Buffer.compare(Buffer.from(gradient.buffer), Buffer.from(alone.gradient.buffer))).toBe(0);
        }
      }
    },
  );

  it('a logit that is not finite is refused by name, in a block of any thread', () => {
    const scores = new Float32Array(40 * 5);
    const labels = new Int32Array(40);
    const loss = hostLoss({ attributes: [5], fromLogits: true, alpha: 0.5 });
    for (const row of [0, 17, 39]) {
      setHelpers(servingPool(1, 5));
      const bad = scores.with(5 * row + 2, Number.NaN);
      expect(() => loss.balanced({ labels, scores: bad })).toThrow(`scores[${row}][2]`);
    }
  });

  it('small batches are not shared', () => {
    const pool = new Pool();
    pool.share = () => {
      throw new Error('was asked to share a small batch');
    };
    setHelpers(pool);
    const loss = hostLoss({ attributes: [2], fromLogits: true });
    expect(loss.balanced({ labels: Int32Array.of(0, 1), scores: new Float32Array(4) }).loss).toBe(0);
  });
});
