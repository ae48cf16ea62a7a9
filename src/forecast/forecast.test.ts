import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import article from '../../spec/article.json' with { type: 'json' };
import { minorityClasses } from '../../spec/rules.js';
import { longTailProfile } from '../data/splits/long-tail.js';
import { longTail } from '../digits/data.js';
import { classAwareBatches } from '../rivals/index.js';
import { type Estimate, type Forecast, type ForecastOptions, forecast } from './index.js';

/** n things out of N, in how many ways. */
function choose(total: number, count: number): number {
  let ways = 1;
  for (let i = 0; i < count; i++) ways = (ways * (total - i)) / (i + 1);
  return ways;
}

/** Per class: means and mean squares; and the share of batches with nothing to compare. */
interface Expected {
  readonly classes: {
    share: number;
    anchors: number;
    triplets: number;
    anchors2: number;
    triplets2: number;
  }[];
  nothing: number;
}

function tally(
  to: Expected,
  sizes: readonly number[],
  labelled: number,
  { rho = 0.5, kappa = 3, anchors = 'all' }: Pick<ForecastOptions, 'rho' | 'kappa' | 'anchors'>,
  weight: number,
): void {
  let triplets = 0;
  for (const k of minorityClasses(sizes, labelled, rho)) {
    const h = sizes[k] as number;
    const as = anchors === 'easy' ? Math.min(h, kappa) : h;
    const its = as * Math.min(kappa, h - 1) * Math.min(kappa, labelled - h);
    const own = to.classes[k] as Expected['classes'][0];
    own.share += weight;
    own.anchors += weight * as;
    own.triplets += weight * its;
    own.anchors2 += weight * as * as;
    own.triplets2 += weight * its * its;
    triplets += its;
  }
  if (triplets === 0) to.nothing += weight;
}

function nothingYet(classes: number): Expected {
  return {
    classes: Array.from({ length: classes }, () => ({
      ...{ share: 0, anchors: 0, triplets: 0, anchors2: 0, triplets2: 0 },
    })),
    nothing: 0,
  };
}

/** Every batch of one attribute, with how often it comes. */
function enumerated(
  counts: readonly number[],
  others: number,
  othersLabelled: boolean,
  options: ForecastOptions,
): Expected {
  const { batchSize: n } = options;
  const found = nothingYet(counts.length);
  const all = choose(
    counts.reduce((a, b) => a + b, others),
    n,
  );
  const visit = (sizes: readonly number[], left: number, ways: number): void => {
    const k = sizes.length;
    if (k < counts.length) {
      const count = counts[k] as number;
      for (let h = 0; h <= Math.min(left, count); h++)
        visit([...sizes, h], left - h, ways * choose(count, h));
    } else if (left <= others)
      tally(found, sizes, othersLabelled ? n : n - left, options, (ways * choose(others, left)) / all);
  };
  visit([], n, 1);
  return found;
}

/** A generator that has nothing in common with that of the forecast (mulberry32). */
function independentRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Batches drawn without replacement, one attribute at a time, each row as its 0/1 classes. */
function simulated(
  rows: readonly (readonly number[])[],
  batches: number,
  options: ForecastOptions,
): Expected {
  const random = independentRandom(1);
  const found = nothingYet(rows[0]?.length ?? 0);
  for (let b = 0; b < batches; b++) {
    const drawn = new Set<number>();
    while (drawn.size < options.batchSize) drawn.add(Math.floor(random() * rows.length));
    const sizes = new Array<number>(found.classes.length).fill(0);
    for (const i of drawn) for (const [k, y] of (rows[i] as number[]).entries()) (sizes[k] as number) += y;
    tally(found, sizes, options.batchSize, options, 1 / batches);
  }
  return found;
}

/** Single-label rows, written as 0 and 1. */
function oneHot(counts: readonly number[]): number[][] {
  return counts.flatMap((count, k) =>
    Array.from({ length: count }, () => counts.map((_, c) => Number(c === k))),
  );
}

/**
 * A forecast agrees with a simulation, within four standard errors of both; that of a share is at most half a point.
 * What a simulation saw in no batch may come in a few of as many.
 */
function expectNear(given: Forecast, expected: Expected, batches: number): void {
  const few = 8 / batches;
  const error = (mean: number, square: number) => Math.sqrt(Math.max(0, square - mean * mean) / batches);
  const near = (
    { value, standardError }: Estimate,
    [mean, square]: readonly [number, number],
    most: number,
    name: string,
  ) => {
    const noise = Math.hypot(standardError, error(mean, square));
    expect(Math.abs(value - mean), name).toBeLessThan(4 * noise + few * most);
    if (most === 1) expect(standardError, `error of ${name}`).toBeLessThanOrEqual(0.005);
  };
  const { nothing } = expected;
  near(given.nothing, [nothing, nothing], 1, 'nothing');
  given.classes.forEach(({ share, anchors, triplets, name }, k) => {
    const other = expected.classes[k] as Expected['classes'][0];
    const most = given.batchSize / 2;
    near(share, [other.share, other.share], 1, `share of ${name}`);
    near(anchors, [other.anchors, other.anchors2], most, `anchors of ${name}`);
    near(triplets, [other.triplets, other.triplets2], most * given.kappa ** 2, `triplets of ${name}`);
  });
}

describe('a forecast of samples with one class each', () => {
  it.each<{ counts: number[]; options: ForecastOptions; others: number }>([
    { counts: [9, 5, 3], options: { batchSize: 6, kappa: 2 }, others: 0 },
    { counts: [9, 5, 3], options: { batchSize: 6, rho: 1 }, others: 0 },
    { counts: [9, 5, 3], options: { batchSize: 9, kappa: 2, anchors: 'easy' }, others: 0 },
    { counts: [9, 8], options: { batchSize: 9, kappa: 1, anchors: 'easy' }, others: 2 },
    { counts: [4, 4, 4, 4], options: { batchSize: 7 }, others: 0 },
    { counts: [4, 4, 4, 4], options: { batchSize: 16 }, others: 0 },
    { counts: [4, 4, 4, 4], options: { batchSize: 1 }, others: 0 },
    { counts: [20, 7, 3, 2], options: { batchSize: 11, rho: 0.37 }, others: 5 },
    { counts: [20, 7, 0, 2], options: { batchSize: 11 }, others: 5 },
    { counts: [30, 20, 10, 5, 2], options: { batchSize: 20, rho: 0.8, kappa: 1 }, others: 4 },
    { counts: [6, 1, 1, 1], options: { batchSize: 5 }, others: 3 },
    { counts: [1, 1, 1], options: { batchSize: 2 }, others: 0 },
    { counts: [5, 5], options: { batchSize: 4, kappa: 1 }, others: 2 },
    { counts: [5, 1], options: { batchSize: 4, rho: 1 }, others: 0 },
    { counts: [3, 2], options: { batchSize: 3, rho: 1 }, others: 4 },
    { counts: [4], options: { batchSize: 2, rho: 1 }, others: 2 },
  ])(
    'is what all batches together give: $counts, $others others, $options',
    ({ counts, options, others }) => {
      const categorical = [
        ...counts.flatMap((count, k) => new Array<number[]>(count).fill([k])),
        ...new Array<number[]>(others).fill([-1]),
      ];
      const asOne = [...oneHot(counts), ...new Array<number[]>(others).fill(counts.map(() => 0))];
      const forms = [
        [forecast(categorical, { ...options, attributes: [counts.length] }), false],
        [forecast(asOne, { ...options, encoding: 'one-attribute' }), true],
        ...(others === 0 ? [[forecast(counts, options), false] as const] : []),
      ] as const;
      for (const [given, othersLabelled] of forms) {
        const expected = enumerated(counts, others, othersLabelled, options);
        expect(given.batches).toBe(0);
        expect(given.nothing.value).toBeCloseTo(expected.nothing, 12);
        given.classes.forEach(({ share, anchors, triplets }, k) => {
          const own = expected.classes[k] as Expected['classes'][0];
          expect(share.value).toBeCloseTo(own.share, 12);
          expect(anchors.value).toBeCloseTo(own.anchors, 11);
          expect(triplets.value).toBeCloseTo(own.triplets, 10);
          expect([share, anchors, triplets].map(({ standardError }) => standardError)).toEqual([0, 0, 0]);
        });
        const sum = (key: 'anchors' | 'triplets') =>
          expected.classes.reduce((total, own) => total + own[key], 0);
        expect(given.anchors.value).toBeCloseTo(sum('anchors'), 10);
        expect(given.triplets.value).toBeCloseTo(sum('triplets'), 9);
      }
    },
  );

  it('gives the three rarest of the digits 42, 20 and 8 % of batches of 128', () => {
    const counts = longTail(500, 100, 10);
    const given = forecast(counts, { batchSize: 128, remedies: false });
    // what trainings counted, in a few hundred steps
    [0.42, 0.2, 0.08].forEach((share, at) => {
      expect(Math.abs((given.classes[7 + at]?.share.value as number) - share)).toBeLessThan(0.02);
    });
    expectNear(given, simulated(oneHot(counts), 8000, { batchSize: 128 }), 8000);
  });

  it('is the same drawn as computed', () => {
    const counts = longTailProfile(300, 0.02, 6);
    const exact = forecast(counts, { batchSize: 24, remedies: false });
    // a sample with two classes leaves nothing exact, and is in one batch of 40
    const rows = [...oneHot(counts), [1, 1, 0, 0, 0, 0]];
    const drawn = forecast(rows, { batchSize: 24, encoding: 'one-attribute', remedies: false });
    expect([exact.batches, drawn.batches > 10_000]).toEqual([0, true]);
    exact.classes.forEach(({ share }, k) => {
      expect(Math.abs(share.value - (drawn.classes[k]?.share.value as number))).toBeLessThan(0.01);
    });
  });

  it('draws where a programme would take too long, and shows the error', () => {
    // counts of ImageNet-LT's kind: 1,000 classes of 1,280 to 5 images, most of them small
    const counts = longTailProfile(1280, 5 / 1280, 1000);
    const given = forecast(counts, { batchSize: 256, remedies: false });
    expect(given.batches).toBeGreaterThanOrEqual(10_000);
    expect(given.nothing.standardError).toBeGreaterThan(0);
    expect(given.anchors.standardError).toBeGreaterThan(0);
    expect(given.anchors.standardError).toBeLessThan(0.05 * given.anchors.value);
    expectNear(given, simulatedClasses(counts, 3000, 256), 3000);
  });
});

/** As `simulated`, for too many classes to write each sample out as 0 and 1. */
function simulatedClasses(counts: readonly number[], batches: number, batchSize: number): Expected {
  const random = independentRandom(2);
  const labels = counts.flatMap((count, k) => new Array<number>(count).fill(k));
  const found = nothingYet(counts.length);
  for (let b = 0; b < batches; b++) {
    const drawn = new Set<number>();
    while (drawn.size < batchSize) drawn.add(Math.floor(random() * labels.length));
    const sizes = new Array<number>(counts.length).fill(0);
    for (const i of drawn) (sizes[labels[i] as number] as number) += 1;
    tally(found, sizes, batchSize, {}, 1 / batches);
  }
  return found;
}

describe('a forecast of samples with several labels', () => {
  /** Rows of five labels, two of which come together. */
  const random = independentRandom(3);
  const rows = Array.from({ length: 400 }, () => {
    const together = random() < 0.1;
    return [random() < 0.6, random() < 0.3, together, together || random() < 0.05, random() < 0.02].map(
      Number,
    );
  });

  it('agrees with a simulation as one attribute', () => {
    for (const batchSize of [8, 24]) {
      const given = forecast(rows, { batchSize, encoding: 'one-attribute', remedies: false });
      expect(given.batches).toBeGreaterThan(10_000);
      expectNear(given, simulated(rows, 20_000, { batchSize }), 20_000);
    }
  });

  it('agrees with a simulation of each label as an attribute, exact but for batches with nothing', () => {
    const rare = rows.map((row) => row.slice(3)); // so that some batches have nothing to compare
    const given = forecast(rare, { batchSize: 12, encoding: 'multi-label', remedies: false });
    const draws = independentRandom(4);
    const found = nothingYet(4);
    let nothing = 0;
    for (let b = 0; b < 20_000; b++) {
      const drawn = new Set<number>();
      while (drawn.size < 12) drawn.add(Math.floor(draws() * rare.length));
      const both = [0, 1].map((j) => {
        const present = [...drawn].reduce((sum, i) => sum + ((rare[i] as number[])[j] as number), 0);
        const own = nothingYet(2);
        tally(own, [12 - present, present], 12, {}, 1 / 20_000);
        own.classes.forEach((its, k) => {
          const to = found.classes[2 * j + k] as Expected['classes'][0];
          for (const key of Object.keys(its) as (keyof typeof its)[]) to[key] += its[key];
        });
        return own.nothing > 0;
      });
      if (both.every((none) => none)) nothing += 1 / 20_000;
    }
    expect(given.classes.map(({ share }) => share.standardError)).toEqual([0, 0, 0, 0]);
    expect(nothing).toBeGreaterThan(0.1);
    expectNear(given, { ...found, nothing }, 20_000);
  });

  it('leaves a sample out of the attributes for which it is unlabelled', () => {
    const rows = [
      ...new Array<number[]>(7).fill([0, -1]),
      ...new Array<number[]>(4).fill([1, -1]),
      ...new Array<number[]>(3).fill([-1, -1]),
    ];
    const options = { batchSize: 6, remedies: false } as const;
    const expected = enumerated([7, 4], 3, false, options);
    const first = rows.map(([label]) => [label as number]);
    const alone = forecast(first, { ...options, encoding: 'multi-label' });
    // the second attribute has one labelled sample, and never anything to compare
    const both = [...rows.slice(0, -1), [-1, 1]];
    const together = forecast(both, { ...options, encoding: 'multi-label' });
    for (const given of [alone, together])
      given.classes.slice(0, 2).forEach(({ share, triplets }, k) => {
        expect(share.value).toBeCloseTo(expected.classes[k]?.share as number, 12);
        expect(triplets.value).toBeCloseTo(expected.classes[k]?.triplets as number, 10);
      });
    const { value, standardError } = together.nothing;
    expect(Math.abs(value - expected.nothing)).toBeLessThan(4 * standardError);
  });

  it('is the article’s batch where a batch is the whole training set', () => {
    const { labels } = article.document;
    const given = forecast(labels, { batchSize: labels.length, encoding: 'one-attribute' });
    const survivors = given.classes.filter(({ share }) => share.value === 1).map((own) => own.class);
    expect(survivors).toEqual([2, 3, 4, 19, 23]);
    expect(given.classes.filter(({ share }) => share.value > 0).length).toBe(5);
    expect(given.anchors).toEqual({ value: 11, standardError: 0 });
    expect(given.triplets).toEqual({ value: 42, standardError: 0 });
    expect(given.nothing.value).toBe(0);
    expect(given.negatives).toBe(3);
    expect(given.positives).toBeCloseTo((8 * 1 + 3 * 2) / 11, 12);
  });
});

describe('a forecast of class-aware batches', () => {
  it('counts what classAwareBatches draws', () => {
    const counts = [40, 9, 5, 2];
    const labels = counts.flatMap((count, k) => new Array<number>(count).fill(k));
    for (const by of ['class', 'sample'] as const) {
      const given = forecast(counts, {
        ...{ batchSize: 10, sampler: 'class-aware', by, perClass: 2, remedies: false },
      });
      const found = nothingYet(4);
      const batches = classAwareBatches(labels, { batchSize: 10, by, perClass: 2, seed: 99 });
      for (let b = 0; b < 20_000; b++) {
        const sizes = [0, 0, 0, 0];
        for (const i of batches.next().value) (sizes[labels[i] as number] as number) += 1;
        tally(found, sizes, 10, {}, 1 / 20_000);
      }
      expectNear(given, found, 20_000);
    }
  });

  it('gives each class its two samples where the batch has room, so that ties decide', () => {
    const given = forecast([100, 10, 10, 10], { batchSize: 8, sampler: 'class-aware', perClass: 2 });
    expect(given.classes.map(({ share }) => share.value)).toEqual([1, 1, 0, 0]);
  });
});

describe('what would mend it', () => {
  it('is the smallest batch in which nine of ten classes are mined in half of the batches', () => {
    const present = [0.3, 0.04, 0.02].map((share) => Math.round(share * 1000));
    const rows = Array.from({ length: 1000 }, (_, i) => present.map((count) => Number(i < count)));
    const options = { encoding: 'multi-label', batchSize: 8 } as const;
    const { remedies } = forecast(rows, options);
    expect(remedies?.batchSize).toMatchObject({ classes: 3, wanted: 3, exact: true });
    const size = remedies?.batchSize.batchSize as number;
    const least = (batchSize: number) =>
      Math.min(
        ...forecast(rows, { ...options, batchSize, remedies: false })
          .classes.filter((own) => own.class === 1)
          .map(({ share }) => share.value),
      );
    expect(least(size)).toBeGreaterThanOrEqual(0.5);
    expect(least(size - 1)).toBeLessThan(0.5);
  });

  it('is found by drawing where classes are many, right to a few per cent', () => {
    const counts = [600, 200, 60, 20];
    const { remedies } = forecast(counts, { batchSize: 16 });
    // the minority classes of the whole set, of which all three must be mined
    expect(remedies?.batchSize).toMatchObject({ classes: 3, wanted: 3, exact: false });
    const share = (batchSize: number) =>
      forecast(counts, { batchSize: Math.round(batchSize), remedies: false }).classes[3]?.share
        .value as number;
    const size = remedies?.batchSize.batchSize as number;
    expect(share(size * 1.07)).toBeGreaterThan(0.5);
    expect(share(size / 1.07)).toBeLessThan(0.5);
  });

  it('is no batch size for classes of one sample', () => {
    const { remedies } = forecast([1, 1, 1], { batchSize: 2 });
    expect(remedies?.batchSize).toMatchObject({ classes: 0, wanted: 0, batchSize: null });
  });
});

describe('counts and labels', () => {
  it('may be typed arrays and ndarrays', () => {
    const plain = forecast([5, 3], { batchSize: 4 });
    expect(forecast(Int32Array.of(5, 3), { batchSize: 4 })).toEqual(plain);
    const labels = ndarray(Int32Array.of(0, 0, 0, 0, 0, 1, 1, 1), [8, 1]);
    expect(forecast(labels, { batchSize: 4 }).anchors).toEqual(plain.anchors);
  });
});

describe('Ω and α of a forecast', () => {
  it('are those of the loss', () => {
    const given = forecast([90, 10], { batchSize: 4, eta: 0.5 });
    expect(given.omega).toBeCloseTo(0.4444, 4);
    expect(given.alpha).toBeCloseTo(0.2222, 4);
    expect(forecast([90, 10], { batchSize: 4, imbalance: 'transport' }).omega).toBe(0.4);
    expect(forecast([90, 10], { batchSize: 4, alpha: 0.3 })).toMatchObject({
      omega: null,
      eta: null,
      alpha: 0.3,
    });
  });
});

describe('the seed of a forecast', () => {
  it('decides every number', () => {
    const rows = Array.from({ length: 60 }, (_, i) => [Number(i < 40), Number(i % 5 === 0)]);
    const given = (seed: number) => forecast(rows, { batchSize: 6, encoding: 'one-attribute', seed });
    expect(given(1)).toEqual(given(1));
    expect(given(1).anchors).not.toEqual(given(2).anchors);
  });
});

describe('a forecast refuses', () => {
  const counts = [5, 3];
  it.each([
    [() => forecast(counts, {} as never), 'options.batchSize: expected an integer from 1 to 8'],
    [
      () => forecast(counts, { batchSize: 9 }),
      'options.batchSize: expected an integer from 1 to 8, the samples of the training set, got 9',
    ],
    [() => forecast(counts, { batchSize: 4, rho: 0 }), 'options.rho'],
    [() => forecast(counts, { batchSize: 4, kappa: 0 }), 'options.kappa'],
    [
      () => forecast(counts, { batchSize: 4, sampler: 'even' as never }),
      'options.sampler: expected plain | class-aware',
    ],
    [
      () => forecast(counts, { batchSize: 4, perClass: 2 }),
      'options.perClass: expected none with sampler plain',
    ],
    [
      () => forecast(counts, { batchSize: 4, sampler: 'class-aware', perClass: 5 }),
      'options.perClass: expected an integer from 1 to 4',
    ],
    [() => forecast(counts, { batchSize: 4, batchsize: 4 } as never), 'options.batchsize'],
    [
      () => forecast(counts, { batchSize: 4, encoding: 'multi-label' }),
      'options.encoding: expected categorical with class counts',
    ],
    [() => forecast(counts, { batchSize: 4, eta: 200 }), 'alpha = eta·Ω'],
    [
      () => forecast(counts, { batchSize: 4, attributes: [3] }),
      'options.attributes: expected one attribute of 2 classes',
    ],
    [() => forecast([0, 0], { batchSize: 1 }), 'counts: expected at least one sample'],
    [() => forecast([1.5, 2], { batchSize: 1 }), 'counts[0]: expected an integer ≥ 0, got 1.5'],
    [() => forecast([], { batchSize: 1 }), 'counts: expected a count for each class'],
    [
      () => forecast([[0], [2]], { batchSize: 1, attributes: [2] }),
      'labels[1][0]: expected an integer from -1 to 1',
    ],
    [
      () => forecast([[2]], { batchSize: 1, encoding: 'one-attribute' }),
      'labels[0][0]: expected an integer from 0 to 1',
    ],
    [() => forecast(null as never, { batchSize: 1 }), 'data: expected class counts, or rows of labels'],
  ])('%s', (call, message) => {
    expect(call).toThrow(message);
  });
});
